"""Where they came from and what became of them: columns of nodes, ribbons as wide as the count."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ui.charts.figure import Table, figure, nothing
from ui.charts.svg import clipped, join, place, share, tag
from ui.charts.units import NUMBER

HEIGHT = 300
GAP = 14
NODE_WIDTH = 1.3  # percent of the plot
LABEL_LENGTH = 26
LAST_LENGTH = 15  # these labels stand in the margin that charts.css keeps right of the plot


@dataclass(frozen=True)
class Node:
    """A place on the way; `key` is what links name."""

    key: str
    label: str
    tone: int = 1


@dataclass(frozen=True)
class _Placed:
    node: Node
    column: int
    x: float
    y: float
    height: float
    value: float


def sankey(columns, links, caption, unit=NUMBER):
    """`columns`: lists of `Node` from left to right. `links`: (from key, to key, count), left to right."""
    links = [link for link in links if link[2]]
    if not links:
        return nothing("sankey", caption)
    placed, scale = _layout(columns, links)
    ribbons = tag(
        "svg",
        _ribbons(placed, links, scale, unit),
        width="100%",
        height=HEIGHT,
        viewBox=f"0 0 100 {HEIGHT}",
        preserveAspectRatio="none",
    )
    marks = join(_mark(one, len(columns), unit) for one in placed.values())
    plot = tag("svg", join([ribbons, marks]), width="100%", height=HEIGHT)
    rows = tuple(
        (placed[start].node.label, placed[end].node.label, unit.full(count)) for start, end, count in links
    )
    return figure(
        "sankey",
        caption,
        plot,
        Table((pgettext("of a flow", "From"), pgettext("of a flow", "To"), _("Count")), rows),
    )


def _values(links):
    """What flows through each node: the larger of what comes in and what goes out."""
    leaving, coming = {}, {}
    for start, end, count in links:
        leaving[start] = leaving.get(start, 0) + count
        coming[end] = coming.get(end, 0) + count
    return {key: max(leaving.get(key, 0), coming.get(key, 0)) for key in {*leaving, *coming}}


def _layout(columns, links):
    values = _values(links)
    columns = [[node for node in column if values.get(node.key)] for column in columns]
    most_nodes = max(len(column) for column in columns)
    most = max(sum(values[node.key] for node in column) for column in columns)
    scale = (HEIGHT - 8 - GAP * (most_nodes - 1)) / float(most)
    placed = {}
    for index, column in enumerate(columns):
        x = index * (100 - NODE_WIDTH) / max(1, len(columns) - 1)
        heights = [float(values[node.key]) * scale for node in column]
        y = (HEIGHT - sum(heights) - GAP * (len(column) - 1)) / 2
        for node, height in zip(column, heights, strict=True):
            placed[node.key] = _Placed(node, index, x, y, height, values[node.key])
            y += height + GAP
    return placed, scale


def _ribbons(placed, links, scale, unit):
    order = {key: index for index, key in enumerate(placed)}
    leaving = {key: one.y for key, one in placed.items()}
    coming = dict(leaving)
    drawn = []
    for start, end, count in sorted(links, key=lambda link: (order[link[0]], order[link[1]])):
        width = float(count) * scale
        tip = f"{placed[start].node.label} → {placed[end].node.label}: {unit.full(count)}"
        drawn.append(
            tag(
                "path",
                class_=f"ribbon c{placed[start].node.tone}",
                d=_ribbon(placed[start].x + NODE_WIDTH, leaving[start], placed[end].x, coming[end], width),
                data_tip=tip,
            )
        )
        leaving[start] += width
        coming[end] += width
    return join(drawn)


def _ribbon(left, upper_left, right, upper_right, width):
    middle = place((left + right) / 2)
    x0, x1 = place(left), place(right)
    y0, y1 = place(upper_left), place(upper_right)
    low0, low1 = place(upper_left + width), place(upper_right + width)
    return (
        f"M{x0} {y0}C{middle} {y0} {middle} {y1} {x1} {y1}L{x1} {low1}"
        f"C{middle} {low1} {middle} {low0} {x0} {low0}Z"
    )


def _mark(one, columns, unit):
    last = one.column == columns - 1 and columns > 1
    text = f"{one.node.label}: {unit.full(one.value)}"
    block = tag(
        "rect",
        class_=f"c{one.node.tone}",
        x=share(one.x),
        width=share(NODE_WIDTH),
        y=one.y,
        height=max(2.0, one.height),
        rx=2,
        data_tip=text,
    )
    count = tag("tspan", f" {unit.short(one.value)}", class_="quiet")
    label = tag(
        "text",
        join([clipped(one.node.label, LAST_LENGTH if last else LABEL_LENGTH), count]),
        class_="label" if last or one.column == 0 else "label between",
        x=share(one.x + NODE_WIDTH + 0.7),
        y=one.y + one.height / 2 + 4,
    )
    return join([block, label])
