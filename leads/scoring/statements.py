"""The statements of scoring, put together once for whoever scores and whoever explains."""

from pathlib import Path

from leads import fields
from leads.grading import DAY
from leads.scoring import rules

# A row of `weighed`: one kind of touch on one day of a score in `chosen` (id, lead_id, touched_at, contact_id).
SQL = Path(__file__).parent.parent / "sql"
TOUCH_DAYS = (SQL / "touch_days.sql").read_text()
WARMTH = (SQL / "warmth.sql").read_text()

# Who was merged into the person of one score, looked up for each; or of all at once, for whoever scores a whole house.
OTHERS = (
    "ARRAY(SELECT m.id FROM pipeline_contact m WHERE m.merged_into_id = coalesce(c.merged_into_id, c.id))"
)
ALL_OTHERS = """LEFT JOIN (
    SELECT merged_into_id AS id, array_agg(id) AS ids FROM pipeline_contact WHERE merged_into_id IS NOT NULL GROUP BY 1
  ) merged ON merged.id = coalesce(c.merged_into_id, c.id)"""
OTHER_MODEL = "JOIN leads_leadscore kept ON kept.lead_id = s.lead_id AND kept.model_id = %(fit_of)s"

CHOSEN = """
chosen AS MATERIALIZED (
  SELECT s.id, s.lead_id, s.touched_at, coalesce(own.merged_into_id, own.id) AS contact_id
  FROM leads_leadscore s JOIN leads_lead l ON l.id = s.lead_id JOIN pipeline_contact own ON own.id = l.contact_id
  WHERE s.model_id = %(scores_of)s AND {which}
)
"""

# A score that was marked again meanwhile keeps its mark: the guard on touched_at leaves it due.
# Worked out before the join with the guard: the planner takes that for one row.
SCORE = """
WITH worked AS MATERIALIZED (
  SELECT s.id, s.touched_at, coalesce(({warmth}), 0) AS heat, {fit} AS fit
  FROM leads_leadscore s JOIN ({source}) ON l.id = s.lead_id WHERE s.model_id = %(scores_of)s AND {which}
)
UPDATE leads_leadscore s SET heat = worked.heat, fit = worked.fit, scored_at = worked.touched_at
FROM worked WHERE s.id = worked.id AND s.touched_at = worked.touched_at
RETURNING s.lead_id
"""

# The same where the fit that `kept` has is still right: only heat is worked out. What is due there may have another fit by now.
WARM = """
WITH worked AS MATERIALIZED (
  SELECT s.id, s.touched_at, coalesce(({warmth}), 0) AS heat, {kept}.fit
  FROM leads_leadscore s JOIN leads_lead l ON l.id = s.lead_id JOIN pipeline_contact c ON c.id = l.contact_id
  {joined}
  WHERE s.model_id = %(scores_of)s AND {kept}.scored_at >= {kept}.touched_at AND {which}
)
UPDATE leads_leadscore s SET heat = worked.heat, fit = worked.fit, scored_at = worked.touched_at
FROM worked WHERE s.id = worked.id AND s.touched_at = worked.touched_at
{told}
"""

# A row: what a lead would be scored under another model than the one whose score it has. Writes nothing.
PREVIEW = """
SELECT s.lead_id, coalesce(({warmth}), 0), {fit}
FROM leads_leadscore s JOIN ({source}) ON l.id = s.lead_id WHERE s.model_id = %(scores_of)s AND {which}
"""

# A row: which rules the lead meets, and one kind of touch on one day with its count, its points then, and its heat.
EXPLAIN = """
WITH {chosen}, {touch_days}
SELECT met.rules, day, kind, n, points, heat
FROM (SELECT ARRAY[{met}]::bool[] AS rules FROM {source} WHERE l.id = %(lead)s) met LEFT JOIN weighed ON true
ORDER BY day DESC, kind
"""


def values(model):
    """What the statements want to know of a score model, by name."""
    return {
        "model": model.pk,
        "scores_of": model.pk,
        "epoch": model.epoch,
        "half_life": model.half_life * DAY,
    }


def score(model, which, params):
    """(SQL, parameters) that scores the leads chosen by the condition `which` over s and l; answers their ids."""
    return _of_all(SCORE, model, which, {**values(model), **params})


def warm(model, which, params, fit_of=None):
    """(SQL, parameters) that scores those of the leads chosen by `which` whose fit is known already.

    It is the fit that they have under the model `fit_of`, whose rules are the same: answers the leads' ids. Without one
    it is what they have: answers nothing, for whoever scores a whole house only counts them.
    """
    weights = fields.Bound("weight")
    sql = WARM.format(
        warmth=_warmth(model, weights, OTHERS if fit_of else "merged.ids"),
        kept="kept" if fit_of else "s",
        joined=OTHER_MODEL if fit_of else ALL_OTHERS,
        told="RETURNING s.lead_id" if fit_of else "",
        which=which,
    )
    return sql, {**values(model), "fit_of": fit_of and fit_of.pk, **params, **weights.params}


def preview(model, scores_of, which, params):
    """(SQL, parameters) of rows (lead id, heat, fit) as `model` would score the leads that `scores_of` has scored."""
    return _of_all(PREVIEW, model, which, {**values(model), "scores_of": scores_of.pk, **params})


def _of_all(statement, model, which, params):
    bind, weights = fields.Bound("fit"), fields.Bound("weight")
    sql = statement.format(
        warmth=_warmth(model, weights, OTHERS),
        fit=rules.fit(model.rules.all(), bind, model.caps),
        source=fields.FROM.strip(),
        which=which,
    )
    return sql, {**params, **bind.params, **weights.params}


def _warmth(model, bind, others):
    return WARMTH.format(points=_points(model.weights.all(), bind), others=others)


def _points(weights, bind):
    """SQL of the points of `t.n` touches of a kind on one day, with the ceiling; null for kinds that weigh nothing."""
    cases = [
        f"WHEN {bind(one.kind)} THEN least({bind(one.daily_cap)}::float8, t.n * {bind(one.weight)}::float8)"
        for one in weights
    ]
    return f"CASE t.kind {' '.join(cases)} END" if cases else "NULL::float8"


def explanation(model, lead):
    """(SQL, parameters) of rows (for each rule in order, whether the lead meets it; day, kind, n, points, heat).

    A row is a touch-day behind the lead's heat; without any the one row's day is null.
    """
    bind = fields.Bound()
    sql = EXPLAIN.format(
        chosen=CHOSEN.format(which="s.lead_id = %(lead)s"),
        touch_days=TOUCH_DAYS,
        met=", ".join(rules.holds(rule, bind) for rule in model.rules.all()),
        source=fields.FROM.strip(),
    )
    return sql, {**values(model), **bind.params, "lead": lead.pk}
