"""The 3-1-3 plan: three fiscal years in outline, one year with its budget, three months of activities. Capabilities 65 and 66."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from accounts import organisation
from pipeline.models import CampaignStatus
from reports import budget, climbing, periods, reading, targets
from reports.budget import Line
from reports.models.base import NONE
from reports.periods import Period, shifted
from reports.regions import Tree
from reports.standing import gone
from reports.targets import Promise
from ui.standing import Standing, standing

AXES = ("segment", "region")
BEFORE, AHEAD = 2, 3  # whole years that have come, and years to come after the running one
MONTHS, YEAR = 3, 12
MOSTLY = Decimal("0.75")  # of its days: by then a year's own target tells more than the year before
THIS, NEXT = "this", "next"
# A row: a campaign that has planned or committed money in the three months, or is planned or running and has days in them; 0: money
# without one.
ACTIVITIES = """
SELECT c.id AS campaign, c.name, c.status, coalesce(c.segment_id, 0) AS segment, coalesce(c.region_id, 0) AS region,
  coalesce(u.full_name, c.owner_text) AS owner, c.starts_on, c.ends_on, {sums}, coalesce(m.committed, 0) AS committed,
  (SELECT CASE WHEN bool_or(w.closed_at IS NULL) THEN 'asked' WHEN count(*) > 0 THEN 'heard' ELSE '' END
   FROM pipeline_consultation w WHERE w.campaign_id = c.id) AS word
FROM pipeline_campaign c LEFT JOIN accounts_user u ON u.id = c.owner_id LEFT JOIN ({money}) AS m ON m.campaign = c.id
WHERE (coalesce(m.foreseen, false) OR (c.status IN (%(planned)s, %(active)s)
    AND coalesce(c.starts_on, c.ends_on) < %(until)s AND coalesce(c.ends_on, %(first)s) >= %(first)s)) {narrow}
