"""Forms of leads: capture by hand, the desk's facts and answers, logging, offering, setting aside."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Role
from engine.moments import LAST, in_reach
from leads.capture import Captured
from leads.forms.books import sellers
from leads.forms.obstacles import MetForm
from leads.forms.reach import Reachable
from leads.handoffs import corrections
from leads.models import ReturnReason, TouchKind
from pipeline import helping
from pipeline.channels import Channel
from pipeline.forms.steps import ForWhom
from pipeline.models import Campaign, Product
from ui.forms import Form, MomentInput

ASIDE = (
    ("robot", _("A robot")),
    ("competitor", _("A competitor")),
    ("student", _("A student")),
    ("spam", _("Spam")),
    ("unfit", _("Does not fit")),
)
OURS = (TouchKind.CALL, TouchKind.MEETING, TouchKind.MAIL, TouchKind.CHAT, TouchKind.SERVICE_VISIT)
# What they said to us: how it is called, the kind of touch, and what begins its note.
THEIRS = {
    "question": (_("A question"), TouchKind.FEEDBACK),
    "complaint": (_("A complaint"), TouchKind.COMPLAINT),
    "good": (_("Good feedback"), TouchKind.FEEDBACK),
    "middling": (_("Middling feedback"), TouchKind.FEEDBACK),
    "bad": (_("Bad feedback"), TouchKind.FEEDBACK),
}


class NewLeadForm(Reachable, Form):
    """A lead taken in by hand: whatever is known, but one way to reach the person."""

    full_name = forms.CharField(label=_("Full name"), max_length=300, required=False)
    company = forms.CharField(label=_("Company"), max_length=300, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=320, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=60, required=False, help_text=_("With the country code")
    )
    wechat = forms.CharField(label=_("WeChat"), max_length=100, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    country = forms.CharField(label=_("Country"), max_length=100, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.OTHER)
    campaign = forms.ModelChoiceField(None, label=_("Campaign"), required=False)
    kind = forms.ChoiceField(label=_("What happened"), choices=TouchKind.choices, initial=TouchKind.CALL)
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user).order_by("name")
        if user.role in (Role.SALES, Role.MANAGER):
            self.fields["channel"].initial = Channel.SALES_OWN

    def clean(self):
        """Somebody without any name or address could never be found again."""
        given = super().clean()
        if not any(self.data.get(name, "").strip() for name in ("email", "phone", "wechat", "full_name")):
            raise forms.ValidationError(_("Give a name, or at least one way to reach them."))
        return given

    def captured(self):
        """What `leads.capture` takes."""
        return Captured(**self.cleaned_data)


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label=_("Why?"), max_length=300)


def to_come(day):
    """The first moment of a day in the reader's zone. Raises ValidationError where it is not still to come."""
    if day <= timezone.localdate():
        raise forms.ValidationError(_("Choose a day to come."))
    if day >= LAST.date():
        in_reach(LAST)
    return datetime.combine(day, time(), timezone.get_current_timezone())


def not_over(day):
    """The day, where it is today in the reader's zone or later. Raises ValidationError otherwise."""
    if day < timezone.localdate():
        raise forms.ValidationError(_("This day is over. Choose today or a day to come."))
    return day


class NurtureForm(ReasonForm):
    """Why not now, and when to ask again."""

    until = forms.DateField(label=_("Wake up on"))

    def clean_until(self):
        """A day that is still to come, as its first moment in the reader's zone."""
        return to_come(self.cleaned_data["until"])


class DisqualifyForm(Form):
    """What is wrong with it."""

    code = forms.ChoiceField(label=_("What is it?"), choices=ASIDE)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    @property
    def words(self):
        """The reason as the history keeps it."""
        label = str(dict(ASIDE)[self.cleaned_data["code"]])
        return f"{label}: {self.cleaned_data['note']}" if self.cleaned_data["note"] else label


