"""What stands at a company, with what its use says."""

from typing import Any

from django.db.models import Max, OuterRef, Prefetch, Subquery
from django.utils.translation import gettext as _

from leads.models import UsageSign
from leads.timeline import Event, joined
from leads.usage.wording import sentence
from pipeline.models import Reading, Unit

MOST = 200


def events(company, most):
    """(number, Event) of each beginning and end of what the use of a company's units said, the latest signs."""
    found = UsageSign.objects.filter(unit__company=company).select_related("unit__product", "owner")
    for one in found.order_by("-pk")[:most]:
        who = one.owner.full_name if one.owner else ""
        text = joined(one.unit, sentence(one))
        yield one.pk * 2, Event(one.began_at, str(one.get_kind_display()), text, who, "warn", "activity")
        if one.ended_at:
            over = _("No longer: %(sign)s") % {"sign": one.get_kind_display()}
            yield one.pk * 2 + 1, Event(one.ended_at, over, str(one.unit), "", "ok", "check")


def at_company(company):
    """The units of a company, those with signs first; each with `reported_on` and its `open_signs`, which have their `words`."""
    last = (
        Reading.objects.filter(unit=OuterRef("pk"))
        .order_by()
        .values("unit")
        .annotate(day=Max("day"))
        .values("day")
    )
    signs = Prefetch("signs", UsageSign.objects.open().order_by("-began_at", "-pk"), to_attr="open_signs")
    found = Unit.objects.filter(company=company).select_related("product").prefetch_related(signs)
    units: list[Any] = list(
        found.annotate(reported_on=Subquery(last)).order_by("product__name", "serial", "pk")[:MOST]
    )
    for unit in units:
        for sign in unit.open_signs:
            sign.unit = unit
            sign.words = sentence(sign)
    return sorted(units, key=lambda one: (not one.open_signs, one.retired_on is not None))
