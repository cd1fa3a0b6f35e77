"""The leagues of my numbers in words: who is ranked, by what, and what may be read from it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from reports import drawing
from reports.choice import alone
from reports.leagues import CAMPAIGNS, FEW, REPS
from ui import formats
from ui.tables import Column, Table

LEAGUES = {REPS: gettext_lazy("Reps by win rate"), CAMPAIGNS: gettext_lazy("Campaigns by acceptance")}
WHAT = {
    REPS: gettext_lazy("won of the deals closed in the period"),
    CAMPAIGNS: gettext_lazy("accepted of the passes first offered in the period and finally answered"),
}
COLUMNS = [
    Column("name", pgettext_lazy("in a ranking", "Name"), href="href"),
    Column("place", pgettext_lazy("in a ranking", "Place")),
    Column("rate", pgettext_lazy("share", "Rate"), "percent", href="href"),
    Column("range", gettext_lazy("Lies between")),
    Column("good", gettext_lazy("Went well"), "number", href="good_href"),
    Column("cases", gettext_lazy("Cases"), "number", href="href"),
]


def league_cards(found, choice, own):
    """A (heading, what the rate is, what may be read from it, table) for each league; `own`: the reader's key among reps."""
    return [
        (
            LEAGUES[name],
            WHAT[name],
            verdict(league),
            league_table(name, league, choice, own if name == REPS else None),
        )
        for name, league in found.leagues.items()
    ]


def verdict(league):
    """What may be read from a league, in plain words."""
    if len(league.ranked) < 2:
        return _("Too few with %(few)s cases or more: nobody is ranked.") % {"few": FEW}
    if not league.apart:
        return _(
            "All ranges overlap: these differences may be chance, and no place here means more than another."
        )
    return ngettext(
        "%(apart)s of %(pairs)s pair differs by more than chance; where ranges overlap, places mean nothing.",
        "%(apart)s of %(pairs)s pairs differ by more than chance; where ranges overlap, places mean nothing.",
        league.pairs,
    ) % {"apart": formats.number(league.apart), "pairs": formats.number(league.pairs)}


def league_table(name, league, choice, own=None) -> Table:
    """The ranked first, with the places that chance allows them; then those with too few cases, by name."""
    return Table(
        [_entry(name, one, choice, own) for one in (*league.ranked, *league.few)],
        COLUMNS,
        LEAGUES[name],
        cards=True,
        empty=_("Nothing in this period that you may see."),
    )


def _entry(name, one, choice, own):
    behind, axis = ("win_rate", "rep") if name == REPS else ("acceptance", "campaign")
    low, high = (formats.percent(value, 0) for value in (one.low, one.high))
    kept = "won" if name == REPS else "accepted_passes"
    narrow = {axis: one.key if name == REPS and not one.brings else alone(one.key)}
    return {
        "place": _place(one),
        "name": _("%(name)s (you)") % {"name": one.name} if one.key == own else one.name,
        "href": drawing.address(behind, choice, **narrow),
        "good_href": drawing.address(kept, choice, **narrow),
        "rate": one.rate,
        "range": _("%(low)s to %(high)s") % {"low": low, "high": high},
        "low": one.low,
        "high": one.high,
        "good": one.good,
        "cases": one.cases,
    }


def _place(one):
    if one.places is None:
        return _("too few") if one.cases < FEW else formats.EMPTY
    first, last = one.places
    return formats.number(first) if first == last else f"{formats.number(first)}–{formats.number(last)}"
