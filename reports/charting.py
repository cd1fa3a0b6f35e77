"""The charts of the dashboard, in the reader's language."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from reports import attribution
from reports.drawing import address, channel_name, worked
from reports.models.answers import Clock
from reports.money import NOT_AVAILABLE
from reports.opinions import COUNTS, MEASURES
from reports.returns import WITHOUT_CAMPAIGN
from ui import charts, formats

STAGES = (
    ("leads", gettext_lazy("Leads"), None, "leads"),
    ("to_mql", gettext_lazy("MQL"), "new_mql", "to_mql"),
    ("to_sql", gettext_lazy("SQL"), "mql_sql", "to_sql"),
    ("to_deal", gettext_lazy("Deal"), "sql_deal", "to_deal"),
    ("to_won", gettext_lazy("Won"), "deal_won", "to_won"),
)
MOST_CHANNELS = 10


def funnel_chart(board, choice):
    """The passes captured in the period, by how far they came until today; median days of each step."""
    stages = [
        charts.Stage(str(label), getattr(board.funnel.now, name), address(behind, choice), _days(board, step))
        for name, label, step, behind in STAGES
    ]
    return charts.funnel(stages, _("Passes captured in the period, by how far they came"))


def _days(board, step):
    median = board.funnel.steps[step].median if step else None
    return "" if median is None else _("%(days)s d") % {"days": formats.number(median)}


def channel_chart(board, choice):
    """Spend → pipeline → revenue by channel, the ROI above the bars."""
    found = {
        name: money for name, money in board.returns.channels().items() if name and name != WITHOUT_CAMPAIGN
    }
    shown = [
        (name, money) for name, money in found.items() if money.spend or money.pipeline or money.revenue
    ][:MOST_CHANNELS]
    return charts.bars(
        [channel_name(name) for name, _money in shown],
        [
            charts.Series(_("Spend"), tuple(money.spend for _name, money in shown), 6),
            charts.Series(pgettext("created", "Pipeline"), tuple(money.pipeline for _name, money in shown), 2),
            charts.Series(_("Revenue"), tuple(money.revenue for _name, money in shown), 1),
        ],
        _("Spend, pipeline and revenue by channel"),
        unit=charts.money(choice.currency),
        notes=[_short_roi(money) if money.spend else "" for _name, money in shown],
        notes_name=_("Revenue ROI"),
        links=[f"{reverse('reports:campaigns')}?{choice.query(channel=name)}" for name, _money in shown],
    )  # fmt: skip


def opinions_chart(rows, measure, choice):
    """How far the models lie apart on each channel (reports.opinions); the chosen one stands out."""
    shown = rows[:MOST_CHANNELS]
    return charts.spans(
        [channel_name(one.key) for one in shown],
        [
            charts.Series(
                str(model.label), tuple(one.said[key] for one in shown), 1 if key == choice.model else 6
            )
            for key, model in attribution.MODELS.items()
        ],
        _("%(measure)s of each channel by every model") % {"measure": MEASURES[measure]},
        unit=charts.NUMBER if measure in COUNTS else charts.money(choice.currency),
    )


def _short_roi(money):
    roi = money.revenue_roi
    return str(roi) if roi == NOT_AVAILABLE else formats.percent(roi, 0, sign=True)


def answer_chart(board, choice):
    """How long offers waited for their answer, in working time, with the median and what nine of ten kept to."""
    bins = list(board.answers.bins())
    clock = board.answers.clocks[Clock.ANSWER]
    marks = [
        charts.Mark(label, at)
        for label, at in (
            (_("median"), _place(bins, clock.median())),
            (_("9 of 10"), _place(bins, clock.percentile(90))),
        )
        if at is not None
    ]
    return charts.histogram(
        [
            charts.Bin(_bin_name(low, high), count, address(bin_list(low, high), choice))
            for low, high, count in bins
        ],
        _("Working time from offer to answer"),
        marks=marks,
        tone=2,
    )


def bin_list(low, high):
    """The list of the offers in a bin."""
    if low is None:
        return "not_answered"
    return "answered_later" if high is None else f"answered_in_{high}"


def _bin_name(low, high):
    if low is None:
        return _("none yet")
    if high is None:
        return _("> %(time)s") % {"time": worked(low)}
    return _("to %(time)s") % {"time": worked(high)}


def _place(bins, minutes):
    """Where a number of minutes stands, in bins from the left."""
    if minutes is None:
        return None
    for index, (low, high, _count) in enumerate(bins):
        if high is not None and minutes <= high:
            return index + float(minutes - low) / (high - low)
    return len(bins) - 1.5
