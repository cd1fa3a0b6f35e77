"""Who may contact whom, when and how: the phases of a person, the ways of contact, and what was agreed of each."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Track
from pipeline.stages import RESPONSIBLE, Stage


class Phase(models.TextChoices):
    """Where a person stands, as far as it matters for whoever contacts them."""

    BEFORE = "before", _("Before sales")
    SALES = "sales", _("With sales")
    DEAL = "deal", _("In a deal")
    CUSTOMER = "customer", _("Won")
    ASLEEP = "asleep", _("Asleep or set aside")


class Way(models.TextChoices):
    """How somebody is contacted. Mail that machines send is a mailing."""

    CALL = "call", pgettext_lazy("way of contact", "Call")
    MEETING = "meeting", pgettext_lazy("way of contact", "Meeting")
    MAIL = "mail", _("Personal mail or chat")
    MAILING = "mailing", _("Mailing")


class Other(models.TextChoices):
    """What the track that is not responsible may do."""

    FREE = "free", pgettext_lazy("the other track may contact", "freely")
    TELL = "tell", pgettext_lazy("the other track may contact", "tells first")
    NOT = "not", pgettext_lazy("the other track may contact", "does not")


PHASES = {
    Phase.BEFORE: (Stage.NEW, Stage.MQL, Stage.READY),
    Phase.SALES: (Stage.SQL,),
    Phase.DEAL: (Stage.DEAL,),
    Phase.CUSTOMER: (Stage.WON,),
    Phase.ASLEEP: (Stage.NURTURE, Stage.DISQUALIFIED),
}
PHASE_OF = {stage: phase for phase, stages in PHASES.items() for stage in stages}
# {way: kinds of touches that people make in it}; of machines' touches only mail is one, a mailing.
KINDS = {Way.CALL: ("call",), Way.MEETING: ("meeting", "service_visit"), Way.MAIL: ("mail", "chat")}


class Rule(NamedTuple):
    """One rule: the responsible track, and what the other may do."""

    track: str
    other: str


def default_contact_rules():
    """As it was before it was agreed: people tell the other track first, mailings are marketing's and free."""
    return {
        phase.value: {
            way.value: {
                "track": (Track.MARKETING if way == Way.MAILING else RESPONSIBLE[stages[0]]).value,
                "other": (Other.FREE if way == Way.MAILING else Other.TELL).value,
            }
            for way in Way
        }
        for phase, stages in PHASES.items()
    }


def rule_of(rules, phase, way):
    """The Rule of a phase and way."""
    return Rule(**rules[phase][way])
