"""The least that a list or page can be: the same sign-in and rows, and orjson or a plain template."""

import orjson
from django.db import connection
from django.http import HttpResponse, HttpResponseForbidden
from django.shortcuts import render

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


KEPT = {}  # path → [(statement, parameters)]: what the page at this path reads


def page(request):
    """The rows that the page named by `of` reads, by the same statements, in plain tables."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    tables = []
    with connection.cursor() as cursor:
        for statement, parameters in KEPT[request.GET["of"]]:
            cursor.execute(statement, parameters)
            if cursor.description:  # else it wrote or set something, and has no rows
                tables.append(([column.name for column in cursor.description], cursor.fetchall()))
    return render(request, "bench/page.html", {"tables": tables})
