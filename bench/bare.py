"""The least that a list or page can be: the same sign-in and rows, values(), and orjson or a plain template."""

import orjson
from django.http import HttpResponse, HttpResponseForbidden
from django.shortcuts import render

from engine.renderers import plain
from leads.models import Lead
from pipeline.models import Campaign, Company, Contact, Deal

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


# kind → (rows, their order, columns)
KINDS = {
    "lead": (Lead, "-captured_at", ("contact__full_name", "contact__company__name", "stage", "grade", "channel", "campaign__name",
                                    "owner__full_name", "captured_at")),
    "campaign": (Campaign, "-starts_on", ("name", "code", "status", "channel", "starts_on", "ends_on", "budget")),
    "company": (Company, "name", ("name", "domain", "country", "industry", "employees", "region__name", "segment__name")),
    "deal": (Deal, "-opened_at", ("name", "company__name", "stage__name", "owner__full_name", "amount", "expected_close", "outcome")),
    "contact": (Contact, "full_name", ("full_name", "job_title", "company__name", "country", "city", "created_at")),
}  # fmt: skip


def listed(request, kind):
    """Fifty rows in a plain table."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    model, order, columns = KINDS[kind]
    rows = model.objects.visible_to(request.user).order_by(order, "-id").values_list("id", *columns)[:50]
    return render(request, "bench/listed.html", {"kind": kind, "columns": columns, "rows": rows})


def shown(request, kind, pk):
    """One row in a plain list of its columns."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    model, _order, columns = KINDS[kind]
    row = model.objects.visible_to(request.user).values(*columns).get(pk=pk)
    return render(request, "bench/shown.html", {"kind": kind, "row": row})
