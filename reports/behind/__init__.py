"""The list behind each figure: exactly the rows that it counts, as far as the user may see them."""

from reports.behind.lists import LISTS
from reports.behind.sources import needs_money, rows

__all__ = ["LISTS", "needs_money", "rows"]
