"""Opportunities to grow: the register, one of them with what came of it, its form, and what was learned."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import get_held, get_permitted, permitted, requires, saves
from reports import exporting
from reports.choice import axes, parse
from reports.growth import figures, showing
from reports.growth.forms import GrowthFilters, GrowthForm, LessonForm
from reports.models import Growth
from ui import keyset
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Table

NAMED = ("segment", "region", "product", "campaign", "marketer", "seller", "entered_by")


def to_date():
    """The Choice over all time by the model in force."""
    return parse({"period": "all"}, axes(), timezone.now())


@require_safe
@requires("reports.view_money")
def growth_list(request):
    """What the house could grow by, newest first, with what came of it so far."""
    choice, asked = to_date(), request.GET.copy()
    asked.pop("format", None)
    filters = GrowthFilters(asked or None, Growth.objects.visible_to(request.user), request=request)
    rows, came = filters.qs.values(*showing.ROW), figures.came(choice)
    if kind := exporting.wanted(request):
        told = showing.completed(list(rows.order_by("-id")), came, choice)
        return exporting.answer(kind, "growth", showing.FILE, told, title=_("Growth opportunities"))
    page = keyset.page(rows, ("-id",), cursor=request.GET.get("cursor", ""))
    may_add, first = permitted(request, "reports.change_growth"), ()
    if may_add:
        words = _("No opportunity is written down yet: enter the first, with what is known of it.")
        first = (words, reverse("reports:growth-new"), _("New opportunity"))
    showing.completed(page.rows, came, choice)
    caption = _("Growth opportunities")
    table = Table(page.rows, showing.COLUMNS, caption, request=request, page=page, cards=True, first=first)
    context = {"filter": filters, "table": table, "may_add": may_add, "export": asked.urlencode()}
    return render_part(request, "reports/growth/list.html", "rows", context)


@saves
@requires("reports.change_growth")
def growth_new(request):
    """Write an opportunity down."""
    return _form(request, Growth(entered_by=request.user))


@saves
@requires("reports.change_growth")
def growth_edit(request, pk):
    """Change an opportunity; its history is kept."""
    return _form(request, get_held(request, Growth.objects, "reports.change_growth", pk))


def _form(request, one):
    form = GrowthForm(request.POST or None, instance=one)
    context = {"form": form, "one": one if one.pk else None}
    if request.method != "POST":
        return render(request, "reports/growth/form.html", context)
    if not form.is_valid():
        return invalid(request, "reports/growth/form.html", context)
    saved = form.save()
    messages.success(request, _("“%(name)s” is saved.") % {"name": saved})
    return redirect(request, "reports:growth-one", saved.pk)


@require_safe
@requires("reports.view_report")
def growth_one(request, pk):
    """One opportunity, for readers of money and its owners: what was expected, what came, what was learned and what was changed."""
    return _one(request, pk, LessonForm())


def _one(request, pk, form):
    one = get_permitted(request, Growth.objects.select_related(*NAMED), "reports.view_growth", pk)
    choice = to_date()
    money = permitted(request, "reports.view_money")
    real = figures.came(choice).get(one.campaign_id) if one.campaign_id and money else None
    context = {
        "one": one,
        "where": showing.where(one.segment, one.region, one.product),
        "tone": showing.TONES[one.state],
        "due": one.look_on and one.look_on <= choice.today and one.state in showing.OPEN,
        "against": showing.against(one, real, choice),
        "lessons": one.lessons.select_related("by").order_by("-id"),
        "changes": figures.changes(one),
        "money": money,
        "may_change": permitted(request, "reports.change_growth"),
        "form": form,
    }
    if form.errors:
        return invalid(request, "reports/growth/one.html", context)
    return render(request, "reports/growth/one.html", context)


@require_POST
@requires("reports.view_report")
def growth_learn(request, pk):
    """Say what was learned; every word is kept."""
    form = LessonForm(request.POST)
    if not form.is_valid():
        return _one(request, pk, form)
    one = get_permitted(request, Growth.objects, "reports.view_growth", pk)
    figures.learn(one, form.cleaned_data["text"], request.user, timezone.now())
    messages.success(request, _("What was learned is kept."))
    return redirect(request, "reports:growth-one", pk)
