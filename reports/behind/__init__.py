"""The list behind each figure: exactly the rows that it counts, as far as the user may see them."""

from reports.behind.lists import LISTS, of
from reports.behind.sources import needs_money, rows

# The other half of a figure that is told from two lists.
BESIDE = dict.fromkeys(("revenue_roi", "margin_roi", "channel_roi"), "return_spend")

__all__ = ["BESIDE", "LISTS", "needs_money", "of", "rows"]
