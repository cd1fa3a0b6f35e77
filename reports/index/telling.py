"""How the joint index is written: each component with what is behind it, the verdict in a sentence, the trend."""

from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports import attribution, drawing
from reports.brand.showing import between
from reports.figures import FIGURES
from reports.index.figures import MONTH, QUARTER, Told
from reports.models import IndexKind
from reports.models.index import FLOWS
from ui import charts, formats
from ui.tables import Column, Table

BY = {QUARTER: gettext_lazy("By quarter"), MONTH: gettext_lazy("By month")}
BEHIND = {IndexKind.LEADS: "sqls", IndexKind.SALES: "effect_on_sales"}
MEANING = {
    IndexKind.LEADS: gettext_lazy(
        "Passes that sales accepted in the period: leads that both teams recognised."
    ),
    IndexKind.SALES: FIGURES["effect_on_sales"].meaning,
    IndexKind.REPUTATION: FIGURES["brand_reputation"].meaning,
    IndexKind.AWARENESS: FIGURES["brand_awareness"].meaning,
    IndexKind.UNAIDED: gettext_lazy(
        "Of those asked in the latest survey, the share who named the brand without a prompt."
    ),
    IndexKind.SEARCH: FIGURES["share_of_search"].meaning,
}
WHY = {
    IndexKind.LEADS: gettext_lazy("records do not reach back so far"),
    IndexKind.SALES: gettext_lazy("records do not reach back so far"),
    IndexKind.SEARCH: gettext_lazy("no month of the period is written down"),
}
NO_SURVEY = gettext_lazy("no survey asked it in this market, in the months for which one counts")
LINES = [
    Column("name", gettext_lazy("Component"), note="meaning"),
    Column("weight", gettext_lazy("Weight"), "figure"),
    Column("expected_told", gettext_lazy("Expected"), "figure"),
    Column("reached_told", pgettext_lazy("of an index", "Reached"), "figure", href="href", note="note"),
    Column("points", gettext_lazy("Points"), "figure", href="href", note="short"),
    Column("earned", gettext_lazy("Earned of expected points"), "figure"),
]
FILED = [
    Column("name", gettext_lazy("Component")),
    Column("weight", gettext_lazy("Weight")),
    Column("expected_exact", gettext_lazy("Expected")),
    Column("reached_exact", pgettext_lazy("of an index", "Reached")),
    Column("low", pgettext_lazy("of an interval", "From")),
    Column("high", pgettext_lazy("of an interval", "To")),
    Column("points_exact", gettext_lazy("Points")),
    Column("note", gettext_lazy("Note")),
]


def level(kind, value, currency):
    """A figure of a component as it is written: a count, money, or a level in %."""
    if kind == IndexKind.SALES:
        return formats.money(value, currency, places=0)
    if kind == IndexKind.LEADS:
        return formats.number(value, 0 if value == value.to_integral_value() else 1)
    return formats.hundredths(round(value, 1))


def a_month(kind, value, currency):
    """What is expected, as it was agreed: of a month where it flows."""
    told = level(kind, value, currency)
    return _("%(amount)s a month") % {"amount": told} if kind in FLOWS else told


def points(value):
    """Points to one place."""
    return formats.EMPTY if value is None else formats.number(round(value, 1), 1)


def address(choice, by, at=None):
    """The page of a period, by its first day."""
    asked = {"by": by, **({"at": f"{at:%Y-%m}"} if at else {})}
    asked |= {
        name: axis.address
        for name in ("segment", "region")
        for axis in (getattr(choice, name),)
        if axis is not None
    }
    return f"{reverse('reports:joint-index')}?{urlencode(asked)}"


