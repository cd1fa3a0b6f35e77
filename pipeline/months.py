"""The months that the books are closed for, and the month into which something late is booked.

Closed months stand in one row without a gap. Whatever is dated in one of them comes too late for it and is booked to
the first month after them; what is dated before or after them keeps its own month.
"""

from datetime import date

from django.utils.translation import gettext as _

from pipeline.models import MonthClose
from ui import formats


def closed():
    """The first days of the closed months, oldest first."""
    return sorted(MonthClose.objects.in_force().values_list("month", flat=True))


def after(month):
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def booked(month, shut):
    """The month into which something of `month` is booked while the months `shut` are closed."""
    return after(shut[-1]) if month in shut else month


def told(spend):
    """What to say where a spend was not booked to its month of service; "" where it was. Reads its `booked` month."""
    spend.refresh_from_db(fields=["booked"])
    if spend.booked == spend.month:
        return ""
    return _(
        "%(month)s is closed: the spend is booked to %(booked)s. Its month of service and its date are kept."
    ) % {"month": formats.month(spend.month), "booked": formats.month(spend.booked)}
