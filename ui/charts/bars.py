"""Bars by category: grouped or stacked. Columns on wide cards; rows on narrow ones and for many categories."""

from django.utils.translation import gettext as _

from ui.charts.figure import Table, axis, figure, gridlines, known, legend, nothing
from ui.charts.scale import fitted
from ui.charts.svg import join, share, tag
from ui.charts.units import NUMBER
from ui.words import breakable

HEIGHT = 240
TOP, BOTTOM = 26, 4
MOST_COLUMNS = 12


def bars(categories, series, caption, unit=NUMBER, notes=None, notes_name="", links=()):
    """Grouped bars. `series`: `Series` with one value (or None) for each category.

    `notes`: one short text above each group ("2.3×"), named `notes_name` in the table.
    `links`: one address for each category, which opens the list behind it.
    """
    if not categories or not known(series):
        return nothing("bars", caption)
    scale = fitted(known(series), TOP, HEIGHT - TOP - BOTTOM, whole=unit is NUMBER)
    groups = join(_group(index, categories, series, scale, unit, notes) for index in range(len(categories)))
    plot = join([_columns(categories, groups, scale, unit), _rows(categories, series, unit, notes)])
    return _bar_figure("bars", caption, categories, series, unit, notes, notes_name, links, plot)


def stacked(categories, series, caption, unit=NUMBER, links=()):
    """Stacked bars: the parts of a whole by category; what is below zero hangs below it. None counts as nothing."""
    if not categories or not known(series):
        return nothing("stacked", caption)
    totals = [sum(one.values[index] or 0 for one in series) for index in range(len(categories))]
    ends = [_reach(series, index, sign) for index in range(len(categories)) for sign in (1, -1)]
    scale = fitted(ends, TOP, HEIGHT - TOP - BOTTOM, whole=unit is NUMBER)
    piles = join(_pile(index, categories, series, scale, unit) for index in range(len(categories)))
    notes = [unit.short(total) for total in totals]
    plot = join([_columns(categories, piles, scale, unit), _stacked_rows(categories, series, unit, totals)])
    return _bar_figure("stacked", caption, categories, series, unit, notes, _("Total"), links, plot)


def _bar_figure(kind, caption, categories, series, unit, notes, notes_name, links, plot):
    if len(categories) > MOST_COLUMNS:
        kind = f"{kind} chart-many"
    table = _table(categories, series, unit, notes, notes_name, links)
    return figure(kind, caption, plot, table, legend(series) if len(series) > 1 else "")


def _table(categories, series, unit, notes, notes_name, links):
    extra = [notes_name] if notes else []
    rows = tuple(
        (
            category,
            *(unit.full(one.values[index]) for one in series),
            *([notes[index]] if notes else []),
        )
        for index, category in enumerate(categories)
    )
    return Table(("", *(one.name for one in series), *extra), rows, tuple(links))


def _columns(categories, marks, scale, unit):
    drawn = tag("svg", join([gridlines(scale), marks]), width="100%", height=HEIGHT)
    names = tag(
        "ol",
        join(tag("li", breakable(name), data_tip=name) for name in categories),
        class_="chart-categories",
    )
    return tag(
        "div",
        join([axis(scale, unit, HEIGHT), drawn, tag("span"), names]),
        class_="chart-xy chart-columns",
    )


def _tip(category, name, value, unit):
    return f"{category} · {name}: {unit.full(value)}"


def _column(x, width, upper, lower, **attributes):
    """A bar between two heights in px; one px at least, so that a small value can still be pointed at."""
    return tag("rect", x=share(x), width=share(width), y=upper, height=max(1.0, lower - upper), **attributes)


def _group(index, categories, series, scale, unit, notes):
    group_width = 100 / len(categories)
    width = group_width * 0.68 / len(series)
    left = group_width * (index + 0.16)
    zero = scale.y(0)
    marks = []
    for place_in_group, one in enumerate(series):
        value = one.values[index]
        if value is None:
            continue
        upper, lower = sorted((zero, scale.y(value)))
        marks.append(
            _column(
                left + width * (place_in_group + 0.06),
                width * 0.88,
                upper,
                lower,
                class_=f"c{one.tone}",
                rx=2,
                data_tip=_tip(categories[index], one.name, value, unit),
            )
        )
    if notes and notes[index]:
        highest = max([0, *(one.values[index] or 0 for one in series)])
        marks.append(_label(notes[index], group_width * (index + 0.5), scale.y(highest) - 8))
    return join(marks)


def _label(text, x, y):
    return tag("text", text, class_="label", x=share(x), y=y, text_anchor="middle")


def _pile(index, categories, series, scale, unit):
    group_width = 100 / len(categories)
    left = group_width * (index + 0.2)
    marks = []
    ends = {True: 0, False: 0}
    for one in series:
        value = one.values[index]
        if not value:
            continue
        tip = _tip(categories[index], one.name, value, unit)
        end = ends[value > 0]
        upper, lower = sorted((scale.y(end + value), scale.y(end)))
        marks.append(
            _column(left, group_width * 0.6, upper, lower, class_=f"c{one.tone} slice", data_tip=tip)
        )
        ends[value > 0] += value
    if any(ends.values()):
        marks.append(
            _label(unit.short(sum(ends.values())), group_width * (index + 0.5), scale.y(ends[True]) - 8)
        )
    return join(marks)


def _reach(series, index, sign):
    """How far the parts of a category above zero (`sign` 1) or below it (-1) reach together."""
    return sum(value for one in series if (value := one.values[index] or 0) * sign > 0)


def _rows(categories, series, unit, notes):
    most = max([abs(value) for value in known(series)]) or 1
    rows = []
    for index, category in enumerate(categories):
        note = tag("em", notes[index], class_="rate") if notes and notes[index] else ""
        told = [one for one in series if one.values[index]] or series[:1]
        lines = join(_row(category, one, one.values[index], most, unit) for one in told)
        rows.append(tag("li", join([tag("p", join([tag("span", category), note])), lines])))
    return tag("ol", join(rows), class_="chart-rows")


def _row(category, one, value, most, unit):
    width = 0 if value is None else 100 * abs(float(value)) / float(most)
    bar = tag("rect", class_=f"c{one.tone}", width=share(max(0.5, width)), height=10, rx=3) if value else ""
    return tag(
        "div",
        join([tag("svg", bar, width="100%", height=10), tag("b", unit.short(value))]),
        data_tip=_tip(category, one.name, value, unit),
    )


def _stacked_rows(categories, series, unit, totals):
    most = float(max(_reach(series, index, 1) for index in range(len(categories)))) or 1
    rows = []
    for index, category in enumerate(categories):
        marks = []
        left = 0.0
        for one in series:
            value = float(one.values[index] or 0)
            width = max(100 * value / most, 0)
            tip = _tip(category, one.name, one.values[index], unit)
            marks.append(
                tag("rect", class_=f"c{one.tone}", x=share(left), width=share(width), height=14, data_tip=tip)
            )
            left += width
        line = join([tag("svg", join(marks), width="100%", height=14), tag("b", unit.short(totals[index]))])
        rows.append(tag("li", join([tag("p", tag("span", category)), tag("div", line)])))
    return tag("ol", join(rows), class_="chart-rows")
