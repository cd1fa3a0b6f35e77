"""Totals of a choice: from the cube where it knows the choice, else added up from the counted rows themselves.

A cube of every campaign and person would be a hundred times the size of what is asked of it. The rows of one campaign
or team are few, found by an index, and give the same events: the same figures, without another table to keep.
"""

from reports.rollups.counting import COUNTED

SOURCES = {total.model: (counted.table, total) for counted in COUNTED for total in counted.totals}


def cells(model, choice, axis=None):
    """(FROM item, parameters): rows like those of `model` within the choice; with `axis`, one of its values each."""
    table, total = SOURCES[model]
    if not total.cube and not choice.picks:
        return f"{total.table} AS cell", []
    if total.cube and not choice.by_row:
        where, params = choice.cell(axis)
        return f"(SELECT * FROM {total.table} WHERE {where}) AS cell", params
    where, params = choice.narrow()
    by = (axis,) if axis else ()
    return (
        f"({total.added_up(f'(SELECT 1 AS sign, * FROM {table} WHERE {where}) AS counted', by)}) AS cell",
        params,
    )
