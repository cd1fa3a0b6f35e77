"""Obstacles and refusals: a rep says in two taps what stopped a talk, marketing answers, and the next rep finds the answer."""

from datetime import timedelta

from django.db import transaction
from django.db.models import BigIntegerField, Count, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import Track, User
from engine.lately import Lately
from leads import tracks
from leads.consulting import DAYS, Refused, due
from leads.models import AnswerKind, Lead, Obstacle, ObstacleKind
from leads.notices import counselling
from pipeline import voice
from pipeline.models import Deal, Statement

MOST = 20
SAME = 3  # answers shown beside an obstacle
SEEN = "by", "asked", "answered_by", "statement"


# What became of the deal that met the obstacle, of those that were open then: closed, and closed after the answer.
CLOSED = Q(deal_closed__gt=F("at"))
AFTER = CLOSED & Q(deal_closed__gt=F("answered_at"))
OUTCOMES = ("won", "lost")


def with_deals(rows):
    """Obstacles with the deal that met them, `met`, and its `deal_outcome` and `deal_closed`: their own, else that of their
    lead or of the one that it was merged into."""
    paths = "", "__outcome", "__closed_at"
    met, outcome, closed = (
        Coalesce(f"deal{path}", f"lead__deal{path}", f"lead__merged_into__deal{path}") for path in paths
    )
    return rows.annotate(met=met, deal_outcome=outcome, deal_closed=closed)


def brought_by(rows, campaigns):
    """Of obstacles those of leads that came by one of these campaigns, or of deals whose first pass did."""
    first = Lead.objects.filter(deal=OuterRef("deal"), merged_into=None).order_by("pk")
    came = Coalesce("lead__campaign", Subquery(first.values("campaign")[:1]), output_field=BigIntegerField())
    return rows.annotate(came_by=came).filter(came_by__in=campaigns)


def became(rows, outcome, when):
    """Of obstacles `with_deals`, those whose deal closed so `after` an answer or `without`; one that closed after any answer is not without."""
    closed = rows.filter(CLOSED, deal_outcome=outcome)
    if when == "after":
        return closed.filter(AFTER)
    return closed.exclude(met__in=rows.filter(AFTER).order_by().values("met"))


def log(thing, kind, words="", *, by, at):
    """Write down what stopped the talk on a lead or deal; whoever of marketing is to answer is told. Raises Refused."""
    if kind not in ObstacleKind.values:
        raise Refused(_("Choose what stopped it."))
    asked = _to_answer(thing)
    with transaction.atomic():
        made = Obstacle.objects.create(
            **_about(thing),
            kind=kind,
            words=words.strip()[:500],
            by=by,
            at=at,
            asked=asked,
            due_at=due(asked, at) if asked else at + timedelta(days=DAYS),
        )
        counselling.stopped(made, at)
    return made


def answer(obstacle, text, *, kind, by, at, link=""):
    """Answer it, once, with an argument, a material or a word on the price; the rep is told. Raises Refused."""
    if not (text := text.strip()):
        raise Refused(_("Say what the rep can answer."))
    if kind not in AnswerKind.values:
        raise Refused(_("Say what kind of answer it is."))
    with transaction.atomic():
        waiting = Obstacle.objects.filter(pk=obstacle.pk, answered_at=None)
        if not waiting.update(
            answer=text, answer_kind=kind, link=link.strip(), answered_by=by, answered_at=at
        ):
            raise Refused(_("This has been answered already."))
        obstacle.refresh_from_db()
        counselling.solved(obstacle, at)
    return obstacle


def speak(obstacle, text, *, proof, by):
    """Propose the answer as an argument of One voice, for both heads to sign; returns the Statement. Raises Refused."""
    text, proof = text.strip(), proof.strip()
    if not text or not proof:
        raise Refused(_("An argument needs its words and its proof."))
    with transaction.atomic():
        held = Obstacle.objects.select_for_update().get(pk=obstacle.pk)
        if held.answered_at is None:
            raise Refused(_("Answer it first."))
        if held.statement_id:
            raise Refused(_("It is an argument of One voice already."))
        product = held.about.product if held.about else None
        said = voice.propose(Statement(text=text, proof=proof, product=product), by=by)
        held.statement = said
        held.save(update_fields=["statement"])
    obstacle.refresh_from_db()
    return said


def helps(obstacle, *, by):
    """Note that the answer helped this user on; once each. Raises Refused where there is no answer."""
    if obstacle.answered_at is None:
        raise Refused(_("There is no answer yet."))
    obstacle.helped.add(by)


def on(thing):
    """The latest obstacles of a lead (and of its deal), or of a deal (and of its leads), newest first."""
    if isinstance(thing, Deal):
        about = Q(deal=thing) | Q(lead__in=Lead.objects.filter(deal=thing).values("pk"))
    else:
        about = Q(lead__in=Lead.objects.filter(Q(pk=thing.pk) | Q(merged_into=thing)).values("pk"))
        about |= Q(deal=thing.deal_id) if thing.deal_id else Q()
    return list(Obstacle.objects.filter(about).select_related(*SEEN)[:MOST])


def answers_to(kinds, but=()):
    """{kind: its SAME answers that helped most, the newest of these first}, for whoever meets the same; without those of `but`."""
    found: dict[str, list[Obstacle]] = {}
    rows = Obstacle.objects.filter(kind__in=kinds, answered_at__isnull=False).exclude(pk__in=but)
    for one in (
        rows.annotate(help=Count("helped")).select_related(*SEEN).order_by("-help", "-answered_at")[:200]
    ):
        if len(found.setdefault(one.kind, [])) < SAME and one.answer not in (
            had.answer for had in found[one.kind]
        ):
            found[one.kind].append(one)
    return found


def waiting():
    """What marketing owes an answer, the most urgent first."""
    return Obstacle.objects.counted().filter(answered_at=None).order_by("due_at", "pk")


OWED = Lately(
    lambda: waiting().order_by().aggregate(n=Count("pk"), due=Min("due_at"))
)  # as of a few seconds ago: it only tells


def _to_answer(thing):
    """Whoever of marketing looks after the lead or deal, else the head of marketing, else nobody in particular."""
    sides = tracks.sides(thing)
    named = sides.person if sides.responsible == Track.MARKETING else sides.adviser
    if named is not None and named.is_active and named.side == Track.MARKETING:
        return named
    return User.objects.filter(head_of=Track.MARKETING, is_active=True).order_by("pk").first()


def _about(thing):
    return {"deal": thing} if isinstance(thing, Deal) else {"lead": thing}
