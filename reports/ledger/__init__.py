"""What each side contributes, by kind: information, activity and sales behaviour; nothing of it is typed in for its own sake."""

from reports.ledger.lines import BEHAVIOUR, LINES, Line
from reports.ledger.people import BY, COLUMNS, Whose, people
from reports.ledger.sums import Entry, ledger

__all__ = ["BEHAVIOUR", "BY", "COLUMNS", "LINES", "Entry", "Line", "Whose", "ledger", "people"]
