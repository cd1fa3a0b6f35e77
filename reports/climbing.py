"""The targets that count for a region: what is agreed for itself; where nothing is, what is agreed for its parts.

A target of a part counts for the region above it too, month by month and segment by segment, as far up as nothing is agreed there.
So what was agreed for a region stays what was agreed, however it is given to its parts.
"""

from django.db.models.expressions import RawSQL

from reports.models import Measure

# A row: a target, once for each region (0: none) for which it counts. `own`: it is that region's own; `top`: that is part of no other.
CLIMBED = """
WITH RECURSIVE told (id, region, segment, measure, month, amount, own) AS (
  SELECT id, coalesce(region_id, 0), coalesce(segment_id, 0), measure, month, amount, true FROM reports_target
  WHERE measure = ANY(%s) AND month >= %s AND month < %s
  UNION SELECT told.id, r.parent_id, told.segment, told.measure, told.month, told.amount, false
  FROM told JOIN accounts_region r ON r.id = told.region AND r.parent_id IS NOT NULL
  WHERE NOT EXISTS (
    SELECT 1 FROM reports_target t WHERE t.measure = told.measure AND t.month = told.month AND t.region_id = r.parent_id
      AND coalesce(t.segment_id, 0) = told.segment
  )
)
SELECT told.*, r.parent_id IS NULL AS top FROM told LEFT JOIN accounts_region r ON r.id = told.region
"""


# The line of a region that has no parts.
WHOLE = " AND NOT EXISTS (SELECT FROM accounts_region part WHERE part.parent_id = region)"


def climbed(measures, period):
    """(FROM item, parameters): the rows of CLIMBED of these measures over a Period."""
    return f"({CLIMBED}) AS target", [[str(one) for one in measures], period.first, period.until]


def lines(region=None, segment=None):
    """(conditions, parameters) of the rows for the line of each region, of a region and a segment (Axis) where they are given.

    A region without its parts has no target where it has parts: what is agreed for it is for all of it.
    """
    where, params = "", []
    for name, axis in (("region", region), ("segment", segment)):
        if axis is not None:
            where += f" AND {name} = ANY(%s)"
            params.append(list(axis.under))
    return where + (WHOLE if region is not None and region.alone else ""), params


def once(region=None, segment=None):
    """(conditions, parameters) of the rows in which every target that counts does so once, narrowed likewise."""
    where, params = lines(region, segment)
    return (
        (where + " AND top", params) if region is None else (where + " AND region = %s", [*params, region.id])
    )


def counted(period, region=None, segment=None):
    """The ids, as a subquery, of the targets that count over a Period, narrowed likewise."""
    (target, params), (where, places) = climbed(Measure.values, period), once(region, segment)
    return RawSQL(f"SELECT id FROM {target} WHERE true{where}", [*params, *places])
