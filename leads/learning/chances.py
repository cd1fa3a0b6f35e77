"""Chances: what the model in use says of each running lead, stored in chunks and told with its reasons."""

import math
import time
from dataclasses import dataclass
from importlib import import_module

from django.db import connection
from django.utils import timezone

from engine.copying import chunk
from engine.jobs import once_per
from leads.learning import captured, trust
from leads.learning.portable import Portable
from leads.models import Lead, LeadChance, WinModel
from ui import formats

LIFETIME = 5  # seconds that a process may believe what it read
OVERLAP = 1_000  # leads looked at again: a smaller number may be stored after a larger one
FEWEST_CLOSED = 200
_read: tuple[float, WinModel | None, Portable | None] = (float("-inf"), None, None)

DUE = "l.id > %(after)s AND NOT {closed} AND NOT EXISTS (SELECT FROM leads_leadchance k WHERE k.lead_id = l.id AND k.model_id = %(model)s)"
STORE = """
INSERT INTO leads_leadchance (lead_id, model_id, probability)
SELECT t.lead_id, %s, t.probability FROM unnest(%s::bigint[], %s::float8[]) AS t (lead_id, probability)
JOIN leads_lead l ON l.id = t.lead_id
ON CONFLICT (lead_id) DO UPDATE SET model_id = EXCLUDED.model_id, probability = EXCLUDED.probability
"""


@dataclass(frozen=True)
class Told:
    """A reason in words: the fact, what it says, its log-odds, and the points of probability it moves (0.1 is ten)."""

    label: str
    text: str | None
    odds: float
    points: float


@dataclass(frozen=True)
class Chance:
    """A lead's probability of a win and the strongest reasons, each against the average lead.

    `holds`: whether such numbers came true on the newest leads; where they did not, only their order says something.
    """

    probability: float
    reasons: list[Told]
    model: int
    holds: bool = True


def in_use():
    """(WinModel, Portable) of the newest training that is better than chance, or (None, None); read every few seconds.

    A newer training that found no signal retires the older ones.
    """
    global _read
    read_at, model, portable = _read
    if time.monotonic() - read_at > LIFETIME:
        newest = WinModel.objects.only("pk", "shown").order_by("-pk").first()
        if newest is None or not newest.shown:
            model = portable = None
        elif model is None or model.pk != newest.pk:
            model = WinModel.objects.get(pk=newest.pk)
            portable = Portable.from_json(model.learned)
        _read = (time.monotonic(), model, portable)
    return model, portable


def forget():
    """Read it afresh next time: after a training."""
    global _read
    _read = (float("-inf"), None, None)


def of_lead(lead) -> Chance | None:
    """The Chance of a lead by the model in use, None where there is none or the lead is closed."""
    model, portable = in_use()
    record = captured.of_leads([lead.pk]).get(lead.pk) if model else None
    if record is None or record[captured.OUTCOME]:
        return None
    probability = portable.probability(record)
    told = [
        Told(str(captured.label(one.column)), _said(lead, one), one.odds, _points(probability, one.odds))
        for one in portable.reasons(record)
    ]
    return Chance(probability, told, model.pk, trust.of(model.card).holds)


def _said(lead, reason):
    """What a fact says, as people read it: the model knows codes."""
    if reason.text is None:
        return None
    if reason.column == "captured_at":
        return formats.moment(lead.captured_at)
    if reason.column == "channel":
        return lead.get_channel_display()
    if reason.column == "campaign":
        return str(lead.campaign)
    return reason.text


def _points(probability, odds):
    """What the probability would lose without these log-odds; a share may round to 0 or 1."""
    bound = min(max(probability, 1e-9), 1 - 1e-9)
    return probability - 1 / (1 + (1 - bound) / bound * math.exp(odds))


def judge_due(limit=5_000):
    """Store the chances of leads that the model in use has not judged; returns how many."""
    model, portable = in_use()
    if model is None:
        return 0
    reached = WinModel.objects.values_list("reached", flat=True).get(pk=model.pk)
    which = DUE.format(closed=captured.CLOSED)
    with chunk() as cursor:
        due = captured.read(which, {"after": reached - OVERLAP, "model": model.pk}, limit)
        # The model is plain Python, some microseconds a lead: no library has to be loaded where leads are judged.
        chances = [portable.probability(record) for _lead, record in due]
        cursor.execute(STORE, [model.pk, [lead_id for lead_id, _record in due], chances])
    newest = (
        due[-1][0] if len(due) == limit else Lead.objects.order_by("-pk").values_list("pk", flat=True).first()
    )
    WinModel.objects.filter(pk=model.pk, reached__lt=newest or 0).update(reached=newest or 0)
    return len(due)


def train_due(at=None):
    """Train once a week, when enough leads were closed since; returns 1 where a version was stored, else 0."""
    at = at or timezone.now()
    week = at.date().fromisocalendar(*at.date().isocalendar()[:2], 1)
    if _closed_enough() and (run := _claimed(week, at)):
        return run
    return 0


def _closed_enough():
    """Enough history; cheap to ask, for the sweeper asks all day long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM leads_lead WHERE ended_at IS NOT NULL OR history LIMIT %s) l",
            [FEWEST_CLOSED],
        )
        return cursor.fetchone()[0] >= FEWEST_CLOSED


def _claimed(week, at):
    with once_per("train", week) as run:
        if run is None:
            return 0
        try:
            run.result = {"model": train(at).pk}
        except ValueError as error:  # too little history of one outcome: asked again next week
            run.result = {"why": str(error)}
        return 1


def train(at=None):
    """Train now, or as of `at`, and put the version in use; returns the WinModel. Raises ValueError for too little history."""
    # Loaded here: scikit-learn costs 150 MB and a second, and only the one process a week that trains needs it.
    model = import_module("leads.learning.training").train(at or timezone.now())
    with chunk():
        LeadChance.objects.exclude(model=model).filter(lead__ended_at__isnull=False).delete()
    forget()
    return model
