"""One change to many ticked rows of a list: whom it would touch and who stays, doing it, and taking it back.

COMPANIES = Bulk("company", "pipeline", "companies", Company, "pipeline:company-list", (Choice("segment", …), …))
urlpatterns = [*COMPANIES.urls()]   # names: company-many, company-many-undo

The page that asks for the new value is the preview: how many, what each has now, and who stays as it is and why.
"""

from accounts.bulk.choices import NOTHING, ONE_BY_ONE, UNSAID, Choice, column, theirs
from accounts.bulk.picking import first_of, matched, picked
from accounts.bulk.room import Bulk, ticks

__all__ = [
    "NOTHING",
    "ONE_BY_ONE",
    "UNSAID",
    "Bulk",
    "Choice",
    "column",
    "first_of",
    "matched",
    "picked",
    "theirs",
    "ticks",
]
