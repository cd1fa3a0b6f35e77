"""The 3-1-3 plan in words: three tables, and in a sentence whether past years bear what is promised."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipeline.models import CampaignStatus
from reports import drawing, file_tables
from reports.columns import link
from reports.models import Measure
from reports.models.base import NONE
from reports.outlook import BEFORE, NEXT, THIS, YEAR
from reports.promising import BEHIND
from reports.regions import indented, named
from ui import formats
from ui.tables import Column, Table

HEEDED = ("segment", "region")
MOST = 100  # activities that the page shows
BY = {"segment": gettext_lazy("By segment"), "region": gettext_lazy("By region")}
YEARS = {THIS: gettext_lazy("This fiscal year"), NEXT: gettext_lazy("The next fiscal year")}
WORDS = {
    "": (gettext_lazy("sales not asked"), ""),
    "asked": (gettext_lazy("sales asked"), "accent"),
    "heard": (gettext_lazy("sales heard"), "ok"),
}
BUDGET = [
    Column("name", gettext_lazy("Name")),
    Column("target", gettext_lazy("Target"), "figure", href="target_href"),
    Column("attained", gettext_lazy("Attained"), "figure", href="attained_href"),
    Column("share", gettext_lazy("Share"), "percent", href="attained_href"),
    Column("planned", gettext_lazy("Planned"), "short_money", href="planned_href"),
    Column("committed", gettext_lazy("Committed"), "short_money", href="committed_href"),
    Column("paid", gettext_lazy("Paid"), "short_money", href="paid_href"),
    Column("left", gettext_lazy("Budget left"), "short_money", href="left_href"),
]


def year_name(period):
    """A fiscal year, short."""
    first = period.until.year - 1 if period.until.month == 1 else None
    return str(first) if first else f"{period.until.year - 1}/{period.until.year % 100:02}"


class Words:
    """An Outlook in the reader's language, for one measure."""

    def __init__(self, found, measure, known, choice):
        self.found, self.measure, self.choice = found, measure, choice
        none = _("No segment") if found.axis == "segment" else _("No region")
        axes = known.segments if found.axis == "segment" else known.regions
        self.names = {pk: one.name for pk, one in axes.items()} | {NONE: none}
        self.places = [{pk: one.name for pk, one in axis.items()} for axis in (known.segments, known.regions)]

    def amount(self, number):
        """An amount or a count, as the measure is written."""
        if self.measure == Measure.SQLS:
            return formats.number(number, 0)
        return formats.short_money(number, self.choice.currency)

    def span(self, period, **narrow):
        """What of an address names a year (or another Period) and a place."""
        if "region" in narrow:
            narrow["region"] = named(narrow["region"], self.choice)
        months = {"from": f"{period.first:%Y-%m}", "to": f"{period.last:%Y-%m}"}
        return {"period": "custom", **months, **narrow}

    def address(self, name, period, **narrow):
        """The list behind a figure of a year."""
        return drawing.address(name, self.choice, **self.span(period, **narrow))

    def outline(self) -> Table:
        """What past years brought, the running one, and what is promised for those to come, each with its growth."""
        columns = [Column("name", _("Segment") if self.found.axis == "segment" else _("Region"))]
        for number, year in enumerate(self.found.years):
            name, label = f"y{number}", year_name(year)
            if number == BEFORE:
                columns.append(
                    Column("so_far", _("%(year)s so far") % {"year": label}, "figure", href="so_far_href")
                )
            label = label if number < BEFORE else _("Target %(year)s") % {"year": label}
            columns.append(Column(name, label, "figure", href=f"{name}_href", note=f"{name}_note"))
        depths = dict(self.found.tree.lines(row.id for row in self.found.rows))
        rows = [
            self._row(row, depths[row.id], **{self.found.axis: row.id}) | self._above(row.id)
            for row in self.found.rows
        ]
        if len(rows) != 1:
            rows.append(self._row(self.found.total) | {"name": _("All")})
        empty = _("Nothing was attained and nothing is promised in these years.")
        return Table(
            rows if self.found.rows else [], columns, _("Three years in outline"), cards=True, empty=empty
        )

    def _row(self, row, depth=0, **narrow):
        shown = {"name": indented(self.names.get(row.id, str(row.id)), depth)}
        for number, year in enumerate(self.found.years):
            one, name = row.years[number], f"y{number}"
            what = BEHIND[self.measure] if number < BEFORE else f"targets-{self.measure}"
            told = (one.attained or None) if number < BEFORE else one.target
            shown |= {
                name: self.amount(told),
                f"{name}_exact": told,
                f"{name}_href": self.address(what, year, **narrow),
                f"{name}_note": self._note(row, number),
            }
        running = row.years[BEFORE].attained
        behind = self.address(BEHIND[self.measure], self.found.years[BEFORE], **narrow)
        return shown | {"so_far": self.amount(running), "so_far_exact": running, "so_far_href": behind}

    def _above(self, pk):
        return (
            {"parent": self.names.get(self.found.tree.above.get(pk))} if self.found.axis == "region" else {}
        )

    def _note(self, row, number):
        """The growth of a year, or for how many months of it a target is set."""
        if row.is_part(number):
            return _("set for %(count)s of %(all)s months") % {"count": row.months[number], "all": YEAR}
        growth = row.growth(number)
        return "" if growth is None else formats.percent(growth, 0, sign=True)

    def verdict(self):
        """(tone, text): growth meant beside growth that came, and promises that nothing stands behind."""
        came, meant = self.found.came, self.found.meant
        words = {"came": formats.percent(came, 0, sign=True), "meant": formats.percent(meant, 0, sign=True)}
        if meant is None:
            told = [
                _(
                    "No target is set for these years yet, or nothing came last year that it could be held against."
                )
            ]
        elif came is None:
            told = [
                _("The targets mean growth of %(meant)s a year; how the last years grew is not known.")
                % words
            ]
        else:
            told = [
                _("The targets mean growth of %(meant)s a year; the last whole year brought %(came)s.")
                % words
            ]
        ahead = self.found.ahead
        if ahead is not None:
            told.append(self._from_here(ahead))
        wishes = [self.names.get(row.id, str(row.id)) for row in self.found.rows if row.is_wish]
        if wishes:
            text = _("Nothing came in three years where targets stand: %(names)s.")
            told.append(text % {"names": formats.listed(wishes)})
        climb = ahead if ahead is not None and self.found.is_on_course else meant
        steep = climb is not None and came is not None and climb > max(came, 0)
        return "warn" if wishes or steep else "", " ".join(told)

    def _from_here(self, ahead):
        """A sentence on the growth from the target of a year that is mostly over."""
        share = self.found.total.years[BEFORE].share
        return _("From this year's target, of which %(share)s has come, it is %(ahead)s a year.") % {
            "share": formats.percent(share, 0),
            "ahead": formats.percent(ahead, 0, sign=True),
        }

    def doors(self):
        """(label, address) of the matrix in which the targets of each year are set."""
        page = reverse("reports:targets")
        return [
            (year_name(year), f"{page}?{self.choice.query(measure=str(self.measure), **self.span(year))}")
            for year in self.found.years[BEFORE:]
        ]

    def year(self) -> Table:
        """Targets of the year beside its budget, for each segment or region with either."""
        found = self.found
        promises = {row.id: row.years[found.year] for row in found.rows}
        told = [
            pk for pk in {**promises, **found.money} if pk in found.money or promises[pk].target is not None
        ]
        budgets = {
            pk: self._budget(pk, promises.get(pk), found.money.get(pk), **{found.axis: pk}) for pk in told
        }

        def order(pk):
            row = budgets[pk]
            return -(row["target_exact"] or 0), -(row["planned"] or 0), row["name"]

        rows = [
            budgets[pk] | {"name": indented(budgets[pk]["name"], depth)} | self._above(pk)
            for pk, depth in found.tree.lines(told, order)
        ]
        if len(rows) > 1:
            rows.append(
                self._budget(NONE, found.total.years[found.year], found.money_total) | {"name": _("All")}
            )
        empty = _("No target is set and no money is planned for this year.")
        return Table(rows, BUDGET, _("Targets of the year beside its budget"), cards=True, empty=empty)

    def _budget(self, pk, promise, line, **narrow):
        period = self.found.period
        page = f"{reverse('reports:budget')}?{self.choice.query(**self.span(period, **narrow))}"
        exact = file_tables.promised(promise) if promise else dict.fromkeys(("target", "attained", "share"))
        return {
            "name": self.names.get(pk, str(pk)),
            "currency": self.choice.currency,
            "target": self.amount(exact["target"]),
            "attained": self.amount(exact["attained"]),
            "share": exact["share"],
            **{f"{name}_exact": exact[name] for name in ("target", "attained")},
            **{name: line and getattr(line, name) for name in ("planned", "committed", "paid", "left")},
            "target_href": self.address(f"targets-{self.measure}", period, **narrow),
            "attained_href": self.address(BEHIND[self.measure], period, **narrow),
            **{
                f"{kind}_href": self.address(kind, period, **narrow)
                for kind in ("planned", "committed", "paid")
            },
            "left_href": page,
        }

    def activities(self, most=None) -> Table:
        """Campaigns of the next months with what is planned for each month, whose they are, and whether sales was asked."""
        months = [
            Column(f"m{number}", formats.month(month), "short_money", href=f"m{number}_href")
            for number, month in enumerate(self.found.months)
        ]
        columns = [
            Column("name", _("Campaign"), href="href", note="where"),
            Column("owner", _("Owner"), "person"),
            Column("starts_on", _("First day"), "day"),
            Column("ends_on", _("Last day"), "day"),
            *months,
            Column("committed", _("Committed"), "short_money", href="committed_href"),
            Column("word", _("Sales' word"), "pill"),
        ]
        shown = self.found.activities[:most]
        rows = [self._activity(one) for one in shown]
        if len(rows) > 1:
            rows.append(self._all())
        empty = _("No campaign runs in these months and no money is planned for them.")
        return Table(rows, columns, _("Activities of the next three months"), cards=True, empty=empty)

    def _activity(self, one):
        narrow = {"campaign": one.campaign}
        where = [names.get(pk) for names, pk in zip(self.places, (one.segment, one.region), strict=True)]
        status = [CampaignStatus(one.status).label] if one.status else []
        word, tone = WORDS[one.word] if one.campaign else ("", "")
        return {
            "name": one.name or _("Without a campaign"),
            "href": link("pipeline:campaign", one.campaign),
            "where": " · ".join(map(str, filter(None, [*status, *where]))),
            "owner": one.owner,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "word": str(word),
            "tone": tone,
            **self._months(one.planned, one.committed, **narrow),
        }

    def _all(self):
        found = self.found.activities
        planned = [sum(one.planned[number] for one in found) for number in range(len(self.found.months))]
        return {"name": _("All"), **self._months(planned, sum(one.committed for one in found))}

    def _months(self, planned, committed, **narrow):
        first, last = self.found.months[0], self.found.months[-1]
        span = {"period": "custom", "from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}"}
        linked = narrow.get("campaign", True)  # money without a campaign has no list of its own
        told = {"currency": self.choice.currency, "committed": committed}
        told["committed_href"] = drawing.address("committed", self.choice, **span, **narrow) if linked else ""
        for number, month in enumerate(self.found.months):
            told[f"m{number}"] = planned[number]
            address = drawing.of_month("planned", self.choice, month, **narrow) if linked else ""
            told[f"m{number}_href"] = address
        return told
