"""Lines over time, with a soft area under them; a gap where a value is missing; a dot for a lone point."""

from math import ceil

from ui.charts.figure import Table, axis, figure, gridlines, known, legend, nothing
from ui.charts.scale import fitted
from ui.charts.svg import curve, join, place, share, tag, text_width
from ui.charts.units import NUMBER

HEIGHT = 220
TOP, BOTTOM = 12, 26
MOST_LABELS = 6
NARROW = 520  # pixels of a chart in half a page: names keep apart there


def lines(labels, series, caption, unit=NUMBER, area=True, links=()):
    """One line for each `Series`; `labels` name the points ("Jan", "Feb" …) from left to right."""
    if not labels or not known(series):
        return nothing("lines", caption)
    scale = fitted(known(series), TOP, HEIGHT - TOP - BOTTOM, whole=unit is NUMBER)
    xs = _positions(len(labels))
    curves = tag(
        "svg",
        join(_curve(one, xs, scale, area) for one in series),
        width="100%",
        height=HEIGHT,
        viewBox=f"0 0 100 {HEIGHT}",
        preserveAspectRatio="none",
    )
    drawn = tag(
        "svg",
        join([gridlines(scale), _names(labels, xs), curves, _points(labels, series, xs, scale, unit)]),
        width="100%",
        height=HEIGHT,
    )
    plot = tag("div", join([axis(scale, unit, HEIGHT), drawn]), class_="chart-xy")
    return figure("lines", caption, plot, _table(labels, series, unit, links), legend(series))


def _positions(count):
    if count == 1:
        return [50.0]
    return [100 * index / (count - 1) for index in range(count)]


def _table(labels, series, unit, links):
    rows = tuple(
        (label, *(unit.full(one.values[index]) for one in series)) for index, label in enumerate(labels)
    )
    return Table(("", *(one.name for one in series)), rows, tuple(links))


def _runs(one, xs, scale):
    """The stretches without a gap, as points; a lone point is no stretch."""
    runs, run = [], []
    for x, value in zip(xs, one.values, strict=True):
        if value is None:
            runs.append(run)
            run = []
        else:
            run.append((x, scale.y(value)))
    return [run for run in [*runs, run] if len(run) > 1]


def _curve(one, xs, scale, area):
    zero = place(scale.y(0))
    parts = []
    for run in _runs(one, xs, scale):
        path = curve(run)
        if area:
            under = f"{path}V{zero}H{place(run[0][0])}Z"
            parts.append(tag("path", class_=f"area c{one.tone}", d=under))
        parts.append(tag("path", class_=f"line c{one.tone}", d=path))
    return join(parts)


def _names(labels, xs):
    last = len(labels) - 1
    # the first name begins at the edge, the next one is centred
    apart = ceil((1.5 * max(map(text_width, labels)) + 8) / NARROW * last)
    step = max(1, -(-last // MOST_LABELS), apart)
    shown = range(0, len(labels), step)
    return join(
        tag(
            "text",
            labels[index],
            class_="axis odd" if count % 2 else "axis",
            x=share(xs[index]),
            y=HEIGHT - 6,
            text_anchor=_anchor(index, last),
        )
        for count, index in enumerate(shown)
    )


def _anchor(index, last):
    if last == 0:
        return "middle"
    if index == 0:
        return "start"
    return "end" if index == last else "middle"


def _points(labels, series, xs, scale, unit):
    width = 100 / max(1, len(labels) - 1)
    marks = []
    for index, label in enumerate(labels):
        values = " · ".join(f"{one.name} {unit.full(one.values[index])}" for one in series)
        dots = [
            tag("circle", class_=f"c{one.tone}", cx=share(xs[index]), cy=scale.y(one.values[index]), r=4)
            for one in series
            if one.values[index] is not None
        ]
        band = tag("rect", x=share(xs[index] - width / 2), width=share(width), y=0, height=HEIGHT - BOTTOM)
        lone = " lone" if len(labels) == 1 else ""
        marks.append(tag("g", join([band, *dots]), class_=f"point{lone}", data_tip=f"{label} · {values}"))
    return join(marks)
