"""Why deals are lost: by reason, and by reason within segments, regions, channels, stages, reps and rivals, beside a year before."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from pipeline.models import DealStage, OutcomeReason
from reports import heeding, reading, regions
from reports.forecast.said import within_sight
from reports.models import DealMonth, LossMonth
from reports.models.base import ALL, ALL_CHANNELS, EVERYBODY
from reports.money import ZERO
from reports.periods import reach_back, year_before
from reports.regions import Tree
from reports.rollups.events import month_of

BY = {
    "segment": "segment", "region": "region", "channel": "channel", "stage": "lost_at", "rep": "owner", "rival": "rival",
}  # fmt: skip
HEEDED = ("period", "channel", "segment", "region", "campaign", "team", "rep")
MOST = 40  # lines of one axis: those that lost most
SUMS = ("deals", "unpriced", "amount")


@dataclass(frozen=True)
class Loss:
    """Lost deals: how many, of these without an amount, and for how much."""

    deals: int = 0
    unpriced: int = 0
    amount: Decimal = ZERO

    def __add__(self, other):
        return Loss(*(getattr(self, name) + getattr(other, name) for name in SUMS))


@dataclass(frozen=True)
class Reason:
    """The deals lost for one reason (`id` 0: for none that was told), and those of the same months a year before (None as of Losses)."""

    id: int
    name: str
    now: Loss
    before: Loss | None


@dataclass(frozen=True)
class Line:
    """The deals lost of one value of an axis, and of these by reason; of a region with all that is part of it.

    `key` is "" or "0" for what stands nowhere, `depth` how many regions it is part of.
    """

    key: str
    name: str
    all: Loss
    reasons: dict[int, Loss]
    depth: int = 0


@dataclass(frozen=True)
class Losses:
    """Every Reason of a period, most deals first, the sums, and every Line of an axis.

    `before` is None of all time, and where no records reach back to all of the same months a year before.
    """

    total: Loss
    before: Loss | None
    reasons: list[Reason]
    lines: list[Line]
    tree: Tree = field(default_factory=lambda: Tree({}))


def losses(choice, by, user=None) -> Losses:
    """The Losses of a Choice by one of BY, in one statement; of reps those whose work `user` (None: everybody) may see."""
    heard = heeding.heeded(choice, HEEDED)
    rows = reading.read(
        {
            "reasons": _sums(heard, None),
            "lines": _sums(heard, by, user if by == "rep" else None),
            "oldest": DealMonth.objects.filter(channel=ALL_CHANNELS, segment=ALL, region=ALL).order_by("month").values("month")[:1],
            "names": OutcomeReason.objects.values("id", "name"),
            "stages": DealStage.objects.values("id", "name") if by == "stage" else DealStage.objects.none().values(),
            **(regions.PARTS if by == "region" else {}),
        }
    )  # fmt: skip
    told = reach_back([reading.day(row["month"]) for row in rows["oldest"]], heard.period)
    names = {row["id"]: _(row["name"]) for row in rows["names"]}
    reasons = [
        Reason(
            row["reason"], names.get(row["reason"], ""), _loss(row), _loss(row, "before_") if told else None
        )
        for row in rows["reasons"]
        if row["deals"] or told
    ]
    stages = {str(row["id"]): _(row["name"]) for row in rows["stages"]}
    tree = Tree.of(rows[regions.PART], heard.region) if by == "region" else Tree({})
    return Losses(
        sum((one.now for one in reasons), Loss()),
        sum((one.before or Loss() for one in reasons), Loss()) if told else None,
        reasons,
        _lines(
            rows["lines"],
            lambda row: stages.get(row["key"], "") if by == "stage" else row["name"] or "",
            tree,
        ),
        tree,
    )


def _sums(choice, by, user=None):
    """(SELECT, parameters): a row for each reason, or each reason of each value of an axis, with its sums of now and a year before."""
    lost, params = _rows(choice, by)
    now = choice.period.first, choice.period.until
    before = year_before(choice.period) or (now[0], now[0])
    sums = ", ".join(
        f"coalesce(sum({name}) FILTER (WHERE month >= %s AND month < %s), 0) AS {prefix}{name}"
        for prefix in ("", "before_")
        for name in SUMS
    )
    spans = [day for span in (now, before) for _name in SUMS for day in span]
    if by is None:
        return (
            f"SELECT * FROM (SELECT reason, {sums} FROM {lost} GROUP BY reason) AS summed "
            "WHERE deals <> 0 OR before_deals <> 0 ORDER BY deals DESC, reason",
            [*spans, *params],
        )
    sight, seen = within_sight(user)
    owner = "CASE WHEN d.key ~ '^[0-9]+$' THEN d.key::bigint END" if by == "rep" else "NULL::bigint"
    return (
        f"SELECT d.*, u.full_name AS name FROM (SELECT d.*, {owner} AS owner FROM (SELECT key, reason, {sums} FROM {lost} "
        f"GROUP BY key, reason) AS d) AS d LEFT JOIN accounts_user u ON u.id = d.owner WHERE d.deals <> 0 AND {sight}",
        [*spans, *params, *seen],
    )


def _rows(choice, by):
    """(FROM item, parameters): sums by month and reason of all, or of each value of an axis; kept ones where nothing else is chosen."""
    column = BY.get(by)
    first = (year_before(choice.period) or (choice.period.first,))[0]
    if not choice.picks:
        table = LossMonth._meta.db_table
        where = "who = %s AND month >= %s AND month < %s"
        return (
            f"(SELECT whose AS key, reason, month, {', '.join(SUMS)} FROM {table} WHERE {where}) AS kept",
            [column or EVERYBODY, first, choice.period.until],
        )
    where, params = choice.narrow()
    key = f"{column}::text" if column else "''"
    nowhere = f" AND {column}::text NOT IN ('', '0')" if column else ""
    return (
        f"(SELECT {key} AS key, reason, {month_of('closed_on')} AS month, count(*) AS deals, count(*) FILTER (WHERE amount IS NULL) AS unpriced, "
        f"coalesce(sum(amount), 0) AS amount FROM reports_counteddeal WHERE outcome = 'lost' AND closed_on >= %s AND closed_on < %s "
        f"AND {where}{nowhere} GROUP BY 1, 2, 3) AS counted",
        [first, choice.period.until, *params],
    )  # fmt: skip


def _loss(row, prefix=""):
    return Loss(*(row[f"{prefix}{name}"] for name in SUMS))


def _lines(rows, named, tree):
    """A Line for each value, those that lost most first, a region before its parts."""
    names, lost = {}, {}
    for row in rows:
        names[row["key"]] = named(row)
        lost.setdefault(row["reason"], {})[row["key"]] = _loss(row)
    reasons: dict = {}
    for reason, own in lost.items():
        for key, one in _whole(own, tree).items():
            reasons.setdefault(key, {})[reason] = one
    whole = {key: Line(key, names.get(key, ""), sum(of.values(), Loss()), of) for key, of in reasons.items()}
    first = sorted(whole, key=lambda key: (-whole[key].all.deals, key))
    if not tree.above:
        return [whole[key] for key in first[:MOST]]
    order = {int(key): place for place, key in enumerate(first)}
    return [replace(whole[str(one)], depth=depth) for one, depth in tree.lines(order, order.get)][:MOST]


def _whole(own, tree):
    """{key: Loss} with all that is part of each; what hangs in no tree as it is."""
    if not tree.above:
        return own
    return {
        str(region): one for region, one in tree.whole({int(key): one for key, one in own.items()}).items()
    }
