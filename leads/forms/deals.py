"""Forms of deals: each parses what one verb of `leads.closing` takes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.currency import CurrencyField
from engine.moments import day_in_reach, in_reach
from leads import closing
from leads.forms.leads import not_over, to_come
from leads.forms.obstacles import MetForm
from pipeline import rivals
from pipeline.models import (
    Deal,
    DealContact,
    DealKind,
    DealLine,
    FieldOwner,
    OutcomeReason,
    Product,
    Receipt,
)
from pipeline.own_fields import OwnFieldsForm
from ui import formats
from ui.forms import Form, ModelForm, MomentInput, MoneyField
from ui.inline import Inline


class OpenForm(Form):
    """A deal is opened after the talk: amount, close date and the next step are what it needs, and a company.

    `lead`: of whose contact no company is known it asks for one. `owes_contact`: nobody has written down how they
    talked, so it asks for that.
    """

    talked = forms.ChoiceField(
        label=_("How did you talk?"),
        choices=[(kind.value, kind.label) for kind in closing.TALKS],
        widget=forms.RadioSelect,
        help_text=_("It is logged as the first contact and stops its clock."),
    )

    firm = forms.CharField(label=_("Company"), max_length=300)
    name = forms.CharField(label=pgettext_lazy("of a deal", "Name"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind"), choices=DealKind.choices, initial=DealKind.NEW)
    amount = MoneyField(label=_("Amount, net of tax"), min_value=0)
    currency = CurrencyField()
    expected_close = forms.DateField(label=_("Expected close"), validators=[day_in_reach])
    next_step = forms.CharField(label=_("Next step"), max_length=300)
    next_step_due = forms.DateTimeField(label=_("By when"), widget=MomentInput, validators=[in_reach])

    def __init__(self, *args, lead=None, owes_contact=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not owes_contact:
            del self.fields["talked"]
        if lead is None or lead.contact.company_id:
            del self.fields["firm"]

    def clean_expected_close(self):
        """A day that is not over: what is opened today closes today at the earliest."""
        return not_over(self.cleaned_data["expected_close"])

    def clean_next_step_due(self):
        """A moment of today or later."""
        moment = self.cleaned_data["next_step_due"]
        not_over(timezone.localdate(moment))
        return moment


class FactsForm(OwnFieldsForm, ModelForm):
    """What of a deal may be changed without a verb."""

    own = FieldOwner.DEAL
    amount = MoneyField(label=_("Amount, net of tax"), min_value=0)

    class Meta:
        model = Deal
        fields = [
            "name",
            "amount",
            "currency",
            "expected_close",
            "category",
            "product",
            "partner",
            "contract_until",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.filter(active=True)
        self.fields["partner"].queryset = self.fields["partner"].queryset.filter(is_partner=True)
        self.fields["expected_close"].required = True

    @property
    def changes(self):
        """What `closing.change` takes: the facts, and the own fields as attributes."""
        facts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**facts, "attributes": self.instance.attributes}


class ContractForm(ModelForm):
    """When the contract of a won deal ends: the one fact that may come after the win."""

    class Meta:
        model = Deal
        fields = ["contract_until"]

    @property
    def changes(self):
        """What `closing.change` takes."""
        return {"contract_until": self.cleaned_data["contract_until"]}


DEAL_FIELDS = ("amount", "expected_close", "category", "product", "partner", "contract_until")
DEAL = Inline(
    "leads:deal-field",
    "leads:deal",
    FactsForm,
    DEAL_FIELDS,
    {"amount": lambda deal: formats.money(deal.amount, deal.currency)},
)
CONTRACT = Inline("leads:deal-field", "leads:deal", ContractForm, ("contract_until",))


class CloseForm(Form):
    """A deal ends. Where it lacks what the stages ask, whoever may lets it pass with a sentence."""

    passing = forms.CharField(
        label=_("Let it pass: in a sentence"),
        max_length=400,
        required=False,
        help_text=_("It stays with the deal's changes."),
    )
    field_order = ("reason", "signed_on", "note", "rival", "rival_price", "wake_at", "passing")


class WinForm(CloseForm):
    """Why it was won, and when it was signed."""

    reason = forms.ModelChoiceField(None, label=_("Why was it won?"))
    signed_on = forms.DateField(label=_("Signed on"), validators=[day_in_reach])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = OutcomeReason.objects.filter(outcome="won", active=True)


class LoseForm(CloseForm, MetForm):
    """Why it was lost, to whom, and when to ask again."""

    currency = ""  # of the deal, in which the price is

    reason = forms.ModelChoiceField(None, label=_("Why was it lost?"))
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    rival = forms.CharField(label=_("Who got it instead"), max_length=100, required=False)
    rival_price = MoneyField(label=_("At what price, net of tax"), required=False, min_value=0)
    wake_at = forms.DateField(
        label=_("Ask again on"),
        required=False,
        help_text=_("Its lead sleeps until then, with its rep. Empty: as the reason says."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = OutcomeReason.objects.filter(outcome="lost", active=True)
        self.rivals = rivals.known()
        if self.rivals:
            self.fields["rival"].widget.attrs["list"] = "rivals"
        self.order_fields(["reason", "note", "rival", "rival_price", "obstacle", "wake_at"])

    def clean_wake_at(self):
        """A day to come as its first moment; none leaves it to the reason."""
        day = self.cleaned_data["wake_at"]
        return to_come(day) if day else None


class ReopenForm(Form):
    """Why a closed deal is open again."""

    reason = forms.CharField(label=_("Why is it open again?"), max_length=500)

    def __init__(self, *args, renewal=None, may_take_back=False, **kwargs):
        """`renewal` is the open renewal of the contract where somebody has worked on it."""
        super().__init__(*args, **kwargs)
        if renewal is not None:
            ways = closing.WithRenewal
            choices = ways.choices if may_take_back else [(ways.KEEP.value, ways.KEEP.label)]
            label = _("What becomes of its renewal “%(deal)s”, on which somebody has worked?")
            self.fields["renewal"] = forms.ChoiceField(
                label=label % {"deal": renewal.name}, choices=choices, widget=forms.RadioSelect
            )


class CancelForm(Form):
    """How much of a won deal is cancelled, when and why. `left`: what can still be."""

    amount = MoneyField(label=_("Amount cancelled, net of tax"), min_value=0)
    on = forms.DateField(
        label=_("Cancelled on"),
        validators=[day_in_reach],
        help_text=_("It counts in the month of this day; the month of the win stays as it was."),
    )
    reason = forms.CharField(label=_("Why was it cancelled?"), max_length=500)

    def __init__(self, *args, deal, left, **kwargs):
        super().__init__(*args, **kwargs)
        self.currency = deal.currency
        if left is not None:
            said = _("In %(currency)s. %(left)s is left of the deal.")
            self.fields["amount"].help_text = said % {
                "currency": deal.currency,
                "left": formats.money(left, deal.currency),
            }


class LineForm(ModelForm):
    """A product in the deal."""

    unit_price = MoneyField(label=_("Unit price"), min_value=0)

    class Meta:
        model = DealLine
        fields = ["product", "quantity", "unit_price", "discount"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.currency = self.instance.deal.currency if self.instance.deal_id else ""
        self.fields["product"].queryset = Product.objects.filter(active=True)


class DealContactForm(ModelForm):
    """A contact and their part in the deal: people of its company or of its leads."""

    class Meta:
        model = DealContact
        fields = ["contact", "role"]

    def __init__(self, *args, deal, **kwargs):
        super().__init__(*args, **kwargs)
        people = closing.people_of(deal).exclude(pk__in=deal.deal_contacts.values("contact"))
        self.fields["contact"].queryset = people.order_by("full_name")


class ReceiptForm(ModelForm):
    """Money that came on a won deal."""

    amount = MoneyField(label=_("Amount, net of tax"), help_text=_("Negative where it was paid back."))

    class Meta:
        model = Receipt
        fields = ["on", "amount", "currency", "note"]
