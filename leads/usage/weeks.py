"""The use of a unit week by week, drawn."""

from datetime import timedelta

from django.db.models import IntegerField, Min, Sum
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from ui import charts, formats

WEEKS = 26


def of(unit, today):
    """[(last day of the week, use, errors)] of whole weeks, the oldest first; the last one ended yesterday."""
    end = today - timedelta(days=1)
    week = RawSQL("(%s::date - day) / 7", [end], output_field=IntegerField())
    told = unit.readings.filter(day__gt=end - timedelta(weeks=WEEKS), day__lte=end).order_by()
    rows = (
        told.annotate(week=week)
        .values("week")
        .annotate(used=Sum("usage"), failed=Sum("errors"), first=Min("day"))
    )
    found = {row["week"]: row for row in rows}
    oldest = max(found, default=-1)
    if (
        found
        and found[oldest]["first"] > end - timedelta(weeks=oldest, days=6)
        and oldest < WEEKS - 1
        and len(found) > 1
    ):
        oldest -= 1  # it began within that week
    nothing = {"used": 0, "failed": 0}
    weeks = [(n, found.get(n, nothing)) for n in range(oldest, -1, -1)]
    return [(end - timedelta(weeks=n), row["used"], row["failed"]) for n, row in weeks]


def chart(unit, today):
    """Weeks as a line of use, and one of errors where there are any."""
    weeks = of(unit, today)
    used = charts.Series(unit.product.usage_unit or _("Use"), tuple(one[1] for one in weeks), 1)
    failed = charts.Series(_("Errors"), tuple(one[2] for one in weeks), 5)
    series = [used, failed] if any(failed.values) else [used]
    return charts.lines([formats.near_day(day, today) for day, *_rest in weeks], series, _("Use a week"))
