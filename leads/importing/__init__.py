"""Importing files: from a stream of rows to the tables, in chunks, with nothing lost and nothing twice."""

from leads.importing.runs import create, run_due, start

__all__ = ["create", "run_due", "start"]
