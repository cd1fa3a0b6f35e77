"""The forecast of a period: closed, commit, best case and pipeline, weighted; what people said, and how right they were."""

from reports.forecast.calls import BadCall, call, keep, subjects
from reports.forecast.sums import BY, CATEGORIES, Board, Sums, board

__all__ = ["BY", "CATEGORIES", "BadCall", "Board", "Sums", "board", "call", "keep", "subjects"]
