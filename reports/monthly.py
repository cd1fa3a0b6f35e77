"""How closed and open months are written, in the reader's language."""

from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports import drawing
from reports.columns import CANCELLED, link
from reports.months.official import NOTHING, PASSES
from ui import formats
from ui.tables import Column, Table

# (name, label, what of it, the measures that it sums, is it money)
LINES = (
    ("won", gettext_lazy("Won revenue"), "amount", ("won", "cancelled"), True),
    ("margin", gettext_lazy("Margin"), "margin", ("won", "cancelled"), True),
    ("created", gettext_lazy("Pipeline created"), "amount", ("created",), True),
    ("lost", gettext_lazy("Lost value"), "amount", ("lost",), True),
    ("spend", gettext_lazy("Marketing spend"), "amount", ("committed", "paid"), True),
    ("planned", gettext_lazy("Planned spend"), "amount", ("planned",), True),
    ("wins", gettext_lazy("Deals won"), "n", ("won",), False),
    ("losses", gettext_lazy("Deals lost"), "n", ("lost",), False),
    ("leads", gettext_lazy("New leads"), "n", ("leads",), False),
    ("mqls", gettext_lazy("MQLs"), "n", ("mqls",), False),
    ("offered", gettext_lazy("First offers"), "n", ("offered",), False),
    ("sqls", gettext_lazy("Accepted SQLs"), "n", ("sqls",), False),
)
NAMES = {
    "won": gettext_lazy("Won"), "cancelled": CANCELLED, "lost": gettext_lazy("Lost"), "created": pgettext_lazy("of a deal", "Opened"),
    "credit": gettext_lazy("Credit"), "planned": gettext_lazy("Planned spend"), "committed": gettext_lazy("Committed spend"),
    "paid": gettext_lazy("Paid spend"), "leads": gettext_lazy("Lead"), "mqls": gettext_lazy("MQL"), "sqls": gettext_lazy("SQL"),
    "offered": gettext_lazy("First offer"), "answered": gettext_lazy("Answered"), "accepted": gettext_lazy("Accepted"),
}  # fmt: skip
WHAT = {
    "came": gettext_lazy("came late"),
    "gone": gettext_lazy("no longer counts"),
    "moved": gettext_lazy("stands elsewhere"),
    "handed": gettext_lazy("changed hands"),
    "regrouped": gettext_lazy("changed region"),
    "changed": pgettext_lazy("of a record", "changed"),
}
LIST = [
    Column("month", gettext_lazy("Month"), href="href"),
    Column("state", gettext_lazy("Books"), "pill"),
    Column("won", gettext_lazy("Won revenue"), "short_money", href="won_href"),
    Column(
        "since",
        gettext_lazy("Restated since close"),
        "pill",
        href="since_href",
        tone="since_tone",
        note="since_note",
    ),
    Column("margin", gettext_lazy("Margin"), "short_money", href="margin_href"),
    Column("created", gettext_lazy("Pipeline created"), "short_money", href="created_href"),
    Column("spend", gettext_lazy("Marketing spend"), "short_money", href="spend_href"),
    Column("leads", gettext_lazy("New leads"), "number", href="leads_href"),
    Column("mqls", gettext_lazy("MQLs"), "number", href="mqls_href"),
    Column("sqls", gettext_lazy("Accepted SQLs"), "number", href="sqls_href"),
]
CHANGED = [
    Column("name", gettext_lazy("What changed"), href="href", note="kind"),
    Column("what", gettext_lazy("How"), "pill", note="regrouped"),
    Column("was", gettext_lazy("At the close"), "money"),
    Column("now", gettext_lazy("Now"), "money"),
    Column("difference", gettext_lazy("Difference"), "money"),
    Column("who", gettext_lazy("By")),
    Column("at", gettext_lazy("When"), "moment"),
]
SIDES = {
    "official": gettext_lazy("Official"),
    "late": gettext_lazy("of it came late"),
    "live": gettext_lazy("Live"),
    "restated": gettext_lazy("Restated since close"),
}
BEHIND = {
    "wins": "won",
    "losses": "lost",
}  # else the list of its own name
LEADING = ("won", "spend")
PAGES = dict.fromkeys(("won", "cancelled", "lost", "created", "credit"), "leads:deal")
SPENDS = ("planned", "committed", "paid")


def value(worths, what, measures):
    """One figure of a month's {measure: Worth}."""
    return sum((getattr(worths.get(one, NOTHING), what) for one in measures), Decimal())


def late(one):
    """{figure: what of its official sum came late} of a Month, where anything did."""
    worths = ((name, value(one.late, what, measures)) for name, _label, what, measures, _money in LINES)
    return {name: number for name, number in worths if number}


def key(month):
    """A month in an address."""
    return f"{month:%Y-%m}"


def narrowed(choice, **other):
    """The query of a choice for a page whose address names its month: all but the period, with some of it changed."""
    return choice.query(**dict.fromkeys(("period", "from", "to")), **other)


