"""A rep's book, leads, deals, steps and companies: handed to colleagues when somebody leaves or is away, and back."""

from leads.books.gathering import Book, book_of, share, stamp
from leads.books.handing import Refused, back_due, bring_back, hand_over

__all__ = ["Book", "Refused", "back_due", "book_of", "bring_back", "hand_over", "share", "stamp"]
