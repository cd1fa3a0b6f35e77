"""Importing files: from a stream of rows to the tables, in chunks, with nothing lost and nothing twice."""

from leads.importing.dry import dry_run, told
from leads.importing.runs import create, header, run_due, start
from leads.importing.undoing import TooLate, may_undo, undo

__all__ = ["TooLate", "create", "dry_run", "header", "may_undo", "run_due", "start", "told", "undo"]
