"""The lead desk: what marketing answers, grades and hands over, or sets aside."""

from leads.views.desk.lead import complete, disqualify, nurture, qualify, ready
from leads.views.desk.listing import desk, many
from leads.views.desk.reception import free, log, take
from leads.views.desk.verbs import undo

__all__ = [
    "complete",
    "desk",
    "disqualify",
    "free",
    "log",
    "many",
    "nurture",
    "qualify",
    "ready",
    "take",
    "undo",
]
