"""Actual against target. A target knows its direction: cost per MQL is good when it is low."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ui import formats
from ui.charts.figure import Table, figure, nothing
from ui.charts.svg import join, share, tag
from ui.charts.units import NUMBER, Unit
from ui.standing import Standing, standing

BAR = 12


@dataclass(frozen=True)
class Target:
    """One measure. `lower_is_better` turns the judgement round; `href` opens what is behind it.

    `due` is the share of the goal that time allows to expect by now: 0 before it begins, 1 at its end.
    """

    label: str
    actual: float | None
    goal: float | None
    unit: Unit = NUMBER
    lower_is_better: bool = False
    href: str = ""
    due: float | Decimal = 1


def bullet(targets, caption):
    """A bar with a mark at the target for each `Target`."""
    if not targets:
        return nothing("bullet", caption)
    items = join(_item(target) for target in targets)
    rows = tuple(
        (
            target.label,
            target.unit.full(target.actual),
            target.unit.full(target.goal),
            _words(target),
        )
        for target in targets
    )
    links = tuple(target.href for target in targets) if any(target.href for target in targets) else ()
    table = Table((_("Measure"), _("Actual"), _("Target"), _("Standing")), rows, links)
    return figure("bullet", caption, tag("ul", items, class_="bullets"), table)


def stands(target):
    """A Standing by the one rule of all targets; a limit is kept, or it is not.

    "waiting" before anything is due; "unknown" where one of the two numbers is missing.
    """
    if target.actual is None or not target.goal:
        return "unknown"
    if target.lower_is_better:
        if target.actual <= target.goal:
            return Standing.REACHED
        return Standing.BEHIND
    if target.due <= 0 and target.actual < target.goal:
        return "waiting"
    return standing(*(Decimal(one) for one in (target.goal, target.actual, target.due)))


def _words(target):
    reached, behind = pgettext("of a target", "reached"), _("behind")
    if target.lower_is_better:
        reached, behind = pgettext("of a limit", "within"), pgettext("of a limit", "over")
    words: dict[str, str] = {
        Standing.REACHED: reached,
        Standing.ON_THE_WAY: _("on the way"),
        Standing.BEHIND: behind,
    }
    words |= {
        "waiting": _("not yet due"),
        "unknown": formats.EMPTY,
    }
    return words[stands(target)]


def _sentence(target):
    texts = {"actual": target.unit.short(target.actual), "goal": target.unit.short(target.goal)}
    if target.goal is None:
        return _("%(actual)s, no target") % texts
    if target.lower_is_better:
        return _("%(actual)s, at most %(goal)s") % texts
    return _("%(actual)s of %(goal)s") % texts


def _item(target):
    state = stands(target)
    ratio = None if state == "unknown" else float(target.actual) / float(target.goal)
    texts = join(
        [
            tag("span", target.label),
            tag("b", formats.percent(ratio, places=0)),
            _bar(target, state),
            tag("small", _sentence(target)),
            tag("small", _words(target), class_=f"standing {state}"),
        ]
    )
    return tag("li", texts, data_tip=f"{target.label}: {_sentence(target)}, {_words(target)}")


def _bar(target, state):
    actual = max(0.0, float(target.actual or 0))
    goal = max(0.0, float(target.goal or 0))
    most = max(actual, goal) * 1.12 or 1
    marks = [
        tag("rect", class_="track", width="100%", height=BAR, rx=4),
        tag("rect", class_=f"bar {state}", width=share(100 * actual / most), height=BAR, rx=4),
    ]
    if goal:
        x = share(100 * goal / most)
        marks.append(tag("line", class_="goal", x1=x, x2=x, y1=-2, y2=BAR + 2))
    return tag("svg", join(marks), width="100%", height=BAR)
