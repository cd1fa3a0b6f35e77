"""The few words of SVG and HTML that the charts are written in. No style attribute is ever made."""

from functools import lru_cache

from django.utils.safestring import mark_safe

from ui.escaping import html


def place(value):
    """A coordinate with at most three decimals: 12.5, 40."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def share(value):
    """A coordinate in percent of the plot's width."""
    return f"{place(value)}%"


def tag(name, content="", **attributes):
    """An element. `class_` is class, other underscores are hyphens; None leaves the attribute out."""
    written = "".join(
        [
            f'{_named(key)}"{place(value) if isinstance(value, float) else html(value)}"'
            for key, value in attributes.items()
            if value is not None
        ]
    )
    return mark_safe(f"<{name}{written}>{html(content)}</{name}>")


@lru_cache(maxsize=256)
def _named(key):
    return f" {key.rstrip('_').replace('_', '-')}="


def join(parts):
    """Several elements one after the other; plain text among them is escaped."""
    return mark_safe("".join([html(part) for part in parts]))


def curve(points):
    """A path through the points, flat at each of them, as if drawn by a calm hand."""
    x, y = points[0]
    path = [f"M{place(x)} {place(y)}"]
    for next_x, next_y in points[1:]:
        middle = place((x + next_x) / 2)
        path.append(f"C{middle} {place(y)} {middle} {place(next_y)} {place(next_x)} {place(next_y)}")
        x, y = next_x, next_y
    return "".join(path)


def clipped(text, length):
    """Text that fits a label; the whole text stands in the tip and in the table."""
    text = str(text)
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def text_width(text):
    """About how wide a label at 12 px will be, in px. Chinese signs are square."""
    return sum(12.5 if ord(sign) > 0x2E80 else 6.9 for sign in str(text))
