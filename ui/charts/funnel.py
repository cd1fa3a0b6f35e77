"""The funnel: a flow on wide cards, bars on narrow ones, each stage with its share of the one before."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ui import formats
from ui.charts.figure import Table, figure, nothing
from ui.charts.svg import join, place, share, tag
from ui.words import breakable

FLOW_HEIGHT = 190
FLAT = 0.62  # of a stage's width runs level, the rest bends towards the next stage
TONES = 6


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel; `href` opens the people in it, `note` stands under the count ("6 d")."""

    name: str
    count: int
    href: str = ""
    note: str = ""


def funnel(stages, caption):
    """A funnel of `Stage`s (or (name, count) pairs), first stage first."""
    stages = [one if isinstance(one, Stage) else Stage(*one) for one in stages]
    if not stages or not any(one.count for one in stages):
        return nothing("funnel", caption)
    rates = _rates(stages)
    plot = join([_wide(stages, rates), _narrow(stages, rates)])
    return figure("funnel", _summary(caption, stages), plot, _table(stages, rates))


def _rates(stages):
    """The share of the stage before, None for the first and after an empty one."""
    before = [None, *stages[:-1]]
    return [
        one.count / last.count if last is not None and last.count else None
        for one, last in zip(stages, before, strict=True)
    ]


def _summary(caption, stages):
    listed = formats.listed(f"{one.name} {formats.number(one.count)}" for one in stages)
    return f"{caption}: {listed}"


def _table(stages, rates):
    first = stages[0].count
    rows = tuple(
        (
            one.name,
            formats.number(one.count),
            formats.percent(rate),
            formats.percent(one.count / first if first else None),
        )
        for one, rate in zip(stages, rates, strict=True)
    )
    head = (_("Stage"), _("Count"), _("Of the stage before"), _("Of the first stage"))
    links = tuple(one.href for one in stages) if any(one.href for one in stages) else ()
    return Table(head, rows, links)


def _tip(stage, rate):
    text = f"{stage.name}: {formats.number(stage.count)}"
    return text if rate is None else f"{text} · {formats.percent(rate)}"


def _tone(index, count):
    return round(index * (TONES - 1) / max(1, count - 1))


def _wide(stages, rates):
    heads = join(_head(one, rate) for one, rate in zip(stages, rates, strict=True))
    return tag(
        "div", join([tag("ol", heads, class_="funnel-heads"), _flow(stages, rates)]), class_="funnel-wide"
    )


def _head(stage, rate):
    rate_pill = "" if rate is None else tag("em", formats.percent(rate, places=0), class_="rate")
    note = tag("small", stage.note) if stage.note else ""
    content = join(
        [
            tag("span", breakable(stage.name)),
            tag("b", formats.number(stage.count)),
            tag("span", join([rate_pill, note])),
        ]
    )
    return tag("li", content, data_tip=_tip(stage, rate))


def _flow(stages, rates):
    most = max(one.count for one in stages)
    # Heights go by the square root, so that the last stages stay visible; the figures say the true sizes.
    heights = [max(2.0, (one.count / most) ** 0.5 * 96) if one.count else 0.4 for one in stages]
    heights.append(heights[-1])
    width = 100 / len(stages)
    paths = join(
        tag(
            "path",
            class_=f"flow{_tone(index, len(stages))}",
            d=_band(index * width, width, heights[index], heights[index + 1]),
            data_tip=_tip(one, rates[index]),
        )
        for index, one in enumerate(stages)
    )
    return tag(
        "svg", paths, viewBox="0 0 100 100", preserveAspectRatio="none", width="100%", height=FLOW_HEIGHT
    )


def _band(left, width, height, next_height):
    """One stage's part of the flow, with its own outline (no clip paths, so no ids that could clash)."""
    bend, right = left + width * FLAT, left + width
    middle = place((bend + right) / 2)
    up, low = 50 - height / 2, 50 + height / 2
    next_up, next_low = 50 - next_height / 2, 50 + next_height / 2
    return (
        f"M{place(left)} {place(up)}H{place(bend)}"
        f"C{middle} {place(up)} {middle} {place(next_up)} {place(right)} {place(next_up)}"
        f"V{place(next_low)}"
        f"C{middle} {place(next_low)} {middle} {place(low)} {place(bend)} {place(low)}"
        f"H{place(left)}Z"
    )


def _narrow(stages, rates):
    most = max(one.count for one in stages)
    rows = join(
        _bar(one, rate, most, _tone(index, len(stages)))
        for index, (one, rate) in enumerate(zip(stages, rates, strict=True))
    )
    return tag("ol", rows, class_="funnel-narrow")


def _bar(stage, rate, most, tone):
    width = max(1.0, 100 * (stage.count / most) ** 0.5) if stage.count else 0.0
    bar = join(
        [
            tag("rect", class_="track", width="100%", height=20, rx=5),
            tag("rect", class_=f"flow{tone}", width=share(width), height=20, rx=5),
        ]
    )
    rate_pill = tag("em", formats.percent(rate, places=0), class_="rate")
    content = join(
        [
            tag("span", stage.name),
            tag("svg", bar, width="100%", height=20),
            tag("b", formats.number(stage.count)),
            rate_pill if rate is not None else tag("em", class_="rate none"),
        ]
    )
    return tag("li", content, data_tip=_tip(stage, rate))
