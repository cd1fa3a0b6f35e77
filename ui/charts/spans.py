"""How far apart several opinions of one quantity lie: a row for each category, a tick for each opinion."""

from ui.charts.figure import Table, figure, known, legend, nothing
from ui.charts.svg import join, share, tag
from ui.charts.units import NUMBER

HEIGHT = 20
TICK = 0.7  # percent of the width


def spans(categories, series, caption, unit=NUMBER, links=()):
    """From the least to the most that any of `series` (`Series`, a value or None for each category) says."""
    if not categories or not known(series):
        return nothing("spans", caption)
    low, high = min(0, *known(series)), max(0, *known(series))
    rows = join(
        _row(category, [(one, one.values[index]) for one in series], float(low), float(high), unit)
        for index, category in enumerate(categories)
    )
    words = tuple(
        (category, *(unit.full(one.values[index]) for one in series))
        for index, category in enumerate(categories)
    )
    table = Table(("", *(one.name for one in series)), words, tuple(links))
    return figure("spans", caption, tag("ol", rows, class_="chart-spans"), table, legend(series))


def _row(category, opinions, low, high, unit):
    told = [(one, value) for one, value in opinions if value is not None]
    width = (high - low) or 1.0
    marks = [tag("line", class_="gridline", x1="0", x2="100%", y1=HEIGHT / 2, y2=HEIGHT / 2)]
    text = ""
    if told:
        least, most = min(value for _one, value in told), max(value for _one, value in told)
        start, end = ((float(value) - low) / width * (100 - TICK) for value in (least, most))
        marks.append(
            tag(
                "rect",
                class_="range",
                x=share(start),
                width=share(end - start + TICK),
                y=HEIGHT / 2 - 3,
                height=6,
                rx=3,
            )
        )
        marks += [
            tag(
                "rect",
                class_=f"c{one.tone}",
                x=share((float(value) - low) / width * (100 - TICK)),
                width=share(TICK),
                y=2,
                height=HEIGHT - 4,
                rx=2,
                data_tip=f"{category} · {one.name}: {unit.full(value)}",
            )
            for one, value in told
        ]
        text = unit.short(most) if least == most else f"{unit.short(least)} – {unit.short(most)}"
    line = tag("div", join([tag("svg", join(marks), width="100%", height=HEIGHT), tag("b", text)]))
    return tag("li", join([tag("p", category), line]))
