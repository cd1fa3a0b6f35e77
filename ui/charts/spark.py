"""A sparkline: the shape of the last periods behind a figure. It carries no numbers and hides from readers."""

from ui.charts.svg import join, place, tag

HEIGHT = 30
LOW, HIGH = 26, 4


def sparkline(values):
    """A line through the values, None left out; nothing at all for fewer than two of them."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return ""
    least, most = min(known), max(known)
    spread = (most - least) or 1
    step = 100 / (len(known) - 1)
    path = "M" + "L".join(
        f"{place(index * step)} {place(LOW - (LOW - HIGH) * (value - least) / spread)}"
        for index, value in enumerate(known)
    )
    marks = join(
        [tag("path", class_="area", d=f"{path}L100 {HEIGHT}L0 {HEIGHT}Z"), tag("path", class_="line", d=path)]
    )
    return tag(
        "svg",
        marks,
        class_="sparkline",
        viewBox=f"0 0 100 {HEIGHT}",
        preserveAspectRatio="none",
        width="100%",
        height=HEIGHT,
        aria_hidden="true",
    )
