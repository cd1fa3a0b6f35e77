"""Where the targets of a period stand: agreed, proposed or only set; and what a round would change."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Min, Q, Sum

from reports import locks, periods, reading
from reports.models import RoundTarget, Side
from reports.money import ZERO

ROUNDS = """
SELECT r.id, r.first, r.number, r.with_finance, u.full_name AS by, r.proposed_at, r.agreed_at,
  (SELECT json_agg(DISTINCT p.full_name) FROM reports_roundtarget c JOIN accounts_user p ON p.id = c.set_by_id
   WHERE c.round_id = r.id AND c.set_by_id <> r.proposed_by_id) AS others,
  (SELECT json_agg(json_build_object('track', s.track, 'name', coalesce(p.full_name, '')) ORDER BY s.id) FROM reports_roundsignature s
   LEFT JOIN accounts_user p ON p.id = s.user_id WHERE s.round_id = r.id) AS signed,
  (SELECT json_agg(DISTINCT c.measure) FROM reports_roundtarget c
   WHERE c.round_id = r.id AND c.month >= %s AND c.month < %s) AS measures
FROM reports_targetround r JOIN accounts_user u ON u.id = r.proposed_by_id
WHERE r.closed_at IS NULL AND r.first >= %s AND r.first < %s ORDER BY r.first, r.number
"""
# A row: a region and segment (0: none) of which an open round asks for another target; by how much more, and whether any is left.
PROPOSED = """
SELECT coalesce(c.region_id, 0) AS region, coalesce(c.segment_id, 0) AS segment,
  sum(coalesce(c.amount, 0) - coalesce(t.amount, 0)) AS more, bool_or(c.amount IS NOT NULL) AS some
FROM reports_roundtarget c JOIN reports_targetround r ON r.id = c.round_id AND r.agreed_at IS NULL AND r.closed_at IS NULL
LEFT JOIN reports_target t ON t.month = c.month AND t.measure = c.measure
  AND t.region_id IS NOT DISTINCT FROM c.region_id AND t.segment_id IS NOT DISTINCT FROM c.segment_id
WHERE c.measure = %s AND c.month >= %s AND c.month < %s AND c.amount IS DISTINCT FROM t.amount GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Round:
    """A round that is open or agreed: who signed it, by side, whose signature is missing, and the `measures` of which it has
    targets in the period.
    """

    id: int
    first: date
    number: int
    by: list[str]
    proposed_at: datetime
    agreed_at: datetime | None
    signed: dict[str, str]
    missing: list[Side]
    measures: list[str]


@dataclass(frozen=True)
class Year:
    """Twelve months from `first` on: the Rounds that were agreed, the latest first, and the one that waits; None without."""

    first: date
    rounds: list[Round]
    waiting: Round | None = None

    @property
    def agreed(self):
        """The Round that was agreed last."""
        return next(iter(self.rounds), None)

    def told(self, measure):
        """The Round that was agreed last with targets of a measure in the period."""
        return next((one for one in self.rounds if measure in one.measures), None)


@dataclass(frozen=True)
class Standing:
    """The Years of a period, the earliest first, and what is proposed of one measure: {(region, segment): target, None for none}."""

    years: list[Year]
    proposed: dict[tuple[int, int], Decimal | None]

    @property
    def is_bound(self):
        """Does a change of any of its targets have to be agreed?"""
        return any(one.agreed or one.waiting for one in self.years)


def parts(period, measure=None):
    """What `made` needs, for `reading.read`."""
    span = [period.first, period.until]
    found = {"rounds": (ROUNDS, [*span, periods.shifted(period.first, -11), period.until])}
    if measure:
        found["proposed"] = (PROPOSED, [measure, *span])
    return found


def made(rows, period, matrix=None) -> Standing:
    """The Standing of a Period from the rows that `parts` asked for; `matrix`: the targets that count."""
    rounds = [_round(row) for row in rows["rounds"]]
    proposed = {}
    for row in rows.get("proposed", ()):
        cell = row["region"], row["segment"]
        target = matrix.own.get(cell, ZERO) + Decimal(row["more"])
        proposed[cell] = target if row["some"] or target else None
    return Standing(_years(rounds, period), proposed)


def standing(period, measure=None, matrix=None) -> Standing:
    """The Standing of a Period, in one statement."""
    return made(reading.read(parts(period, measure)), period, matrix)


def _years(rounds, period):
    """A Year for each that has months in the period, of rounds where there are any, else as the house counts its years."""
    found: dict = {}
    firsts = {one.first for one in rounds}
    for number in range(period.months):
        month = periods.shifted(period.first, number)
        first = locks.holding(firsts, month) or locks.year_of(month)
        if first not in found:
            of = [one for one in rounds if one.first == first]
            found[first] = Year(
                first,
                [one for one in reversed(of) if one.agreed_at],
                next((one for one in of if one.agreed_at is None), None),
            )
    return list(found.values())


def _round(row):
    signed = {one["track"]: one["name"] for one in row["signed"] or ()}
    sides = [side for side in Side if side != Side.FINANCE or row["with_finance"]]
    return Round(
        row["id"], reading.day(row["first"]), row["number"], [row["by"], *(row["others"] or ())], reading.moment(row["proposed_at"]),
        reading.moment(row["agreed_at"]), signed, [side for side in sides if side not in signed],
        row["measures"] or [],
    )  # fmt: skip


def joined(rounds):
    """{round id: {user id: name}} of those who asked for something in a round that somebody else had proposed."""
    told = RoundTarget.objects.filter(round__in=rounds, set_by__isnull=False).exclude(
        set_by=F("round__proposed_by")
    )
    found: dict = {}
    for pk, user, name in (
        told.order_by("set_by").values_list("round", "set_by", "set_by__full_name").distinct()
    ):
        found.setdefault(pk, {})[user] = name
    return found


def changes(found):
    """What a round changes, by measure, region and segment, over the months that it names: values() of before and amount."""
    by = ("measure", "region", "region__name", "segment", "segment__name")
    told = found.cells.values(*by).annotate(
        by=ArrayAgg("set_by__full_name", distinct=True, filter=Q(set_by__isnull=False), default=[]),
        before=Sum("before"),
        wished=Sum("amount"),
        months=Count("pk"),
        first=Min("month"),
        last=Max("month"),
    )
    return told.order_by("measure", "region__name", "segment__name", "region", "segment")
