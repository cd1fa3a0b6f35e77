"""What people said of a period and how right they were, as tables, each figure with the address of the deals it was about."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import drawing, periods
from reports.forecast.about import BEST_CASE, COLUMNS, COMMIT, SUMMED, WEIGHTED
from reports.forecast.said import subject
from reports.forecast.sums import LATEST
from ui import charts, formats
from ui.tables import Column, Table

SAID = [
    Column("whose", gettext_lazy("Whose deals"), kind="person"),
    Column("by", gettext_lazy("Said by"), kind="person"),
    Column("at", gettext_lazy("When"), "moment"),
    Column("commit", gettext_lazy("Commit"), "short_money", href="commit_href"),
    Column("adjusted", gettext_lazy("Over the deals"), "figure", href="commit_href"),
    Column("best_case", gettext_lazy("Best case"), "short_money", href="best_case_href"),
    Column("reason", gettext_lazy("Why")),
]
PAST = [
    Column("period", gettext_lazy("Period")),
    Column("whose", gettext_lazy("Whose deals"), kind="person"),
    Column("by", gettext_lazy("Said by"), kind="person"),
    Column(
        "expected", gettext_lazy("Submitted by day 1"), "short_money", href="expected_href", note="of_deals"
    ),
    Column("final", gettext_lazy("Won in the end"), "short_money", href="final_href"),
    Column("error", gettext_lazy("Error"), "figure", href="final_href"),
]


def said_table(found, choice) -> Table:
    """What people said of this period, the newest first."""
    rows = [_said(one, choice) for one in found.said[:LATEST]]
    return Table(
        rows,
        SAID,
        _("What people said"),
        cards=True,
        empty=_("Nobody has said anything about this period yet."),
    )


def past_table(found, choice) -> Table:
    """How right past forecasts were."""
    rows = [
        _said(one, choice)
        | {
            "period": period(one).label,
            "expected": one.expected,
            "expected_href": address(one, choice, COMMIT if one.by else WEIGHTED),
            "of_deals": _("the deals said %(amount)s")
            % {"amount": formats.short_money(one.summed_commit, choice.currency)}
            if one.by
            else "",
            "final": one.final,
            "final_href": drawing.address("won", choice, **about(one.first, one.months, one.rep, one.team)),
            "error": formats.percent(one.error, 0, sign=True),
            "error_exact": one.error,
        }
        for one in found.past
    ]
    return Table(rows, PAST, _("How right they were"), cards=True,
                 empty=_("Nothing was said by the first day of a past period of this length yet."))  # fmt: skip


def past_chart(found, choice):
    """What was submitted for whom the choice is of, the whole house or one team or person, on the first day of each past period beside
    what was won; "" without any."""
    whose = subject(choice)
    key = None if whose is None else (whose.get("rep"), whose.get("team"))
    house = [one for one in found.past if (one.rep, one.team) == key]
    firsts = sorted({one.first for one in house})
    if not firsts:
        return ""

    def told(of):
        return tuple(of.get(first) for first in firsts)

    said = {one.first: one.expected for one in reversed(house) if one.by}
    weighed = {one.first: one.expected for one in house if not one.by}
    length = house[0].months - 1
    return charts.bars(
        [str(periods.between(first, periods.shifted(first, length)).label) for first in firsts],
        [
            charts.Series(_("Said by people"), told(said), 3),
            charts.Series(_("The deals, weighted"), told(weighed), 6),
            charts.Series(_("Won in the end"), told({one.first: one.final for one in house}), 1),
        ],
        _("What was submitted for %(whose)s, and what was won") % {"whose": house[0].whose}
        if whose
        else _("What was submitted for the whole house, and what was won"),
        unit=charts.money(choice.currency),
    )


def address(one, choice, side=COMMIT):
    """The address of the deals that a Call was about, as they stood when it was said."""
    query = choice.query(side=None if side == COMMIT else side)
    return f"{reverse('reports:forecast-said', args=[one.id])}?{query}"


def about(first, months, rep, team):
    """What narrows a list to the deals that a forecast is about, whatever else is chosen."""
    last = periods.shifted(first, months - 1)
    return {
        **dict.fromkeys(("channel", "segment", "region", "campaign")),
        "period": "custom",
        "from": f"{first:%Y-%m}",
        "to": f"{last:%Y-%m}",
        "team": team,
        "rep": rep,
    }


def period(one):
    """What a forecast was said of."""
    return periods.between(one.first, periods.shifted(one.first, one.months - 1))


TITLES = {
    COMMIT: gettext_lazy("Closed and commit as they stood: %(whose)s"),
    BEST_CASE: gettext_lazy("Best case as it stood: %(whose)s"),
    WEIGHTED: gettext_lazy("All deals as they stood, weighted: %(whose)s"),
}


def title(call, side):
    """The heading over the deals of a ForecastCall."""
    return TITLES[side] % {"whose": call.rep or call.team or _("The whole house")}


def told(call, side, currency):
    """What was said, what its deals said, and why both differ; or that nobody kept the deals."""
    summed = getattr(call, SUMMED[side])
    words = _("%(who)s, %(at)s. The deals said %(amount)s.") % {
        "who": call.by or _("The deals, weighted"),
        "at": formats.moment(call.at),
        "amount": formats.money(summed, currency),
    }
    if call.by and side != WEIGHTED:
        words += " " + _("Said: %(amount)s (%(difference)s).") % {
            "amount": formats.money(getattr(call, side), currency),
            "difference": formats.money(getattr(call, side) - summed, currency, sign=True),
        }
    if call.reason:
        words += " " + _("Why: %(reason)s") % {"reason": call.reason}
    return words


def today(call, choice):
    """The address of the deals of the same people and period as they stand now."""
    narrow = about(call.first, call.months, call.rep_id, call.team_id)
    return drawing.address("forecast_pipeline", choice, **narrow)


def deals_table(call, rows, request, page) -> Table:
    """The Table of the deals that a forecast was about."""
    empty = _("No deal counted there.")
    if call.deals is None:
        empty = _(
            "This forecast is older than the keeping of its deals: its sums stand, the deals behind them were not written down."
        )
    return Table(
        rows, COLUMNS, str(_("Deals as they stood")), request=request, page=page, cards=True, empty=empty
    )


def _said(one, choice):
    return {
        "commit_href": address(one, choice),
        "best_case_href": address(one, choice, BEST_CASE),
        "whose": one.whose or _("The whole house"),
        "by": one.by or _("the deals, weighted"),
        "at": one.at,
        "commit": one.commit,
        "adjusted": formats.short_money(one.adjusted, choice.currency) if one.adjusted else formats.EMPTY,
        "adjusted_exact": one.adjusted,
        "best_case": one.best_case,
        "reason": one.reason,
        "currency": choice.currency,
    }
