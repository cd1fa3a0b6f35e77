"""Scoring: fit by rules, engagement by forward decay, and the grade proposed from both."""

from leads.grading import graded, proposed, proposed_grade
from leads.scoring.due import mark_touched, rescore, rescore_all, score_due
from leads.scoring.epochs import rebase
from leads.scoring.explaining import explain

__all__ = [
    "explain",
    "graded",
    "mark_touched",
    "proposed",
    "proposed_grade",
    "rebase",
    "rescore",
    "rescore_all",
    "score_due",
]
