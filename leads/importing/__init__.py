"""Importing files: from a stream of rows to the tables, in chunks, with nothing lost and nothing twice."""

from leads.importing.dry import Forecast, dry_run, told
from leads.importing.errands import ask_look, ask_undo, errand_of, look_due, undo_due
from leads.importing.files import create, header
from leads.importing.runs import run_due, start
from leads.importing.undoing import TooLate, may_undo, undo

__all__ = [
    "Forecast",
    "TooLate",
    "ask_look",
    "ask_undo",
    "create",
    "dry_run",
    "errand_of",
    "header",
    "look_due",
    "may_undo",
    "run_due",
    "start",
    "told",
    "undo",
    "undo_due",
]
