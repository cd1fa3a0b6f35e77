"""The list behind each figure: exactly the rows that it counts, as far as the user may see them."""

from reports.behind.halves import beside
from reports.behind.lists import LISTS, of
from reports.behind.sources import counted, needs_money, rows

__all__ = ["LISTS", "beside", "counted", "needs_money", "of", "rows"]