class Words:
    """A Told in the reader's language; amounts only for whoever may read money."""

    def __init__(self, told: Told, choice, may_money):
        self.told, self.may_money = told, may_money
        self.choice = replace(choice, period=told.period, model=told.model)

    def lines(self) -> Table:
        """Each component: weight, what was expected and reached, points, and what it earns of the points expected of it."""
        whole = sum(one.component.weight for one in self.told.lines)
        rows = [self._line(one, one.component.weight / whole * 100) for one in self.told.lines]
        return Table(rows, LINES, _("Components of the index"), cards=True)

    def _line(self, one, weight):
        kind = one.component.kind
        seen = self.may_money or kind != IndexKind.SALES
        value = one.reached and one.reached.value
        earned = None if one.points is None else one.points * weight / 100
        return {
            "name": str(IndexKind(kind).label),
            "meaning": self._meaning(kind),
            "weight": formats.hundredths(round(weight, 1)),
            "weight_exact": one.component.weight,
            "expected_told": level(kind, one.expected, self.choice.currency) if seen else formats.EMPTY,
            "expected_exact": one.expected if seen else None,
            "reached_told": self._reached(kind, value, seen),
            "reached_exact": value if seen else None,
            "low": one.reached and one.reached.interval and one.reached.interval[0],
            "high": one.reached and one.reached.interval and one.reached.interval[1],
            "href": self.behind(one) if seen else "",
            "note": self._note(one),
            "points": points(one.points),
            "points_exact": one.points,
            "short": _("capped") if one.points == one.cap else "",
            "earned": _("%(earned)s of %(expected)s") % {"earned": points(earned), "expected": points(weight)},
        }  # fmt: skip

    def _meaning(self, kind):
        said = str(MEANING[kind])
        if kind != IndexKind.SALES:
            return said
        return f"{said} ({attribution.MODELS[self.told.model].label})"

    def _reached(self, kind, value, seen):
        if value is None:
            return _("not measured")
        return level(kind, value, self.choice.currency) if seen else formats.EMPTY

    def _note(self, one):
        """Of which survey or months it is, its interval, and what the interval means; why it was not measured."""
        kind, found = one.component.kind, one.reached
        if found is None:
            return str(WHY.get(kind, NO_SURVEY))
        said = []
        if found.wave:
            _pk, name, day, asked = found.wave
            words = _("%(name)s, %(day)s, %(asked)s asked")
            said.append(words % {"name": name, "day": formats.day(day), "asked": formats.number(asked)})
        if found.interval:
            said.append(between([part / 100 for part in found.interval]))
            if not one.is_sure:
                said.append(_("too few were asked to tell it from what is expected"))
        if found.months and found.months < self.told.period.months:
            words = _("%(known)s of %(months)s months")
            said.append(words % {"known": found.months, "months": self.told.period.months})
        return " · ".join(said)

    def behind(self, one):
        """The address of what a figure is made of; empty where nothing was measured."""
        kind, found = one.component.kind, one.reached
        if found is None:
            return ""
        if kind in BEHIND:
            return drawing.address(BEHIND[kind], self.choice)
        if found.wave:
            return reverse("reports:brand-wave", args=[found.wave[0]])
        places = {
            name: getattr(self.choice, name).id
            for name in ("region", "segment")
            if getattr(self.choice, name) is not None
        }
        return f"{reverse('reports:brand-search-list')}?{urlencode(places)}"

    def verdict(self):
        """(tone, sentence): the index, on how much of the weights it rests, and what was not measured."""
        told = self.told
        if told.version is None:
            return "warn", _("No version that both heads have signed is in force for this market and period.")
        if told.index is None:
            return "warn", _("Nothing of the index was measured in this period: there is no figure.")
        said = [
            _("Joint index: %(index)s, where 100 is what both heads expect.") % {"index": points(told.index)}
        ]
        missing = [str(IndexKind(one.component.kind).label) for one in told.lines if one.reached is None]
        if missing:
            words = _("Not measured, and left out of it: %(names)s. It rests on %(share)s of the weights.")
            said.append(
                words % {"names": formats.listed(missing), "share": formats.percent(told.measured, 0)}
            )
        if not told.is_over:
            words = _(
                "The period is running: of leads and sales that share of what is expected counts which is due by today (%(share)s of its days)."
            )
            said.append(words % {"share": formats.percent(told.gone, 0)})
        return ("ok" if told.index >= 100 else "warn"), " ".join(said)  # fmt: skip


def label(period, by):
    """A period on an axis."""
    if by == MONTH:
        return formats.short_month(period.first)
    return f"{formats.short_month(period.first)} – {formats.month(period.last)}"


def chart(trend, choice, by):
    """The index of each period, beside the 100 that is expected."""
    found = [one.index for one in trend]
    if sum(one is not None for one in found) < 2:
        return ""
    series = [
        charts.Series(_("Joint index"), tuple(None if one is None else round(one, 1) for one in found), 1),
        charts.Series(_("Expected"), tuple(100 for _one in found), 6),
    ]
    return charts.lines(
        [label(one.period, by) for one in trend],
        series,
        _("Joint index by period"),
        area=False,
        links=[address(choice, by, one.period.first) for one in trend],
    )


def trend_table(trend, choice, by) -> Table:
    """Index and points of each component by period, the latest first."""
    kinds = [kind for kind in IndexKind if any(_of(one, kind) for one in trend)]
    rows = [
        {
            "period": str(one.period.label),
            "href": address(choice, by, one.period.first),
            "index": points(one.index),
            "index_exact": one.index,
            "measured": one.measured if one.version else None,
            "version": str(one.version.id) if one.version else formats.EMPTY,
            "state": "" if one.is_over else _("running"),
            **{kind: points(_points(one, kind)) for kind in kinds},
            **{f"{kind}_exact": _points(one, kind) for kind in kinds},
        }
        for one in reversed(trend)
    ]
    columns = [
        Column("period", _("Period"), href="href", note="state"),
        Column("index", _("Joint index"), "figure", href="href"),
        *(Column(kind, kind.label, "figure") for kind in kinds),
        Column("measured", _("Weights measured"), "percent"),
        Column("version", _("Version"), "figure"),
    ]
    return Table(rows, columns, _("Points by period"), sideways=True)


def _of(told, kind):
    return next((one for one in told.lines if one.component.kind == kind), None)


def _points(told, kind):
    found = _of(told, kind)
    return found and found.points


def components(found, currency, may_money):
    """What a version says of each component: rows of name, meaning, weight, share of all weights, expected."""
    whole = sum(one.weight for one in found)
    return [
        {
            "name": str(IndexKind(one.kind).label),
            "meaning": str(MEANING[one.kind]),
            "weight": one.weight,
            "share": one.weight / whole,
            "expected": a_month(one.kind, one.expected, currency)
            if may_money or one.kind != IndexKind.SALES
            else formats.EMPTY,
        }
        for one in found
    ]


COMPONENTS = [
    Column("name", gettext_lazy("Component"), note="meaning"),
    Column("weight", gettext_lazy("Weight"), "number"),
    Column("share", gettext_lazy("Of all weights"), "percent"),
    Column("expected", gettext_lazy("Expected"), "figure"),
]


def component_table(found, currency, may_money) -> Table:
    """The components of a version."""
    return Table(
        components(found, currency, may_money), COMPONENTS, _("Components and expectations"), cards=True
    )


def lately(found, currency, may_money):
    """{kind: what was reached lately, in words} beside the form."""
    return {
        kind: a_month(kind, one.value, currency)
        if one and (may_money or kind != IndexKind.SALES)
        else formats.EMPTY
        for kind, one in found.items()
    }
