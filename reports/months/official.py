"""Months as they are official: closed ones as they were frozen, open ones as they are, what came late in the first open one.

Whatever changed in a closed month after its close counts in the first open month, so that the official months always sum
to what is there. Beside it stands the live month, by its own dates.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from reports import periods, reading
from reports.cells import cells, chosen_rows
from reports.models import DealMonth, FunnelMonth
from reports.money import ZERO
from reports.months import trees
from reports.months.items import IN_FORCE

# measure: (label key, n or amount) is chosen by the page; here is where each live figure stands in the rollups.
DEALS = {
    "won": ("won", "won_amount - cancelled_amount", "margin - cancelled_margin"),
    "cancelled": ("cancelled", "cancelled_amount", "cancelled_margin"),
    "lost": ("lost", "lost_amount", "0"),
    "created": ("opened", "opened_amount", "0"),
}
PASSES = ("leads", "mqls", "sqls", "offered", "answered", "accepted")
SPENT = ("planned", "committed", "paid")
MEASURES = (*DEALS, *SPENT, *PASSES)
OWN = {
    "own_answer": "answered",
    "own_accept": "accepted",
}  # which count for whose a pass is, and not for the house


@dataclass(frozen=True)
class Worth:
    """How many, and what they are worth."""

    n: Decimal = ZERO
    amount: Decimal = ZERO
    margin: Decimal = ZERO

    def __add__(self, other):
        return Worth(self.n + other.n, self.amount + other.amount, self.margin + other.margin)

    def __sub__(self, other):
        return Worth(self.n - other.n, self.amount - other.amount, self.margin - other.margin)


NOTHING = Worth()


@dataclass(frozen=True)
class Shut:
    """A close in force."""

    id: int
    month: date
    model: str
    currency: str
    by: str
    at: object


@dataclass(frozen=True)
class Month:
    """One month of one measure after another: {measure: Worth} official, live, late (in official), restated since close.

    `shut` is None for an open month; `restated` is empty there, and `late` is where the month is neither the first open
    one nor closed after others.
    """

    month: date
    shut: Shut | None
    official: dict[str, Worth] = field(default_factory=dict)
    live: dict[str, Worth] = field(default_factory=dict)
    late: dict[str, Worth] = field(default_factory=dict)
    restated: dict[str, Worth] = field(default_factory=dict)


@dataclass(frozen=True)
class Books:
    """Months of the period, the latest first; the closes in force by month; the first open month, None before any close."""

    months: list[Month]
    shut: dict[date, Shut]
    open: date | None


def parts(choice):
    """What `made` needs, for `reading.read`: closes, frozen sums, and the live months of the rollups."""
    (opened, among), (passed, of_them) = (cells(one, choice) for one in (DealMonth, FunnelMonth))
    cut, values = narrow(choice, "x")
    campaigns, named = narrow(choice, "c", id="_id")
    deals = ", ".join(
        f"sum({one}) AS {name}_{what}"
        for name, columns in DEALS.items()
        for what, one in zip(("n", "amount", "margin"), columns, strict=True)
    )
    return {
        **chosen_rows(choice),
        "closes": (
            "SELECT c.id, c.month, f.model, f.currency, u.full_name AS by, c.closed_at AS at FROM pipeline_monthclose c "
            f"JOIN reports_frozenmonth f ON f.close_id = c.id JOIN accounts_user u ON u.id = c.closed_by_id WHERE {IN_FORCE} "
            "ORDER BY c.month",
            [],
        ),
        "frozen": (
            "SELECT c.month, x.own, x.measure, sum(x.n) AS n, sum(x.amount) AS amount, sum(x.margin) AS margin "
            "FROM reports_frozencell x JOIN pipeline_monthclose c ON c.id = x.close_id "
            f"WHERE x.measure <> 'credit' AND {IN_FORCE}{cut} GROUP BY 1, 2, 3",
            values,
        ),
        "deals": (f"SELECT month, {deals} FROM {opened} GROUP BY month", among),
        "passes": (
            f"SELECT month, {', '.join(f'sum({one}) AS {one}' for one in PASSES)} FROM {passed} GROUP BY month",
            of_them,
        ),
        "spend": (
            "SELECT s.month, s.kind, count(*) AS n, sum(s.base_amount) AS amount FROM pipeline_spend s "
            f"LEFT JOIN pipeline_campaign c ON c.id = s.campaign_id WHERE true{campaigns} GROUP BY 1, 2",
            named,
        ),
    }


def made(choice, rows) -> Books:
    """The Books from the rows that `parts` asked for."""
    shut = {reading.day(row["month"]): _shut(row) for row in rows["closes"]}
    live = _live(rows)
    frozen, natural = {}, {}
    for row in rows["frozen"]:
        measure = OWN.get(row["measure"], row["measure"])
        if measure != row["measure"] and not whose(choice):
            continue
        month, own = reading.day(row["month"]), reading.day(row["own"])
        worth = _worth(row)
        _add(frozen, month, measure, worth)
        if month == own:
            _add(natural, month, measure, worth)
    first_open = periods.shifted(max(shut), 1) if shut else None
    late = {}
    for month in shut:
        for measure in MEASURES:
            owed = live.get(month, {}).get(measure, NOTHING) - frozen.get(month, {}).get(measure, NOTHING)
            late[measure] = late.get(measure, NOTHING) + owed
    months = _months(choice, {*live, *shut, *([first_open] if first_open else [])})
    return Books(
        [_month(month, shut.get(month), live.get(month, {}), frozen.get(month, {}), natural.get(month, {}),
                late if month == first_open else {}) for month in months],
        shut,
        first_open,
    )  # fmt: skip


def books(choice):
    """The Books of a Choice, in one statement."""
    return made(choice, reading.read(parts(choice)))


def _month(month, shut, live, frozen, natural, late):
    if shut is None:
        official = {one: live.get(one, NOTHING) + late.get(one, NOTHING) for one in MEASURES}
        return Month(month, None, official, live, late)
    return Month(
        month,
        shut,
        official=frozen,
        live=live,
        late={one: frozen.get(one, NOTHING) - natural.get(one, NOTHING) for one in MEASURES},
        restated={one: live.get(one, NOTHING) - natural.get(one, NOTHING) for one in MEASURES},
    )


def _months(choice, known):
    """The months of the period that have begun, the latest first."""
    this = choice.today.replace(day=1)
    return sorted((one for one in known if one in choice.period and one <= this), reverse=True)


def _live(rows):
    live = {}
    for row in rows["deals"]:
        for measure in DEALS:
            worth = Worth(*(Decimal(row[f"{measure}_{what}"] or 0) for what in ("n", "amount", "margin")))
            _add(live, reading.day(row["month"]), measure, worth)
    for row in rows["passes"]:
        for measure in PASSES:
            _add(live, reading.day(row["month"]), measure, Worth(Decimal(row[measure])))
    for row in rows["spend"]:
        _add(live, reading.day(row["month"]), row["kind"], Worth(Decimal(row["n"]), Decimal(row["amount"])))
    return live


def narrow(choice, table, id=""):
    """The condition of a choice on rows that name channel, segment and region, and its parameters.

    Of a row with a `close_id` campaign and region count as they stood at that close, of any other as they stand today.
    """
    where, values = "", []
    if choice.segment is not None:
        where += f" AND coalesce({table}.segment{id}, 0) = ANY(%s)"
        values.append(list(choice.segment.under))
    if choice.region is not None:
        here, kept = (
            (f"coalesce({table}.region{id}, 0) = ANY(%s)", [list(choice.region.under)])
            if id
            else trees.within(choice.region, table)
        )
        where += f" AND {here}"
        values += kept
    if choice.channel is not None:
        where += f" AND coalesce({table}.channel, '') = %s"
        values.append(choice.channel)
    if choice.campaigns is not None:
        values.append(choice.campaigns)
        if id:
            where += " AND coalesce(c.id, 0) = ANY(%s)"
        else:
            then, kept = trees.condition(choice, table)
            where += (
                f" AND CASE WHEN {table}.close_id IS NULL THEN {table}.campaign = ANY(%s) ELSE {then} END"
            )
            values += kept
    for column, kept in whose(choice).items():  # spend belongs to campaigns, so that a team of sales has none
        where += " AND false" if id else f" AND {table}.measure <> ALL(%s) AND {table}.{column} = ANY(%s)"
        values += [] if id else [list(SPENT), kept]
    return where, values


def whose(choice):
    """{team or owner: ids} of what a choice of people of sales leaves; a closed month is its team's as at the close."""
    found = {"team": choice.team and choice.team.owners is not None and list(choice.team.ids)}
    found["owner"] = choice.rep and choice.rep.owners and list(choice.rep.owners)
    return {column: ids for column, ids in found.items() if ids}


def _worth(row):
    return Worth(*(Decimal(row[name]) for name in ("n", "amount", "margin")))


def _add(found, month, measure, worth):
    into = found.setdefault(month, {})
    into[measure] = into.get(measure, NOTHING) + worth


def _shut(row):
    return Shut(
        row["id"],
        reading.day(row["month"]),
        row["model"],
        row["currency"],
        row["by"],
        reading.moment(row["at"]),
    )
