"""Stages of the board and reasons of outcomes, kept by an administrator."""

from django.utils.translation import gettext_lazy as _

from accounts.registers import Register
from pipeline.forms.stages import ReasonForm, StageForm
from pipeline.models import DealStage, OutcomeReason
from ui.tables import Column


def in_use(one):
    """A pill that says whether people may still choose it."""
    return {"state": _("In use") if one.active else _("Archived"), "tone": "ok" if one.active else ""}


def _stage(stage):
    return {
        "name": str(stage),
        "position": stage.position,
        "probability": stage.probability / 100,
        "category": stage.get_category_display(),
        "outcome": stage.get_outcome_display(),
        **in_use(stage),
    }


def _reason(reason):
    later = _("Asks again later") if reason.later else ""
    return {"name": str(reason), "outcome": reason.get_outcome_display(), "later": later, **in_use(reason)}


STATE = Column("state", _("State"), kind="pill")
STAGES = Register(
    "stages",
    "pipeline",
    DealStage,
    StageForm,
    "pipeline.manage_stages",
    _("Deal stages"),
    _("The columns of the board, in order, and what a deal there is worth to the forecast"),
    [
        Column("name", _("Stage"), href="href"),
        Column("position", _("Position"), kind="number"),
        Column("probability", _("Probability"), kind="percent"),
        Column("category", _("Forecast category")),
        Column("outcome", _("Outcome")),
        STATE,
    ],
    _stage,
)
REASONS = Register(
    "outcome-reasons",
    "pipeline",
    OutcomeReason,
    ReasonForm,
    "pipeline.manage_stages",
    _("Reasons of won and lost deals"),
    _("What people choose from when a deal ends"),
    [
        Column("name", _("Reason"), href="href"),
        Column("outcome", _("Outcome")),
        Column("later", _("What follows")),
        STATE,
    ],
    _reason,
)