ORDER BY coalesce(c.starts_on, %(until)s), c.name, c.id
"""
MONEY = """
SELECT campaign, {sums}, sum(committed) AS committed, bool_or(planned <> 0 OR committed <> 0) AS foreseen
FROM reports_campaignmonth WHERE month >= %(first)s AND month < %(until)s GROUP BY campaign
"""


@dataclass(frozen=True)
class Row:
    """What one segment or region (0: none) brought and promises: a Promise for each fiscal year, the oldest first.

    `months`: for how many months of each year anything is promised.
    """

    id: int
    years: list[Promise]
    months: list[int]

    @property
    def is_wish(self):
        """Is something promised for years to come where neither the running year nor those before brought anything?"""
        promised = any(one.target for one in self.years[BEFORE:])
        return promised and not any(one.attained > 0 for one in self.years[: BEFORE + 1])

    def is_part(self, number):
        """Is the target of a year set for some of its months only?"""
        return number >= BEFORE and 0 < self.months[number] < YEAR

    def value(self, number):
        """What stands for a year: what came of a whole one, the target of the running one and those to come; None for a part."""
        if number < BEFORE:
            return self.years[number].attained
        return None if self.is_part(number) else self.years[number].target

    def growth(self, number):
        """How much more a year brought (or promises) than the year before it did; None where one of both is not known."""
        last, this = (self.value(one) for one in (number - 1, number)) if number else (None, None)
        return None if this is None or last is None or last <= 0 else this / last - 1


@dataclass(frozen=True)
class Activity:
    """A campaign of the next months (0: money without one), its planned money by month, and whether sales was asked: "", asked or heard."""

    campaign: int
    name: str
    status: str
    segment: int
    region: int
    owner: str
    starts_on: date | None
    ends_on: date | None
    planned: tuple[Decimal, ...]
    committed: Decimal
    word: str


@dataclass(frozen=True)
class Outlook:
    """The plan by segment or region: `years` are the Periods of each Row's Promises, `year` the one whose budget stands beside its targets.

    `passed`: how much of the running year has passed, today included.
    """

    axis: str
    years: list[Period]
    rows: list[Row]
    total: Row
    year: int
    money: dict[int, Line]
    money_total: Line
    months: list[date]
    activities: list[Activity]
    passed: Decimal = Decimal()
    tree: Tree = field(default_factory=lambda: Tree({}))

    @property
    def period(self):
        """The year whose budget is told."""
        return self.years[self.year]

    @property
    def came(self):
        """Growth of the last whole year; None where it is not known."""
        return self.total.growth(BEFORE - 1)

    @property
    def meant(self):
        """Growth a year from the last whole year to the farthest one with a target for all of it; None where it is not known."""
        return self._yearly(BEFORE - 1, self.total.years[BEFORE - 1].attained)

    @property
    def ahead(self):
        """Growth a year from the target of the running one, once that is mostly over, to the farthest; None where it is not known."""
        if self.passed < MOSTLY or self.total.is_part(BEFORE):
            return None
        return self._yearly(BEFORE, self.total.years[BEFORE].target or 0)

    @property
    def is_on_course(self):
        """Has the running year brought about as much of its target as is due by today?"""
        year = self.total.years[BEFORE]
        return year.share is not None and standing(year.target, year.attained, self.passed) != Standing.BEHIND

    def _yearly(self, since, base):
        """Growth a year from what stands for the year `since` to the farthest one after it with a target for all of it."""
        promised = [number for number in range(since + 1, len(self.years)) if self.total.value(number)]
        if base <= 0 or not promised:
            return None
        ratio = (self.total.years[promised[-1]].target or 0) / base
        return Decimal(float(ratio) ** (1 / (promised[-1] - since)) - 1)


def fiscal_years(today, start, live_on=None):
    """The Periods of the fiscal years that the outline tells, the oldest first; what lies before `live_on` does not count."""
    first = periods.named("year", today, start).first
    begins = [shifted(first, 12 * number) for number in range(-BEFORE, AHEAD + 1)]
    years = [periods.between(one, shifted(one, 11)) for one in begins]
    return [one if live_on and one.until <= live_on else periods.since(one, live_on, today) for one in years]


def outlook(choice, measure, axis, year=THIS) -> Outlook:
    """The Outlook of a Choice by one of AXES, in two statements; the budget is that of this year or of the next one."""
    house = organisation.current()
    years = fiscal_years(choice.today, house.fiscal_year_start, house.live_on)
    found = targets.promises(measure, dict(enumerate(years)), choice.region, choice.segment)
    of_year = BEFORE + (year == NEXT)
    first = shifted(choice.today.replace(day=1), 1)
    rows = reading.read(
        {
            "budget": budget.parts(replace(choice, period=years[of_year]), earned=False)["budget"],
            "set": _set(choice, measure, axis, years),
            "places": (f"SELECT id, coalesce({axis}_id, 0) AS place FROM pipeline_campaign", []),
            **_activities(choice, first),
        }
    )
    tree = found[0].tree if axis == "region" else Tree({})
    money = _money(rows, tree)
    return Outlook(
        axis,
        years,
        _lines(found, axis, tree, lambda one: _months(rows["set"], years, one)),
        Row(NONE, [found[n].total for n in found], _months(rows["set"], years)),
        of_year,
        money,
        budget.made(rows).total,
        [shifted(first, number) for number in range(MONTHS)],
        [_activity(row) for row in (*rows["activities"], *rows["loose"])],
        gone(years[BEFORE], choice.today),
        tree,
    )


def _lines(found, axis, tree, months):
    """The Row of each segment or region, what attained most in the running year first, parts beneath what they are part of."""
    place = AXES[::-1].index(axis)  # of a cell's key
    known = {key[place] for told in found.values() for key in told.cells}
    rows = {one: Row(one, [getattr(found[n], axis)(one) for n in found], months(one)) for one in known}
    order = tree.lines(known, lambda one: (one == NONE, -rows[one].years[BEFORE].attained, one))
    return [rows[one] for one, _depth in order]


def _set(choice, measure, axis, years):
    """A part: the months for which anything is promised, by segment or region (0: none)."""
    target, params = climbing.climbed([measure], periods.between(years[0].first, years[-1].last))
    where, places = climbing.lines(choice.region, choice.segment)
    return f"SELECT DISTINCT {axis} AS place, month FROM {target} WHERE true{where}", [*params, *places]


def _months(rows, years, place=None):
    """For how many months of each year anything is promised of a place, of any without one."""
    months = {reading.day(row["month"]) for row in rows if place in (None, row["place"])}
    return [sum(month in year for month in months) for year in years]


def _money(rows, tree):
    """{segment or region: the total of its lines}, as the page of the budget has it when it is narrowed to that place."""
    place = {row["id"]: row["place"] for row in rows["places"]}
    of: dict = {}
    for row in rows["budget"]:
        for one in tree.up(place.get(row["campaign"], NONE)):
            of.setdefault(one, []).append(row)
    told = {one: budget.made({"budget": lines}) for one, lines in of.items()}
    return {one: made.total for one, made in told.items() if made.lines}


def _activities(choice, first):
    """Parts of the campaigns of the next months, and of money planned without one, which stands in no segment and region."""
    months = [shifted(first, number) for number in range(MONTHS)]
    params: dict[str, object] = {f"month{number}": month for number, month in enumerate(months)}
    params |= {"first": first, "until": shifted(first, MONTHS)}
    params |= {"planned": CampaignStatus.PLANNED.value, "active": CampaignStatus.ACTIVE.value}
    sums = ", ".join(
        f"coalesce(sum(planned) FILTER (WHERE month = %(month{number})s), 0) AS planned{number}"
        for number in range(MONTHS)
    )
    narrow, places = "", [axis for axis in (choice.segment, choice.region) if axis is not None]
    for name in AXES:
        axis = getattr(choice, name)
        if axis is not None:
            narrow += f" AND coalesce(c.{name}_id, 0) = ANY(%({name})s)"
            params[name] = list(axis.under)
    money = MONEY.format(sums=sums)
    told = ", ".join(f"coalesce(m.planned{number}, 0) AS planned{number}" for number in range(MONTHS))
    loose = (
        f"SELECT 0 AS campaign, '' AS name, '' AS status, 0 AS segment, 0 AS region, '' AS owner, NULL AS starts_on, NULL AS ends_on, "
        f"'' AS word, m.* FROM (SELECT {sums}, coalesce(sum(committed), 0) AS committed, bool_or(planned <> 0 OR committed <> 0) AS foreseen "
        "FROM reports_campaignmonth WHERE campaign = 0 AND month >= %(first)s AND month < %(until)s) AS m WHERE m.foreseen"
    )
    if any(NONE not in axis.under for axis in places):
        loose += " AND false"
    return {
        "activities": (ACTIVITIES.format(sums=told, money=money, narrow=narrow), params),
        "loose": (loose, params),
    }


def _activity(row):
    return Activity(
        **{name: row[name] for name in ("campaign", "name", "status", "segment", "region", "owner", "word")},
        starts_on=reading.day(row["starts_on"]),
        ends_on=reading.day(row["ends_on"]),
        planned=tuple(Decimal(row[f"planned{number}"]) for number in range(MONTHS)),
        committed=Decimal(row["committed"]),
    )