def address(month, choice):
    """The address of the page of a month, narrowed as the choice is."""
    return f"{reverse('reports:month', args=[key(month)])}?{narrowed(choice)}"


def table(found, choice) -> Table:
    """Every month with its official figures, and by how much it was restated since its close."""
    rows = [_row(one, found, choice) for one in found.months]
    return Table(rows, LIST, _("Months"), cards=True, empty=_("Nothing happened in this period yet."))


def behind(one, name, choice, side="official"):
    """The address of the list behind an official figure of a Month: what counts in it anyway where nothing else is booked to it."""
    what, measures = next((what, measures) for line, _label, what, measures, _money in LINES if line == name)
    if one.shut is None and not value(one.late, what, measures):
        return drawing.of_month(BEHIND.get(name, name), choice, one.month)
    if one.shut is None and side == "restated":
        side = "late"
    return frozen_address(one.month, name, choice, side)


def frozen_address(month, name, choice, side="official", **other):
    """The address of the list behind an official figure of a month that has its own."""
    asked = narrowed(choice, side=None if side == "official" else side, **other)
    return f"{reverse('reports:month-figure', args=[key(month), name])}?{asked}"


def _row(one, found, choice):
    official = {name: value(one.official, what, measures) for name, _label, what, measures, _money in LINES}
    late = changed_figures(one.late, choice.currency, LEADING)
    return {
        **official,
        "month": formats.month(one.month),
        "href": address(one.month, choice),
        "state": _("books closed") if one.shut else _("books open"),
        "tone": "ok" if one.shut else "",
        "since": changed_figures(one.restated, choice.currency, ("won",)),
        "since_note": (late and _("late from closed months: %(figures)s") % {"figures": late})
        or changed_figures(one.restated, choice.currency, ("spend",)),
        "since_tone": "warn",
        "since_href": behind(one, "won", choice, "restated"),
        **{f"{name}_href": behind(one, name, choice) for name in official},
        "currency": choice.currency,
    }  # fmt: skip


def lines(one, choice):
    """The figures of one month in words: official, what of it came late, live, restated since the close."""

    def written(number, money, sign=False):
        return (
            formats.money(number, choice.currency, sign=sign) if money else formats.number(number, sign=sign)
        )

    shown = []
    for name, label, what, measures, money in LINES:
        sides = {side: value(getattr(one, side), what, measures) for side in SIDES}
        shown.append(
            {
                "name": name,
                "label": label,
                "official": written(sides["official"], money),
                "hrefs": {side: behind(one, name, choice, side) for side in ("official", "late", "restated")},
                "late": written(sides["late"], money, True) if sides["late"] else "",
                "live": written(sides["live"], money),
                "href": drawing.of_month(BEHIND.get(name, name), choice, one.month),
                "restated": written(sides["restated"], money, True) if sides["restated"] else "",
            }
        )  # fmt: skip
    return shown


def changed_figures(worths, currency, names=None):
    """ "Won revenue +12,400 €; Margin +3,000 €": the figures (only `names`, if given) that are not nothing."""
    told = []
    for name, label, what, measures, money in LINES:
        if (amount := value(worths, what, measures)) and (names is None or name in names):
            text = formats.money(amount, currency, sign=True) if money else formats.number(amount, sign=True)
            told.append(f"{label} {text}")
    return "; ".join(told)


def restated(one, currency):
    """ "restated since close: Won revenue +12,400 €": won revenue and spend; "" where neither changed."""
    changed = changed_figures(one.restated, currency, LEADING)
    return _("restated since close: %(figures)s") % {"figures": changed} if changed else ""


def changed_table(page, choice, request, what="amount") -> Table:
    """What has changed since a close, item by item, in its `what`: amount, margin or n. `page`: a ui.keyset.Page of Changes."""
    columns = CHANGED
    if what == "n":
        columns = [
            replace(one, kind="number") if one.name in ("was", "now", "difference") else one
            for one in CHANGED
        ]
    return Table(
        [_changed(one, choice, what) for one in page.rows],
        columns,
        _("Changed since the close"),
        request=request,
        page=page,
        cards=True,
        empty=_("Nothing has changed since the close."),
    )


def _changed(one, choice, what):
    money = what == "n" or one.measure not in PASSES
    page = PAGES.get(one.measure, "" if one.measure in SPENDS else "leads:lead")
    there = one.there and page
    return {
        "name": one.name or f"{NAMES[one.measure]} {one.item}",
        "href": link(page, one.item) if there else "",
        "kind": str(NAMES[one.measure]),
        "what": str(WHAT[one.what]),
        "regrouped": regrouped(one),
        **{
            side: getattr(getattr(one, side), what) if money else None
            for side in ("was", "now", "difference")
        },
        "who": one.who,
        "at": one.at,
        "currency": choice.currency,
    }


def regrouped(one):
    """ "Bavaria: South → East" of what changed region; "" of all else."""
    if not one.region:
        return ""
    words = {
        "region": one.region,
        "was": one.region_was or _("No region"),
        "now": one.region_is or _("No region"),
    }
    return _("%(region)s: %(was)s → %(now)s") % words
