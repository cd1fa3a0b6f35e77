"""The use of a unit week by week, drawn."""

from datetime import timedelta

from django.db.models import IntegerField, Sum
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from ui import charts, formats

WEEKS = 26


def of(unit, today):
    """[(last day of the week, use, errors)], the oldest week first; the last week ends today."""
    week = RawSQL("(%s::date - day) / 7", [today], output_field=IntegerField())
    told = unit.readings.filter(day__gt=today - timedelta(weeks=WEEKS), day__lte=today).order_by()
    rows = told.annotate(week=week).values("week").annotate(used=Sum("usage"), failed=Sum("errors"))
    found = {row["week"]: (row["used"], row["failed"]) for row in rows}
    first = max(found, default=-1)
    return [(today - timedelta(weeks=n), *found.get(n, (0, 0))) for n in range(first, -1, -1)]


def chart(unit, today):
    """Weeks as a line of use, and one of errors where there are any."""
    weeks = of(unit, today)
    used = charts.Series(unit.product.usage_unit or _("Use"), tuple(one[1] for one in weeks), 1)
    failed = charts.Series(_("Errors"), tuple(one[2] for one in weeks), 5)
    series = [used, failed] if any(failed.values) else [used]
    return charts.lines([formats.near_day(day, today) for day, *_rest in weeks], series, _("Use a week"))
