"""What the REST API takes and shows of deals."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.unheard import Heard
from engine.moments import day_in_reach, in_reach
from leads import closing
from leads.api.shapes import to_come
from leads.models import Lead
from pipeline.api.shapes import CurrencyField
from pipeline.models import (
    Company,
    Contact,
    Deal,
    DealContact,
    DealKind,
    DealLine,
    DealStage,
    OutcomeReason,
    Product,
    Step,
)


class DealSerializer(serializers.ModelSerializer):
    """A deal as lists show it. Amounts are net of tax; `base_amount` and `cost` in the report currency."""

    stage_code = serializers.CharField(source="stage.code", read_only=True)
    company_name = serializers.CharField(source="company.name", read_only=True, allow_null=True)
    outcome_reason_code = serializers.CharField(source="outcome_reason.code", read_only=True, allow_null=True)
    grade = serializers.CharField(
        read_only=True, allow_null=True, help_text="of the lead that led to it, now"
    )
    grade_accepted = serializers.CharField(
        read_only=True, allow_null=True, help_text="with which sales accepted that lead"
    )

    class Meta:
        model = Deal
        fields = [
            "id", "name", "company", "company_name", "kind", "stage_code", "owner", "grade", "grade_accepted", "amount", "currency", "base_amount",
            "cost", "expected_close", "opened_at", "signed_on", "closed_at", "outcome", "outcome_reason_code",
            "outcome_note", "rival", "rival_price", "category", "product", "partner", "contract_until", "renews", "source", "external_id", "updated_at",
        ]  # fmt: skip


class DealWithoutCostSerializer(DealSerializer):
    """A deal as those see it who may not see costs."""

    class Meta(DealSerializer.Meta):
        fields = [name for name in DealSerializer.Meta.fields if name != "cost"]


class ReopenedSerializer(DealSerializer):
    """A deal that is open again; `renewal_taken_back` is the id of its renewal where that went with it."""

    renewal_taken_back = serializers.IntegerField(allow_null=True)

    class Meta(DealSerializer.Meta):
        fields = [*DealSerializer.Meta.fields, "renewal_taken_back"]


class OpenedSerializer(DealSerializer):
    """A deal just opened. `owes_contact`: nobody told how they talked, so the clock of the first contact runs on."""

    owes_contact = serializers.BooleanField()

    class Meta(DealSerializer.Meta):
        fields = [*DealSerializer.Meta.fields, "owes_contact"]


class OpenSerializer(Heard, serializers.Serializer):
    """A deal is opened after the talk: it needs an amount, a close month and a next step.

    With a lead the company is that of its contact; one without becomes a person of `company`, or of the company called `firm`.
    `talked` says how they talked: where no contact of ours is logged since the lead was accepted, that is the first one;
    without it the clock of the first contact runs on, and the answer says so (`owes_contact`).
    """

    talked = serializers.ChoiceField(
        [(kind.value, kind.label) for kind in closing.TALKS], default="", allow_blank=True
    )
    firm = serializers.CharField(max_length=300, default="", allow_blank=True)
    lead = serializers.PrimaryKeyRelatedField(queryset=Lead.objects.all(), default=None, allow_null=True)
    company = serializers.PrimaryKeyRelatedField(
        queryset=Company.objects.all(), default=None, allow_null=True
    )
    name = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField(DealKind.choices, default=DealKind.NEW)
    amount = serializers.DecimalField(max_digits=18, decimal_places=4, min_value=0)
    currency = CurrencyField()
    expected_close = serializers.DateField(validators=[day_in_reach])
    next_step = serializers.CharField(max_length=300)
    next_step_due = serializers.DateTimeField(validators=[in_reach])

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        if user:
            self.fields["lead"].queryset = Lead.objects.visible_to(user)
            self.fields["company"].queryset = Company.objects.visible_to(user)


class ChangeSerializer(serializers.ModelSerializer):
    """What of a deal may be changed without a verb."""

    class Meta:
        model = Deal
        fields = [
            "name", "amount", "currency", "expected_close", "category", "product", "partner", "contract_until",
        ]  # fmt: skip

    def validate_partner(self, partner):
        """A dealer, as on the page; whom it has may stay."""
        if partner and not partner.is_partner and partner.pk != self.instance.partner_id:
            raise serializers.ValidationError(_("This company is no dealer."))
        return partner


def _passing(longest):
    return serializers.CharField(
        max_length=longest,
        required=False,
        help_text="a head of sales' sentence that lets it pass what the stage asks for",
    )


class StageSerializer(Heard, serializers.Serializer):
    """The stage to move to, by its code."""

    stage = serializers.SlugRelatedField("code", queryset=DealStage.objects.open())
    passing = _passing(500)


class WinSerializer(Heard, serializers.Serializer):
    """Why it was won, and when it was signed."""

    reason = serializers.SlugRelatedField(
        "code", queryset=OutcomeReason.objects.filter(outcome="won", active=True)
    )
    signed_on = serializers.DateField(validators=[day_in_reach])
    passing = _passing(400)


class LoseSerializer(Heard, serializers.Serializer):
    """Why it was lost. `wake_at`: until when its lead sleeps, with its rep; null leaves that to the reason."""

    reason = serializers.SlugRelatedField(
        "code", queryset=OutcomeReason.objects.filter(outcome="lost", active=True)
    )
    note = serializers.CharField(max_length=500, default="", allow_blank=True)
    rival = serializers.CharField(
        max_length=100, default="", allow_blank=True, help_text="who got it instead"
    )
    rival_price = serializers.DecimalField(
        18, 4, min_value=0, default=None, allow_null=True, help_text="in the deal's currency, net of tax"
    )
    wake_at = serializers.DateTimeField(default=None, allow_null=True, validators=[in_reach, to_come])
    passing = _passing(400)


class ReopenSerializer(Heard, serializers.Serializer):
    """Why a closed deal is open again, and of its renewal, where somebody has worked on that, what becomes of it."""

    reason = serializers.CharField(max_length=500)
    renewal = serializers.ChoiceField(
        closing.WithRenewal.choices, required=False, allow_blank=True, default=""
    )


class LineSerializer(Heard, serializers.ModelSerializer):
    """A product in the deal."""

    product = serializers.SlugRelatedField("code", queryset=Product.objects.all())

    class Meta:
        model = DealLine
        fields = ["id", "product", "quantity", "unit_price", "discount", "unit_cost"]
        read_only_fields = ["unit_cost"]
        withheld = {"unit_cost"}


class DealContactSerializer(Heard, serializers.ModelSerializer):
    """A contact and their part in the deal."""

    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.surviving())

    class Meta:
        model = DealContact
        fields = ["id", "contact", "role"]

    def validate_contact(self, contact):
        """Only people of its company or of its leads, as on the page: adding one shows who they are."""
        if not closing.people_of(self.context["deal"]).filter(pk=contact.pk).exists():
            raise serializers.ValidationError(_("Choose somebody of the deal's company or of its leads."))
        return contact


class StepSerializer(Heard, serializers.ModelSerializer):
    """What is to be done, by whom, by when. It is done by POST /steps/{id}/done/."""

    class Meta:
        model = Step
        fields = ["id", "what", "owner", "due_at", "done_at"]
        read_only_fields = ["done_at"]
        extra_kwargs = {"due_at": {"validators": [in_reach]}}


class DealWholeSerializer(DealSerializer):
    """A deal with its lines, its people and what is to be done."""

    lines = LineSerializer(many=True, read_only=True)
    contacts = DealContactSerializer(many=True, read_only=True)
    steps = StepSerializer(many=True, read_only=True)

    class Meta(DealSerializer.Meta):
        fields = [*DealSerializer.Meta.fields, "lines", "contacts", "steps"]
