"""Goals of markets in words: the table of the 3-1-3 plan, and the list of all goals."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import drawing
from reports.brand.showing import market as market_name
from reports.market.goals import LAST, THIS
from reports.outlining import year_name
from reports.periods import shifted
from reports.rounds.telling import year_name as months_of
from ui import formats
from ui.tables import Column, Table

SIZE, SHARE, AWARENESS, CUSTOMERS, WON = "size", "share", "awareness", "customers", "won"
FIGURES = {
    SIZE: gettext_lazy("Market size"),
    SHARE: gettext_lazy("Own share"),
    AWARENESS: gettext_lazy("Brand awareness"),
    CUSTOMERS: gettext_lazy("New customers"),
    WON: gettext_lazy("Won revenue, short-term target"),
}
GOALS = [
    Column("year", gettext_lazy("Fiscal year")),
    Column("market", gettext_lazy("Market"), href="href", note="key"),
    Column("size", gettext_lazy("Market size"), "short_money", note="source"),
    Column("share", gettext_lazy("Own share, in %"), "figure"),
    Column("awareness", gettext_lazy("Total awareness, in %"), "figure"),
    Column("customers", gettext_lazy("New customers"), "number"),
    Column("by", gettext_lazy("Set by"), kind="person"),
]
FILED = [
    *GOALS[:2],
    Column("key", gettext_lazy("Key target market")),
    Column("size", gettext_lazy("Market size")),
    Column("source", gettext_lazy("Source of the size")),
    Column("share_exact", gettext_lazy("Own share, in %")),
    Column("awareness_exact", gettext_lazy("Total awareness, in %")),
    Column("customers", gettext_lazy("New customers")),
    GOALS[-1],
]


def listed(found, currency, may_change) -> Table:
    """Every MarketGoal, with its form for whoever may change it."""
    rows = [
        {
            "year": months_of(one.first),
            "market": market_name(one.region, one.segment),
            "key": _("key target market") if one.is_key else "",
            "href": reverse("reports:market-goal", args=[one.pk]) if may_change else "",
            "size": one.size,
            "currency": currency,
            "source": one.source,
            **{name: percent(getattr(one, name)) for name in (SHARE, AWARENESS)},
            **{f"{name}_exact": getattr(one, name) for name in (SHARE, AWARENESS)},
            "customers": one.customers,
            "by": one.entered_by.full_name,
        }
        for one in found
    ]
    return Table(rows, GOALS, _("Goals of markets"), cards=True, empty=_("No goal of a market is set yet."))


def percent(value):
    """A percentage as it was set or measured."""
    return formats.EMPTY if value is None else formats.hundredths(round(Decimal(value), 1))


class Words:
    """Markets in the reader's language, by the names and addresses of a choice."""

    def __init__(self, found, known, choice):
        self.found, self.known, self.choice = found, known, choice
        self.heads = [self._head(number) for number in range(len(found.years))]

    def _head(self, number):
        """The Period by which the figures of a year are named: the months of all markets, where they are the same, else the fiscal year."""
        own = {row.years[number].until: row.years[number] for row in self.found.rows}
        return next(iter(own.values())) if len(own) == 1 else self.found.years[number]

    def apart(self):
        """A sentence on goals that were set before the fiscal year began in another month; "" without any."""
        fiscal = self.found.years
        told = {
            year.until
            for row in self.found.rows
            for number, year in enumerate(row.years)
            if row.goals[number] and year.until != fiscal[number].until
        }
        if not told:
            return ""
        words = {
            "fiscal": _months(fiscal[THIS].until),
            "years": formats.listed([_months(until) for until in sorted(told)]),
        }
        return (
            _(
                "The running fiscal year is %(fiscal)s. Goals that were set for other twelve months keep them, with figures of those very "
                "months beside them: %(years)s."
            )
            % words
        )

    def key(self):
        """The key target markets of the next year, in a sentence; "" without any."""
        names = [self.name(market) for market in self.found.key]
        if not names:
            return ""
        words = {"year": year_name(self.heads[THIS + 1]), "names": formats.listed(names)}
        return _("Key target markets of %(year)s: %(names)s.") % words

    def name(self, market):
        """A market in words."""
        region, segment = market
        where = self.known.regions.get(region)
        what = self.known.segments.get(segment)
        return market_name(where and where.name, what and what.name)

    def table(self) -> Table:
        """For each market its figures: last year, the goal and what came of this one, the distance, goals of the years to come."""
        names = [year_name(year) for year in self.heads]
        columns = [
            Column("market", _("Market")),
            *self._months_told(),
            Column("figure", _("Figure"), note="note"),
            Column("came0", names[LAST], "figure", href="came0_href", note="months0"),
            Column("goal1", _("Goal %(year)s") % {"year": names[THIS]}, "figure", href="goal1_href", note="months1"),
            Column("came1", _("%(year)s so far") % {"year": names[THIS]}, "figure", href="came1_href"),
            Column("distance", _("Distance"), "figure"),
            *(
                Column(
                    f"goal{number}", _("Goal %(year)s") % {"year": names[number]}, "figure", href=f"goal{number}_href",
                    note=f"months{number}",
                )
                for number in range(THIS + 1, len(names))
            ),
        ]  # fmt: skip
        rows = [line for row in self.found.rows for line in self._lines(row)]
        empty = _("No goal of a market is set yet.")
        return Table(
            rows,
            columns,
            _("Goals of markets beside short-term targets"),
            cards=True,
            sideways=True,
            empty=empty,
        )

    def _months_told(self):
        """A column of the months of the running goal, where any are not those of the fiscal year: files have no notes."""
        this = self.found.years[THIS].until
        return (
            [Column("months", _("Months"))]
            if any(row.years[THIS].until != this for row in self.found.rows)
            else []
        )

    def _lines(self, row):
        lines = [self._line(row, name) for name in FIGURES]
        more = {
            f"months{number}": _months(year.until)
            for number, (year, head) in enumerate(zip(row.years, self.heads, strict=True))
            if year.until != head.until
        }
        more |= {"market": self.name(row.market), "months": _months(row.years[THIS].until)}
        return [one | more for one in lines if one is not None]

    def _line(self, row, name):
        """One figure of a market; None where nothing is aimed at and nothing came."""
        numbers = range(len(self.found.years))
        goals = [self._goal(row, name, number) for number in numbers]
        came = [self._came(row, name, number) for number in (LAST, THIS)]
        if not any(one is not None for one in goals[THIS:]) and (name == SIZE or not any(came)):
            return None
        page = reverse("reports:market-goals")
        told = {"figure": str(FIGURES[name]), "note": self._note(row, name)}
        for number in numbers[THIS:]:
            target = name == WON
            href = self._address("targets-won", row, number) if target else page
            told |= {
                f"goal{number}": self._write(name, goals[number]),
                f"goal{number}_href": href,
                f"goal{number}_exact": goals[number],
            }
        for number in (LAST, THIS):
            told |= {
                f"came{number}": self._write(name, came[number]),
                f"came{number}_href": self._behind(row, name, number),
                f"came{number}_exact": came[number],
            }
        apart = None if name == SIZE or goals[THIS] is None or came[1] is None else came[1] - goals[THIS]
        return told | {"distance": self._write(name, apart, sign=True), "distance_exact": apart}

    def _goal(self, row, name, number):
        return row.promised[number] if name == WON else row.goal(name, number)

    def _came(self, row, name, number):
        if name == SHARE:
            return row.share(number)
        if name == AWARENESS:
            return row.awareness(number)
        if name == SIZE:
            return None if number == THIS else row.goal(SIZE, LAST)
        return row.came[number].won if name == WON else Decimal(row.came[number].customers)

    def _note(self, row, name):
        """The latest source of a size; by what the running year's share is told."""
        if name == SIZE:
            return next((goal["source"] for goal in reversed(row.goals) if goal and goal["source"]), "")
        return _("so far: of the market of as many days") if name == SHARE else ""

    def _write(self, name, value, sign=False):
        if value is None:
            return formats.EMPTY
        plus = "+" if sign and value > 0 else ""
        if name in (SHARE, AWARENESS):
            return f"{plus}{percent(value)}"
        if name == CUSTOMERS:
            return f"{plus}{formats.number(value, 0)}"
        return f"{plus}{formats.short_money(value, self.choice.currency)}"

    def _behind(self, row, name, number):
        if name == AWARENESS:
            wave = row.came[number].wave
            return reverse("reports:brand-wave", args=[wave[0]]) if wave else ""
        if name == SIZE:
            return reverse("reports:market-goals")
        return self._address("new_customers" if name == CUSTOMERS else "won", row, number)

    def _address(self, name, row, number):
        year, (region, segment) = row.years[number], row.market
        narrow = {"region": region, "segment": segment}
        months = {"from": f"{year.first:%Y-%m}", "to": f"{year.last:%Y-%m}"}
        return drawing.address(name, self.choice, period="custom", **months, **narrow)


def _months(until):
    """Twelve months in words, by the day after them: figures may count since a later first day."""
    return months_of(shifted(until, -12))
