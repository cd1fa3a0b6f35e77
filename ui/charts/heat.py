"""A heat map of cohorts: rows by columns, eleven steps of one colour, the figure in each cell."""

from ui.charts.figure import Table, figure, nothing
from ui.charts.svg import clipped, join, share, tag, text_width
from ui.charts.units import PERCENT
from ui.words import breakable

ROW = 28
STEPS = 10
LABEL_LENGTH = 18
MOST_FIGURES = 7  # more columns than this: narrow cards show colours only


def heat(rows, columns, cells, caption, unit=PERCENT, pale=(), links=(), cell_links=()):
    """`cells[i][j]`: the value of row i, column j, or None. `pale`: (i, j) pairs that are not ripe yet.

    `links`: the addresses of the rows; `cell_links[i][j]`: of the cells.
    """
    values = [value for line in cells for value in line if value is not None]
    if not values:
        return nothing("heat", caption)
    most = max(float(value) for value in values) or 1
    height = ROW * len(rows)
    drawn = []
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            if cells[i][j] is None:
                continue
            tip = f"{row}, {column}: {unit.full(cells[i][j])}"
            step = min(STEPS, max(0, round(STEPS * float(cells[i][j]) / most)))
            drawn.append(
                _cell(i, j, len(columns), unit.short(cells[i][j]), tip, step, (i, j) in pale,
                      cell_links[i][j] if cell_links else "")
            )  # fmt: skip
    plot = tag(
        "div",
        join(
            [
                tag("span"),
                _head(columns),
                _names(rows, height),
                tag("svg", join(drawn), width="100%", height=height),
            ]
        ),
        class_="chart-xy",
    )
    table_rows = tuple(
        (row, *("" if value is None else unit.full(value) for value in cells[i]))
        for i, row in enumerate(rows)
    )
    kind = "heat chart-dense" if len(columns) > MOST_FIGURES else "heat"
    return figure(kind, caption, plot, Table(("", *columns), table_rows, tuple(links), tuple(cell_links)))


def _head(columns):
    """Above the plot and not in it: words of HTML find a second line where a column is narrow."""
    return tag("div", join(tag("span", breakable(name)) for name in columns), class_="heat-head")


def _names(rows, height):
    labels = [clipped(row, LABEL_LENGTH) for row in rows]
    width = max(text_width(label) for label in labels) + 8
    texts = join(
        tag("text", label, class_="axis", x=width - 4, y=ROW * i + 18, text_anchor="end")
        for i, label in enumerate(labels)
    )
    return tag("svg", texts, class_="chart-axis", width=width, height=height)


def _cell(i, j, columns, text, tip, step, pale, link):
    width = 100 / columns
    block = tag(
        "rect",
        class_=f"h{step}",
        x=share(width * j + 0.25),
        width=share(width - 0.5),
        y=ROW * i + 1.5,
        height=ROW - 3,
        rx=4,
    )
    figure_text = tag(
        "text",
        text,
        class_="heat-figure strong" if step > 5 else "heat-figure",
        x=share(width * (j + 0.5)),
        y=ROW * i + 18,
        text_anchor="middle",
    )
    drawn = join([block, figure_text])
    inside = tag("a", drawn, href=link, aria_label=tip) if link else drawn
    return tag("g", inside, class_="pale" if pale else None, data_tip=tip)
