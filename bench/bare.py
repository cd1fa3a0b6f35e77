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


KEPT = {}  # path → [web.Sent]: what the page at this path reads


def page(request):
    """The rows that the page named by `of` reads, asked by the same queries through the ORM, in plain tables."""
    return _tables(request, lambda sent: _made(sent.query) if sent.query else _ready(sent))


def ready(request):
    """The same rows by the statements as the page sent them: nothing is made any more."""
    return _tables(request, _ready)


def _tables(request, read):
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    tables = [read(sent) for sent in KEPT[request.GET["of"]]]
    return render(request, "bench/page.html", {"tables": [table for table in tables if table]})


def _made(query):
    """(columns, rows) of a query: made into a statement, sent and read, without instances of models."""
    compiler = query.clone().get_compiler(connection.alias)
    rows = list(compiler.results_iter())
    names = [
        alias or getattr(expression, "target", expression) for expression, _sql, alias in compiler.select
    ]
    return names, rows


def _ready(sent):
    with connection.cursor() as cursor:
        cursor.execute(sent.statement, sent.parameters)
        if cursor.description is None:  # it wrote or set something, and has no rows
            return None
        return [column.name for column in cursor.description], cursor.fetchall()
