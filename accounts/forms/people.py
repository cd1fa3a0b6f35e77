"""Forms of people, teams and access tokens."""

import zoneinfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import absences, organisation
from accounts.models import RepProfile, Role, Scope, Team, User
from ui.forms import Form, ModelForm

ZONES = sorted(
    name
    for name in zoneinfo.available_timezones()
    if name == "UTC" or ("/" in name and not name.startswith("Etc/"))
)


def language_field():
    """A language of the interface, or the browser's."""
    choices = [("", _("as the browser asks")), *settings.LANGUAGES]
    return forms.ChoiceField(label=_("Language"), choices=choices, required=False)


def zone_field():
    """A time zone, or the organisation's."""
    choices = [("", _("as the organisation")), *((name, name) for name in ZONES)]
    return forms.ChoiceField(label=_("Time zone"), choices=choices, required=False)


class PersonForm(ModelForm):
    """Who somebody is and what they may do."""

    language = language_field()

    class Meta:
        model = User
        fields = ["full_name", "email", "role", "head_of", "team", "language"]
        help_texts = {
            "head_of": _("Heads read and change everything, and sign the agreement for their track.")
        }

    def clean_email(self):
        """One account for an address, in any case."""
        email = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody has this address already."))
        return email

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("head_of") and cleaned.get("role") in (Role.FINANCE, Role.SERVICE):
            self.add_error("head_of", _("A head works in marketing, sales or management."))
        return cleaned


class ProfileForm(ModelForm):
    """What people may change about themselves."""

    language = language_field()
    zone = zone_field()

    class Meta:
        model = User
        fields = ["full_name", "language", "zone", "digest"]


class RepForm(ModelForm):
    """What routing knows of a rep."""

    class Meta:
        model = RepProfile
        fields = ["kind", "weight", "capacity", "accepting", "regions", "segments"]
        widgets = {"regions": forms.CheckboxSelectMultiple, "segments": forms.CheckboxSelectMultiple}
        help_texts = {
            "weight": _("2 gets twice as many as 1."),
            "regions": _("None: every region."),
            "segments": _("None: every segment."),
        }


class AbsenceForm(Form):
    """Days on which a rep is offered nothing."""

    first = forms.DateField(label=_("First day"), validators=absences.SENSIBLE)
    last = forms.DateField(label=_("Last day"), validators=absences.SENSIBLE)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean(self):
        cleaned = super().clean()
        if {"first", "last"} <= cleaned.keys() and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("The last day is before the first day."))
        return cleaned

    def save(self, rep, at):
        """Keep the absence, in days of where the reader is."""
        said, zone = self.cleaned_data, timezone.get_current_timezone()
        return absences.note(rep, said["first"], said["last"], said["note"], zone, at)


class TeamForm(ModelForm):
    """A team of one track."""

    class Meta:
        model = Team
        fields = ["name", "track", "head", "region", "calendar"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["head"].queryset = (
            User.objects.filter(is_active=True).exclude(role=Role.SERVICE).order_by("full_name")
        )


class OnForm(Form):
    """The day that a page shows."""

    on = forms.DateField(label=_("On"), required=False)


class MoveForm(Form):
    """From a day on somebody belongs to another team, or to none."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Who"))
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"), label=_("To the team"), required=False, empty_label=_("to none")
    )
    day = forms.DateField(
        label=pgettext_lazy("day", "From"),
        help_text=_("A day ahead plans the change; a day gone by tells of one that was not noted then."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = (
            User.objects.filter(is_active=True).exclude(role=Role.SERVICE).order_by("full_name")
        )

    def since(self, at):
        """The moment from which it holds: the day's first in the organisation's zone, today's at once."""
        day = self.cleaned_data["day"]
        return at if day == organisation.today(at) else organisation.midnight(day)


class TokenForm(Form):
    """A new access token."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, initial=[Scope.READ], widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("For how long"),
        choices=[(90, _("90 days")), (365, _("a year")), ("", _("until it is revoked"))],
        coerce=int,
        empty_value=None,
        required=False,
        initial=365,
    )
