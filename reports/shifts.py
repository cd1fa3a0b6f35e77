"""Decisions to move spend: kept with what was expected, and looked at again when the quarter is over. Capability 79."""

from dataclasses import dataclass

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts import organisation
from engine.copying import chunk
from leads import notices
from leads.models import NoticeKind
from leads.notices.sending import News
from reports import periods
from reports.histories import histories
from reports.models import Lesson, Shift
from reports.simulating import MEASURES, QUARTER


class NotFitted(ValueError):
    """Nothing was simulated, so that there is nothing to expect."""


class NotDue(ValueError):
    """The quarter is not over, or somebody has looked at it already, or taken it back."""


class Settled(ValueError):
    """Somebody has looked at it again already, or taken it back."""


def keep(simulation, between, model, starts_on, reason, by, at):
    """Keep a decision with what `simulation` (reports.simulating) expects of it. Returns the Shift. Raises NotFitted."""
    if not simulation.is_fitted:
        raise NotFitted
    expected = {
        name: {
            "before": simulation.before[name].estimate,
            "after": [getattr(simulation.after[name], one) for one in ("estimate", "low", "high")],
            "came": [[max(one.low, 0), one.high] for one in simulation.came[name]],
        }
        for name in MEASURES
    }
    expected["spend"] = {
        "source": simulation.source.then * QUARTER,
        "target": simulation.target.then * QUARTER,
    }
    return Shift.objects.create(
        by=between,
        source=simulation.source.key,
        target=simulation.target.key,
        amount=simulation.amount,
        starts_on=starts_on,
        due_on=periods.shifted(starts_on, QUARTER),
        model=model,
        expected=expected,
        reason=reason,
        decided_by=by,
        decided_at=at,
    )


def look_again(pk, learned, by, at):
    """Say what was learned from a Shift whose quarter is over. Raises NotDue where it is not, or was looked at already."""
    claimed = Shift.objects.filter(
        pk=pk, due_on__lte=organisation.today(at), looked_at__isnull=True, taken_back_at__isnull=True
    )
    if not claimed.update(looked_at=at, looked_by=by, learned=learned):
        raise NotDue


def learn(shift, text, by, at):
    """Keep what somebody learned later of a Shift that was looked at, beside what others did. Raises NotDue where it was not."""
    if shift.looked_at is None:
        raise NotDue
    return Lesson.objects.create(shift=shift, text=text, by=by, at=at)


def take_back(pk, by, at):
    """Take a Shift back that nobody has looked at again yet. Raises Settled where somebody has, or it was taken back already."""
    claimed = Shift.objects.filter(pk=pk, looked_at__isnull=True, taken_back_at__isnull=True)
    if not claimed.update(taken_back_at=at, taken_back_by=by):
        raise Settled


@dataclass(frozen=True)
class Outcome:
    """What a measure of both sides was expected to be, and was, over the months of the quarter that are over.

    `expected`: the estimate, and between what 9 of 10 such spans lie, chance included.
    """

    measure: str
    before: float
    expected: tuple[float, float, float]
    actual: float

    @property
    def is_within(self):
        """Does what came lie where it was expected?"""
        return self.expected[1] <= self.actual <= self.expected[2]


def outcome(shift, today):
    """(whole months over so far, spend of source and target in them, [Outcome, …]) of a Shift, in one statement."""
    until = min(shift.due_on, today.replace(day=1))
    over = max((until.year - shift.starts_on.year) * 12 + until.month - shift.starts_on.month, 0)
    if not over:
        return 0, {}, []
    found = histories(shift.by, shift.model, until, over)
    rows = {key: found.get(key, []) for key in (shift.source, shift.target)}
    spent = {
        side: sum(month.spend for month in rows[key])
        for side, key in (("source", shift.source), ("target", shift.target))
    }
    share = over / QUARTER
    told = [
        Outcome(
            name,
            shift.expected[name]["before"] * share,
            _expected(shift.expected[name], over),
            sum(getattr(month, name) for months in rows.values() for month in months),
        )
        for name in MEASURES
    ]
    return over, spent, told


def _expected(told, over):
    """(estimate, low, high) over so many months. Decisions of former releases know of no chance in the months themselves."""
    estimate, *between = (one * over / QUARTER for one in told["after"])
    return estimate, *(told["came"][over - 1] if "came" in told else between)


def remind_due(limit=100, at=None):
    """Tell who decided that a quarter is over and their decision waits to be looked at. Returns how many were told."""
    at = at or timezone.now()
    due = Q(
        due_on__lte=organisation.today(at),
        looked_at__isnull=True,
        taken_back_at__isnull=True,
        reminded_at__isnull=True,
    )
    with chunk():
        found = list(Shift.objects.filter(due).order_by("pk").select_for_update(skip_locked=True)[:limit])
        Shift.objects.filter(pk__in=[one.pk for one in found]).update(reminded_at=at)
        notices.announce(
            NoticeKind.REVIEW,
            [
                News(
                    user_id=one.decided_by_id,
                    subject=f"shift:{one.pk}",
                    path=reverse("reports:shift", args=[one.pk]),
                    facts={"since": one.starts_on.isoformat()},
                    at=at,
                )
                for one in found
            ],
        )
    return len(found)


def listed():
    """All Shifts: those that wait to be looked at first, by their day, then the newest; those taken back last."""
    rows = Shift.objects.select_related("decided_by", "looked_by")
    last = F("taken_back_at").desc(nulls_first=True)
    return rows.order_by(last, F("looked_at").desc(nulls_first=True), "due_on", "-pk")[:200]
