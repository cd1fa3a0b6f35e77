"""Sales' word before launch: marketing asks named reps, each has three working days, silence counts as agreement.

Nothing waits for it unless the house says so (`pipeline.consulting`). Advice is answered by marketing, in a sentence,
before the round is closed; what was adopted stays visible as the rep's credit.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import calendars
from accounts.models import User
from leads.audiences import under
from leads.clocks import MINUTES_A_DAY
from leads.notices import word
from pipeline.models import Advice, Company, Consultation

DAYS = 3
MOST = 20


class Refused(Exception):
    """It cannot be done so; says why and what to do."""


@dataclass(frozen=True)
class Standing:
    """How one rep stands in a round: the Advice and its state at a moment."""

    advice: Advice
    state: str


@dataclass(frozen=True)
class Round:
    """A round of asking, with what each rep says."""

    consultation: Consultation
    standings: list[Standing]
    at: datetime

    def count(self, *states):
        """How many reps stand so."""
        return sum(one.state in states for one in self.standings)

    @property
    def agreed(self):
        """How many agree, by word or by silence."""
        return self.count("agrees", "silent")

    @property
    def ready(self):
        """May it be closed: nobody's clock runs, all advice is answered."""
        return not self.count("waiting", "advises")


def possible_reps():
    """Whom marketing may ask: active people of sales."""
    return User.objects.filter(is_active=True, role__in=("sales", "manager")).order_by("full_name")


def proposed(campaign):
    """Whose word is asked before others': the owners of key accounts that the campaign may touch, at most MOST.

    A company of no known segment or region may be touched by any campaign, and a campaign without them touches all.
    """
    touched = Company.objects.surviving().filter(key_account=True)
    if campaign.segment_id:
        touched = touched.filter(Q(segment=None) | Q(segment=campaign.segment_id))
    if campaign.region_id:
        touched = touched.filter(Q(region=None) | Q(region__in=under(campaign.region_id)))
    return list(possible_reps().filter(pk__in=touched.values("sales_owner"))[:MOST])


def ask(campaign, reps, *, audience, offer, by, at):
    """Ask reps for their view of a campaign; each has three working days by the own calendar. Returns the Consultation.

    Raises Refused without reps, with too many, or while a round is open.
    """
    reps = list(dict.fromkeys(reps))
    if not reps:
        raise Refused(_("Name at least one rep."))
    if len(reps) > MOST:
        raise Refused(_("Ask at most %(most)d people at once.") % {"most": MOST})
    try:
        with transaction.atomic():
            made = Consultation.objects.create(
                campaign=campaign, audience=audience, offer=offer, asked_by=by, asked_at=at
            )
            asked = [Advice(consultation=made, rep=rep, due_at=due(rep, at)) for rep in reps]
            Advice.objects.bulk_create(asked)
            word.asked(campaign, made, asked, at)
    except IntegrityError:
        raise Refused(_("Sales is being asked already. Close that round first.")) from None
    return made


def answer(advice, *, agrees, text, at):
    """A rep's word, as long as the round is open; a later one takes the place of an earlier. Raises Refused."""
    text = text.strip()
    if not agrees and not text:
        raise Refused(_("Say what should be different."))
    with transaction.atomic():
        advice = _locked(advice)
        if advice.replied_at:
            raise Refused(_("Marketing has answered your advice already."))
        advice.agrees, advice.text, advice.answered_at = agrees, text, at
        advice.save(update_fields=["agrees", "text", "answered_at"])
    return advice


def reply(advice, *, adopted, sentence, by, at):
    """Marketing adopts or declines advice, with a sentence that the rep is told. Raises Refused."""
    sentence = sentence.strip()
    if not sentence:
        raise Refused(_("Answer the advice with a sentence."))
    with transaction.atomic():
        advice = _locked(advice)
        if advice.agrees is not False:
            raise Refused(_("There is no advice to answer."))
        advice.adopted, advice.reply, advice.replied_by, advice.replied_at = adopted, sentence, by, at
        advice.save(update_fields=["adopted", "reply", "replied_by", "replied_at"])
        word.replied(advice, at)
    return advice


def close(consultation, *, by, at):
    """Close a round. Raises Refused while a clock runs or advice waits for an answer."""
    with transaction.atomic():
        held = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if held.closed_at:
            raise Refused(_("This round is closed already."))
        found = _round(held, at)
        if waiting := found.count("waiting"):
            may = ngettext(
                "%(n)d person may still answer. No answer in three working days counts as agreement.",
                "%(n)d people may still answer. No answer in three working days counts as agreement.",
                waiting,
            )
            raise Refused(may % {"n": waiting})
        if open_advice := found.count("advises"):
            raise Refused(_("Answer all advice first. Waiting for a sentence: %(n)d.") % {"n": open_advice})
        held.closed_by, held.closed_at = by, at
        held.save(update_fields=["closed_by", "closed_at"])
    return held


def rounds(campaign, at):
    """The Rounds of a campaign, the newest first."""
    asked = campaign.consultations.select_related("asked_by", "closed_by").prefetch_related(
        "advice__rep", "advice__replied_by"
    )
    return [_round(one, at) for one in asked]


def adopted(reps):
    """{rep id: how often their advice was adopted}: their credit."""
    rows = Advice.objects.filter(rep__in=reps, adopted=True).order_by().values("rep").annotate(n=Count("pk"))
    return {row["rep"]: row["n"] for row in rows}


def _round(consultation, at):
    said = list(consultation.advice.all())
    # what was silent when the round was closed stays so
    return Round(consultation, [Standing(one, one.state(consultation.closed_at or at)) for one in said], at)


def _locked(advice):
    round_ = Consultation.objects.select_for_update().get(pk=advice.consultation_id)
    if round_.closed_at:
        raise Refused(_("This round is closed already."))
    return Advice.objects.select_related("consultation__campaign").get(pk=advice.pk)


def due(rep, at):
    """Three working days by the own calendar."""
    return calendars.clock_for(rep).add_minutes(at, DAYS * MINUTES_A_DAY)
