"""The zero of forward decay: moved on before a float runs out of exponent."""

from engine.copying import chunk
from leads import grading

FURTHEST = 500  # half-lives; PostgreSQL raises overflow at 1,024
DEAD = 60  # half-lives after which nothing is left that a grade could feel

# In two halves, and 0 for what nobody could feel, so that no power overflows or underflows.
REBASE = """
WITH moved AS (UPDATE leads_scoremodel SET epoch = %(to)s WHERE id = %(model)s)
UPDATE leads_leadscore
SET heat = CASE WHEN heat < %(least)s THEN 0 ELSE heat * %(half)s::float8 * %(half)s::float8 END
WHERE model_id = %(model)s AND heat > 0
"""
START_OVER = """
WITH moved AS (UPDATE leads_scoremodel SET epoch = %(to)s WHERE id = %(model)s)
UPDATE leads_leadscore SET heat = 0, scored_at = NULL WHERE model_id = %(model)s
"""


def models_in_force(at):
    """The models in force, the general one first, with epochs near enough to `at`. Raises ScoreModel.DoesNotExist."""
    return [keep_near(one.model, at) for one in grading.in_force(at).gradings]


def keep_near(model, at):
    """The model, re-based where its epoch is too far from `at`."""
    if abs(_half_lives(model, at)) > FURTHEST:
        rebase(model, at)
    return model


def rebase(model, at):
    """Move the model's epoch to `at`: engagement stays what it is, heat is told from the new zero.

    One statement over the model's scores. Where the way is too far for a float, they are scored anew instead.
    """
    with chunk() as cursor:  # every score of the model at once
        cursor.execute("SELECT epoch FROM leads_scoremodel WHERE id = %s FOR UPDATE", [model.pk])
        model.epoch = cursor.fetchone()[0]
        shift = _half_lives(model, at)
        params = {"to": at, "model": model.pk}
        if abs(shift) < 2 * FURTHEST - DEAD:
            params |= {"half": 2.0 ** (-shift / 2), "least": 2.0 ** (shift - DEAD)}
            cursor.execute(REBASE, params)
        else:
            cursor.execute(START_OVER, params)
    model.epoch = at
    grading.forget()


def _half_lives(model, at):
    return (at - model.epoch).total_seconds() / (model.half_life * grading.DAY)
