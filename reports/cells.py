"""Totals of a choice: from the cube where it knows the choice, else added up from the counted rows themselves.

A cube of every campaign and person would be a hundred times the size of what is asked of it. The rows of one campaign
or team are found by an index, once for all parts of a statement, and say the same: the same figures, without another
table to keep.
"""

from reports import reading
from reports.models import (
    AnswerMinutes,
    AnswerMonth,
    DealMonth,
    FunnelMonth,
    FunnelSplit,
    StepDays,
    StepMonth,
)
from reports.rollups import arms
from reports.rollups.counting import COUNTED

ARMS = {
    FunnelMonth: arms.FUNNEL_ARMS,
    FunnelSplit: arms.SPLIT_ARMS,
    StepMonth: arms.STEP_ARMS,
    StepDays: arms.DAY_ARMS,
    AnswerMonth: arms.ANSWER_ARMS,
    AnswerMinutes: arms.MINUTE_ARMS,
    DealMonth: arms.DEAL_ARMS,
}
TOTALS = {total.model: (counted.table, total) for counted in COUNTED for total in counted.totals}
SOURCES = {
    table: table.replace("reports_", "chosen_") for table, total in TOTALS.values() if total.model in ARMS
}


def cells(model, choice, axis=None, only=()):
    """(FROM item, parameters): rows like those of `model` within the choice, to be summed; with `axis`, one of its values each.

    It may name the `chosen_rows`: they belong to the same statement. Measures but those named by `only` may be left 0.
    """
    table, total = TOTALS[model]
    if not total.cube and not choice.picks:
        return f"{total.table} AS cell", []
    if total.cube and not choice.by_row:
        where, params = choice.cell(axis)
        return f"(SELECT * FROM {total.table} WHERE {where}) AS cell", params
    asked = [arm for arm in ARMS[model] if not only or not arm.values.keys().isdisjoint(only)]
    return f"({arms.added_up(total, asked, SOURCES[table], (axis,) if axis else ())}) AS cell", []


def chosen_rows(choice):
    """The counted rows of a choice that `cells` may name, for `reading.read`; nothing where it leaves out no row."""
    if not choice.picks:
        return {}
    where, params = choice.narrow()
    return {
        name: reading.Shared(f"SELECT * FROM {table} WHERE {where}", params)
        for table, name in SOURCES.items()
    }
