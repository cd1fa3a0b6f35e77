"""Dealers' registrations: the list, and the form of one with what stands against it."""

import django_filters
from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import organisation
from accounts.doors import get_held, permitted, requires, saves
from pipeline import registrations
from pipeline.forms.registrations import RegistrationForm
from pipeline.models import Company, DealRegistration
from ui import keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table

COLUMNS = [
    Column("customer__name", gettext_lazy("End customer"), href="href"),
    Column("dealer__name", gettext_lazy("Dealer")),
    Column("product__name", gettext_lazy("Product")),
    Column("registered_on", gettext_lazy("Registered"), kind="day"),
    Column("protected_until", gettext_lazy("Protected until"), kind="day"),
    Column("state", gettext_lazy("State"), kind="pill"),
]


class RegistrationFilters(FilterSet):
    """What the list may be narrowed to."""

    q = WordsFilter(columns=["customer__name", "dealer__name"], label=gettext_lazy("Search"))
    dealer = django_filters.ModelChoiceFilter(
        queryset=Company.objects.surviving().filter(is_partner=True).order_by("name"),
        label=gettext_lazy("Dealer"),
    )

    class Meta:
        model = DealRegistration
        fields = []


@requires("pipeline.view_registration")
def registration_list(request):
    """Registrations, newest first, each with its state of today."""
    today = organisation.today(timezone.now())
    seen = DealRegistration.objects.visible_to(request.user).contested(today)
    filters = RegistrationFilters(request.GET or None, seen, request=request)
    rows = filters.qs.values(
        "id", "customer__name", "dealer__name", "product__name", "registered_on", "protected_until", "withdrawn", "contested",
    )  # fmt: skip
    page = keyset.page(rows, ("-registered_on", "-id"), cursor=request.GET.get("cursor", ""))
    for row in page.rows:
        row["href"] = reverse("pipeline:registration", args=[row["id"]])
        row["state"], row["tone"] = _state(row, today)
    may_add, first = permitted(request, "pipeline.add_registration"), ()
    if may_add:
        words = _("No deal is registered yet: enter the first for the dealer who works on it.")
        first = (words, reverse("pipeline:registration-new"), _("Register a deal"))
    table = Table(
        page.rows, COLUMNS, _("Deal registrations"), request=request, page=page, cards=True, first=first
    )
    context = {"filter": filters, "table": table, "may_add": may_add}
    return render_part(request, "pipeline/registrations/list.html", "rows", context)


def _state(row, today):
    if row["withdrawn"]:
        return _("withdrawn"), ""
    if row["protected_until"] < today:
        return _("run out"), ""
    return (_("conflict"), "warn") if row["contested"] else (_("protected"), "ok")


@requires("pipeline.add_registration")
def registration_new(request):
    """Register a dealer's deal; what stands against it is told, and refuses nothing."""
    return _form(request, DealRegistration(by=request.user))


@saves
def registration(request, pk):
    """Look at one, change it, extend or withdraw it."""
    return _form(request, get_held(request, DealRegistration.objects, "pipeline.view_registration", pk))


def _form(request, one):
    today = organisation.today(timezone.now())
    may = permitted(request, "pipeline.change_registration", one) if one.pk else True
    initial = {name: request.GET[name] for name in ("dealer", "customer") if name in request.GET}
    form = RegistrationForm(request.POST or None, instance=one, today=today, initial=initial) if may else None
    context = {"form": form, "one": one if one.pk else None}
    if request.method != "POST" or form is None:
        context["conflicts"] = registrations.conflicts(one, today) if one.pk else []
        context["changes"] = registrations.changes(one) if one.pk else []
        return render(request, "pipeline/registrations/form.html", context)
    if not form.is_valid():
        return invalid(request, "pipeline/registrations/form.html", context)
    saved = form.save()
    messages.success(request, _("“%(name)s” is saved.") % {"name": saved})
    return redirect(request, "pipeline:registration", saved.pk)
