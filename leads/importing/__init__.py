"""Importing files: from a stream of rows to the tables, in chunks, with nothing lost and nothing twice."""

from leads.importing.dry import dry_run
from leads.importing.runs import create, run_due, start

__all__ = ["create", "dry_run", "run_due", "start"]
