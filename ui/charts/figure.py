"""What every chart shares: the figure around it, its legend, the table under it, the state without data."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ui.charts.svg import join, tag, text_width


@dataclass(frozen=True)
class Series:
    """One line or one colour of bars. `tone` 1–6 picks the colour; a value may be None."""

    name: str
    values: tuple
    tone: int = 1


@dataclass(frozen=True)
class Table:
    """The same data in words: `head` names the columns, each row begins with its own name.

    `links` holds one address for each row (or an empty string), which opens the list behind it; `cell_links`, where a
    figure has a list of its own, one for each cell after the name.
    """

    head: tuple
    rows: tuple
    links: tuple = ()
    cell_links: tuple = ()


def figure(kind, summary, plot, table, legend=""):
    """A chart. `summary` is what a screen reader says instead of the picture; one with links in it is read through."""
    role = "group" if table.cell_links else "img"
    return tag(
        "figure",
        join(
            [
                legend,
                tag("div", plot, class_="chart-plot", role=role, aria_label=summary),
                _data(summary, table),
            ]
        ),
        class_=f"chart chart-{kind}",
    )


def nothing(kind, caption, reason=""):
    """The chart without data: its place is kept and says so."""
    words = reason or _("No data for this choice yet.")
    return tag(
        "figure",
        tag("p", words, class_="chart-nothing"),
        class_=f"chart chart-{kind} chart-empty",
        aria_label=caption,
    )


def legend(series):
    """The colours and their names."""
    entries = join(tag("li", join([tag("i", class_=f"swatch c{one.tone}"), one.name])) for one in series)
    return tag("ul", entries, class_="chart-legend", aria_hidden="true")


def _data(summary, table):
    head = join(tag("th", name, scope="col") for name in table.head)
    links = table.links or [""] * len(table.rows)
    cells = table.cell_links or [()] * len(table.rows)
    body = join(map(_row, table.rows, links, cells))
    written = tag(
        "table",
        join([tag("caption", summary, class_="vh"), tag("thead", tag("tr", head)), tag("tbody", body)]),
        class_="mini",
    )
    region = tag("div", written, class_="scroll", tabindex="0", role="region", aria_label=_("Data table"))
    return tag("details", join([tag("summary", _("Data table")), region]), class_="chart-data")


def _row(row, link, cell_links):
    name, *cells = map(_linked, row, [link, *(cell_links or [""] * (len(row) - 1))])
    cells = join(tag("td", cell) for cell in cells)
    return tag("tr", join([tag("th", name, scope="row"), cells]))


def _linked(text, link):
    return tag("a", text, href=link) if link and text else text


def axis(scale, unit, height):
    """The numbers left of the plot, as wide as the widest of them."""
    labels = [unit.short(value) for value in scale.ticks]
    width = max(28, max(text_width(label) for label in labels) + 6)
    texts = join(
        tag("text", label, class_="axis", x=width - 4, y=scale.y(value) + 4, text_anchor="end")
        for label, value in zip(labels, scale.ticks, strict=True)
    )
    return tag("svg", texts, class_="chart-axis", width=width, height=height)


def gridlines(scale):
    """A faint line for each number of the axis; zero is drawn stronger."""
    return join(
        tag(
            "line",
            class_="gridline zero" if value == 0 else "gridline",
            x1="0",
            x2="100%",
            y1=scale.y(value),
            y2=scale.y(value),
        )
        for value in scale.ticks
    )


def known(series):
    """Every value there is, of all series."""
    return [value for one in series for value in one.values if value is not None]
