"""The least that a list of leads can be: the same sign-in and WHERE, values() and orjson."""

import orjson
from django.http import HttpResponse, HttpResponseForbidden

from engine.renderers import plain
from leads.models import Lead

FIELDS = (
    "id",
    "contact",
    "stage",
    "grade",
    "campaign",
    "channel",
    "owner",
    "captured_at",
    "mql_at",
    "sql_at",
    "source",
)


def leads(request):
    """The newest 50 leads of a stage and channel."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    rows = Lead.objects.counted().filter(stage=request.GET["stage"], channel=request.GET["channel"])
    found = list(rows.order_by("-captured_at", "-id").values(*FIELDS)[:51])
    return HttpResponse(orjson.dumps({"results": found[:50]}, default=plain), content_type="application/json")