class ReturnForm(MetForm):
    """Why a lead is returned; the reason decides where it goes."""

    reason = forms.ModelChoiceField(ReturnReason.objects.filter(active=True), label=_("Why?"))
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    wake_at = forms.DateField(
        label=_("Ask again on"), required=False, help_text=_("Only for “not ready” and “no budget”")
    )
    region = forms.ModelChoiceField(
        Region.objects.all(),
        label=_("The right region"),
        required=False,
        help_text=_("Only for “wrong region”"),
    )
    product = forms.ModelChoiceField(
        Product.objects.filter(active=True), label=_("The right product"), required=False,
        help_text=_("Only for “wrong product”"),
    )  # fmt: skip

    def __init__(self, *args, lead, **kwargs):
        self.lead = lead
        super().__init__(*args, **kwargs)
        self.order_fields(["reason", "note", "obstacle"])
        chosen = str(self.data.get("reason") or self.initial.get("reason") or "")
        reason = self.fields["reason"].queryset.filter(pk=chosen).first() if chosen.isdecimal() else None
        if asked := reason and corrections.asked(reason):
            # One tap on the phone chose the reason: nothing is left to ask but what is right.
            self.fields = {
                name: field for name, field in self.fields.items() if name in ("reason", "note", asked)
            }
            question = corrections.missing(lead, reason, {}).get(asked, "")
            right = self.fields[asked]
            right.required, right.help_text, right.error_messages["required"] = (
                bool(question),
                question,
                question,
            )

    @classmethod
    def asking(cls, posted, *, lead):
        """The form that asks what is right, not red yet, where `posted` gives a reason that asks and no such field; or None."""
        form = cls(initial={name: posted[name] for name in ("reason", "note") if name in posted}, lead=lead)
        asked = [
            name for name in corrections.ASKS.values() if name in form.fields and form.fields[name].required
        ]
        return form if asked and asked[0] not in posted else None

    def clean(self):
        """A lead of the wrong region or product says which is right, or the same reps would be asked again."""
        given = super().clean()
        if reason := given.get("reason"):
            for name, why in corrections.missing(self.lead, reason, given).items():
                if name not in self.errors:
                    self.add_error(name, why)
        return given

    def clean_wake_at(self):
        """A day to come as its first moment; none leaves it to the reason."""
        day = self.cleaned_data["wake_at"]
        return to_come(day) if day else None


class OfferForm(Form):
    """Whom to offer it to."""

    rep = forms.ModelChoiceField(None, label=_("Rep"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rep = self.fields["rep"]
        rep.queryset = sellers()
        # shown as of a few seconds ago; who is chosen is looked for afresh
        rep.choices = [("", rep.empty_label), *((one.pk, one.name) for one in helping.PEOPLE() if one.sells)]


class LogForm(Form):
    """A dealing that just happened: ours with the contact, reached or not, or what they said to us."""

    kind = forms.ChoiceField(
        label=_("What"),
        choices=[
            (_("With them"), [(kind.value, kind.label) for kind in OURS]),
            (_("From them"), [(code, label) for code, (label, _kind) in THEIRS.items()]),
        ],
    )
    outcome = forms.ChoiceField(
        label=_("How it went"),
        choices=[("reached", _("Reached")), ("missed", _("Not reached")), ("inbound", _("They came to us"))],
        initial="reached",
        required=False,
        help_text=_("What comes from them needs no answer here."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self):
        """What they said is kept in words, and of our attempts how they went."""
        given = super().clean()
        if given.get("kind") in THEIRS and not given.get("note"):
            self.add_error("note", _("Say in a few words what they said."))
        if given.get("kind") in OURS and not given.get("outcome"):
            self.add_error("outcome", _("Say how it went."))
        return given

    @property
    def facts(self):
        """What `capture.log_touch` takes."""
        kind, outcome, note = (self.cleaned_data[name] for name in ("kind", "outcome", "note"))
        if kind in THEIRS:
            label, kept = THEIRS[kind]
            said = note if kept == TouchKind.COMPLAINT else f"{label}: {note}"
            return {"kind": kept, "outbound": False, "reached": None, "note": said}
        return {"kind": kind, "outbound": outcome != "inbound", "reached": outcome != "missed", "note": note}


class WhoLogForm(LogForm):
    """The same, with one of several people."""

    field_order = ("contact",)
    contact = forms.ModelChoiceField(None, label=_("With whom"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = people
        if (first := people.first()) is not None:
            self.fields["contact"].initial = first.pk


class CloseForm(Form):
    """What was done about a complaint."""

    done = forms.CharField(
        label=_("What was done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class LeadStepForm(ForWhom, Form):
    """What is to be done, by when, and for whom."""

    what = forms.CharField(label=_("What"), max_length=300)
    due_at = forms.DateTimeField(label=_("By when"), widget=MomentInput, validators=[in_reach])

    def __init__(self, *args, **kwargs):
        tomorrow = timezone.localtime() + timedelta(days=1)
        kwargs.setdefault("initial", {"due_at": tomorrow.replace(minute=0, second=0, microsecond=0)})
        super().__init__(*args, **kwargs)
