"""The facts of people and teams that have dates."""

from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.dated.facts import Many, Number, One, Word
from accounts.models import Region, RepKind, Role, Segment, Team, Track, User

PERSON, TEAM = "accounts.User", "accounts.Team"
REP: dict[str, Any] = {
    "subject": PERSON,
    "table": "accounts_repprofile",
    "key": "user_id",
    "only": {"rep__isnull": False},
}
PROFILE: dict[str, Any] = {"permission": "accounts.change_repprofile", "guarded": "rep"}
WITHIN: dict[str, Any] = {
    "empty": _("all"),
    "subject": PERSON,
    "owner": "accounts_repprofile",
    "own": "repprofile_id",
    "key": "user_id",
    "only": REP["only"],
}


def here():
    """Those who may be named: who may sign in and are no machine."""
    return User.objects.filter(is_active=True).exclude(role=Role.SERVICE).order_by("full_name")


def _team():
    return forms.ModelChoiceField(
        Team.objects.order_by("name"), label=_("Team"), required=False, empty_label=_("none")
    )


def _head():
    return forms.ModelChoiceField(here(), label=_("Head"), required=False, empty_label=_("none"))


def _head_of():
    return forms.ChoiceField(
        label=_("Head of track"), choices=[("", _("none")), *Track.choices], required=False
    )


def _kind():
    return forms.ChoiceField(label=_("Kind"), choices=RepKind.choices)


def _weight():
    return forms.DecimalField(
        label=_("Weight"), max_digits=6, decimal_places=2, validators=[MinValueValidator(0.01)],
        help_text=_("2 gets twice as many as 1."),
    )  # fmt: skip


def _capacity():
    return forms.IntegerField(label=_("Open leads at most"), min_value=0, max_value=1_000_000)


def _regions():
    return forms.ModelMultipleChoiceField(
        Region.objects.all(), label=_("Regions"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None: every region."),
    )  # fmt: skip


def _segments():
    return forms.ModelMultipleChoiceField(
        Segment.objects.all(), label=_("Segments"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None: every segment."),
    )  # fmt: skip


FACTS = (
    One("team", _("Team"), PERSON, "accounts_user", "team_id", _team, "accounts.change_team", of=TEAM),
    Word("head_of", _("Head of track"), PERSON, "accounts_user", "head_of", _head_of, "accounts.manage_people"),
    Word("kind", _("Kind of rep"), column="kind", asks=_kind, **REP, **PROFILE),
    Number("weight", _("Weight"), column="weight", asks=_weight, cast="numeric", **REP, **PROFILE),
    Number(
        "capacity", _("Open leads at most"), column="capacity", asks=_capacity,
        also=", cap_ceiling = greatest({value}, t.open_n)", **REP, **PROFILE,
    ),
    Many(
        "regions", _("Regions"), table="accounts_repprofile_regions", column="region_id", asks=_regions,
        of="accounts.Region", **WITHIN, **PROFILE,
    ),
    Many(
        "segments", _("Segments"), table="accounts_repprofile_segments", column="segment_id", asks=_segments,
        of="accounts.Segment", **WITHIN, **PROFILE,
    ),
    One("head", _("Head of the team"), TEAM, "accounts_team", "head_id", _head, "accounts.change_team"),
)  # fmt: skip
