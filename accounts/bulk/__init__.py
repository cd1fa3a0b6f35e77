"""One change to many ticked rows of a list: whom it would touch and who stays, doing it, and taking it back.

COMPANIES = Bulk("company", "pipeline", "companies", Company, "pipeline:company-list", (Choice("segment", …), …))
urlpatterns = [*COMPANIES.urls()]   # names: company-many, company-many-undo

The page that asks for the new value is the preview: how many, what each has now, and who stays as it is and why.
"""

from accounts.bulk.choices import NOTHING, UNSAID, Choice, column, theirs
from accounts.bulk.room import Bulk, picked, ticks

__all__ = ["NOTHING", "UNSAID", "Bulk", "Choice", "column", "picked", "theirs", "ticks"]
