"""A rep's book, leads, deals, steps and companies: handed to colleagues when somebody leaves or is away, and back."""

from leads.books.gathering import Book, book_of, share, stamp
from leads.books.handing import Refused, back_due, bring_back, hand_over
from leads.books.lending import Lent, lent_to

__all__ = [
    "Book",
    "Lent",
    "Refused",
    "back_due",
    "book_of",
    "bring_back",
    "hand_over",
    "lent_to",
    "share",
    "stamp",
]
