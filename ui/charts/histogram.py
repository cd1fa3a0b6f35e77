"""How a quantity is spread: counts in bins, with marks such as the median or what was agreed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ui.charts.figure import Table, axis, figure, gridlines, nothing
from ui.charts.scale import fitted
from ui.charts.svg import join, share, tag
from ui.charts.units import NUMBER

HEIGHT = 200
TOP, BOTTOM = 30, 4


@dataclass(frozen=True)
class Bin:
    """So many with a value under `label` ("0–15 min"); bins stand in order and touch each other."""

    label: str
    count: int
    href: str = ""


@dataclass(frozen=True)
class Mark:
    """A line across the bins: `at` counts bins from the left edge (2.5 is the middle of the third)."""

    label: str
    at: float


def histogram(bins, caption, marks=(), tone=1):
    """Counts by bin, equal widths, with named lines across."""
    if not bins or not any(one.count for one in bins):
        return nothing("histogram", caption)
    scale = fitted([one.count for one in bins], TOP, HEIGHT - TOP - BOTTOM, whole=True)
    columns = join(_column(index, one, len(bins), scale, tone) for index, one in enumerate(bins))
    lines = join(_line(mark, len(bins), row) for row, mark in enumerate(marks))
    drawn = tag("svg", join([gridlines(scale), columns, lines]), width="100%", height=HEIGHT)
    names = tag(
        "ol", join(tag("li", one.label, data_tip=one.label) for one in bins), class_="chart-categories"
    )
    plot = tag("div", join([axis(scale, NUMBER, HEIGHT), drawn, tag("span"), names]), class_="chart-xy")
    rows = tuple((one.label, NUMBER.full(one.count)) for one in bins)
    links = tuple(one.href for one in bins) if any(one.href for one in bins) else ()
    return figure("histogram", _summary(caption, marks), plot, Table((_("Range"), _("Count")), rows, links))


def _summary(caption, marks):
    return ". ".join([caption, *(mark.label for mark in marks)])


def _column(index, one, count, scale, tone):
    width = 100 / count
    upper = scale.y(one.count)
    return tag(
        "rect",
        class_=f"c{tone}",
        x=share(width * index + width * 0.03),
        width=share(width * 0.94),
        y=upper,
        height=max(1.0 if one.count else 0.0, scale.y(0) - upper),
        rx=2,
        data_tip=f"{one.label}: {NUMBER.full(one.count)}",
    )


def _line(mark, count, row):
    """Labels of neighbouring lines stand on two rows, towards the middle of the plot."""
    x = 100 * mark.at / count
    late = x > 60
    label = tag(
        "text",
        mark.label,
        class_="label",
        x=share(x - 0.8 if late else x + 0.8),
        y=10 + 13 * (row % 2),
        text_anchor="end" if late else "start",
    )
    return join([tag("line", class_="goal", x1=share(x), x2=share(x), y1=0, y2=HEIGHT - BOTTOM), label])
