"""Totals of a choice: from the cube, or of one campaign, person or team from the sums kept beside it.

What neither knows, a team's passes of one channel, is added up from the counted rows themselves, found by an index once
for all parts of a statement. They say the same.
"""

from django.db.models import Model

from reports import reading
from reports.models import (
    AnswerMinutes,
    AnswerMonth,
    DealDay,
    DealMonth,
    DueMonth,
    FunnelMonth,
    FunnelSplit,
    OfferDay,
    PassDay,
    ReasonMonth,
    ReceiptDay,
    StepDays,
    StepMonth,
    WhoseAnswers,
    WhoseDays,
    WhoseDeals,
    WhoseDue,
    WhoseFunnel,
    WhoseMinutes,
    WhoseSplit,
    WhoseSteps,
)
from reports.rollups import arms
from reports.rollups.counting import COUNTED

KEPT: dict[type[Model], type[Model]] = {
    FunnelMonth: WhoseFunnel,
    FunnelSplit: WhoseSplit,
    StepMonth: WhoseSteps,
    StepDays: WhoseDays,
    AnswerMonth: WhoseAnswers,
    AnswerMinutes: WhoseMinutes,
    DealMonth: WhoseDeals,
    DueMonth: WhoseDue,
    **{model: model for model in (PassDay, OfferDay, ReasonMonth, DealDay, ReceiptDay)},
}
TOTALS = {total.model: (counted.table, total) for counted in COUNTED for total in counted.totals}
SOURCES = {
    table: table.replace("reports_", "chosen_") for model, (table, _total) in TOTALS.items() if model in KEPT
}


def cells(model, choice, axis=None, only=()):
    """(FROM item, parameters): rows like those of `model` within the choice, to be summed; with `axis`, one of its values each.

    It may name the `chosen_rows`: they belong to the same statement. Measures but those named by `only` may be left 0.
    """
    table, total = TOTALS[model]
    if model is FunnelSplit and not choice.picks:
        return f"{total.table} AS cell", []
    if total.cube and not choice.by_row:
        where, params = choice.cell(axis)
        return f"(SELECT * FROM {total.table} WHERE {where}) AS cell", params
    if choice.whose and (axis is None or only):
        return _kept(model, choice, axis, only)
    asked = [
        arm
        for arm in total.arms
        if (not only or not arm.values.keys().isdisjoint(only)) and (arm.of_people or choice.owners is None)
    ]
    how = {"by": (axis,) if axis else (), "people": choice.owners is not None}
    return f"({arms.added_up(total, asked, SOURCES[table], **how)}) AS cell", []


def _kept(model, choice, axis, only):
    """The sums kept of the one campaign, person, team … that is chosen; told apart by an axis, they are those of WhoseSplit."""
    who, whose = choice.whose
    if axis is None:
        return (
            f"(SELECT * FROM {KEPT[model]._meta.db_table} WHERE who = %s AND whose = ANY(%s)) AS cell",
            [who, whose],
        )
    key = "key" if axis == "channel" else "key::bigint"
    return (
        f"(SELECT month, {key} AS {axis}, {', '.join(only)} FROM {WhoseSplit._meta.db_table} "
        "WHERE who = %s AND whose = ANY(%s) AND axis = %s) AS cell",
        [who, whose, axis],
    )


def chosen_rows(choice):
    """The counted rows of a choice that `cells` may name, for `reading.read`; nothing where it leaves out no row."""
    if not choice.picks:
        return {}
    where, params = choice.narrow()
    return {
        name: reading.Shared(f"SELECT * FROM {table} WHERE {where}", params)
        for table, name in SOURCES.items()
    }
