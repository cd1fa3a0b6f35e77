"""What is measured of the brand: lists of waves and of shares of search, one of them, its form, and files of them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import organisation
from accounts.doors import get_held, permitted, requires, saves
from reports import entering, exporting
from reports.brand import showing
from reports.brand.forms import FileForm, SearchFilters, SearchForm, WaveFilters, WaveForm
from reports.brand.shares import reputation
from reports.models import BrandWave, SearchShare
from ui import formats, keyset
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Table

NAMED = ("region", "segment", "entered_by")
READ, CHANGE = "reports.view_report", "reports.change_brand"


def today():
    """The organisation's day."""
    return organisation.today(timezone.now())


@require_safe
@requires(READ)
def waves(request):
    """Waves of brand surveys, the latest first, with awareness and reputation."""
    filters = WaveFilters(_asked(request), BrandWave.objects.visible_to(request.user), request=request)
    rows = filters.qs.values(*showing.WAVE_ROW)
    if kind := exporting.wanted(request):
        told = showing.waves(list(rows.order_by("-on", "-id")))
        return exporting.answer(kind, "brand", showing.WAVES_FILED, told, title=_("Waves of brand surveys"))
    page = keyset.page(rows, ("-on", "-id"), cursor=request.GET.get("cursor", ""))
    words = _("No wave is written down yet: enter the first, or bring a file of them.")
    drawn = _of_one_market(request, rows.filter(prompted__isnull=False), "-on")
    listed = {
        "columns": showing.WAVES,
        "caption": _("Waves of brand surveys"),
        "first": (words, reverse("reports:brand-wave-new"), _("New wave")),
        "chart": showing.wave_chart(drawn) if len(drawn) > 1 else "",
        "removed": showing.removed(BrandWave),
    }
    showing.waves(page.rows)
    return _list(request, filters, page, listed, "waves")


@require_safe
@requires(READ)
def searches(request):
    """Shares of search by month, the latest first."""
    filters = SearchFilters(_asked(request), SearchShare.objects.visible_to(request.user), request=request)
    rows = filters.qs.values(*showing.SEARCH_ROW)
    if kind := exporting.wanted(request):
        told = showing.searches(list(rows.order_by("-month", "-id")))
        return exporting.answer(kind, "searches", showing.SEARCHES_FILED, told, title=_("Share of search"))
    page = keyset.page(rows, ("-month", "-id"), cursor=request.GET.get("cursor", ""))
    words = _("No month is written down yet: enter the first, or bring a file of them.")
    drawn = _of_one_market(request, rows, "-month")
    listed = {
        "columns": showing.SEARCHES,
        "caption": _("Share of search"),
        "first": (words, reverse("reports:brand-search-new"), _("New month")),
        "chart": showing.search_chart(drawn) if len(drawn) > 1 else "",
        "removed": showing.removed(SearchShare),
    }
    showing.searches(page.rows)
    return _list(request, filters, page, listed, "searches")


def _asked(request):
    asked = request.GET.copy()
    asked.pop("format", None)
    return asked or None


def _of_one_market(request, rows, order):
    """The latest rows of the market that the filters name, or of the whole house; the oldest first."""
    whole = {f"{name}__isnull": True for name in ("region", "segment") if not request.GET.get(name)}
    return list(rows.filter(**whole).order_by(order, "-id")[: showing.MOST])[::-1]


def _list(request, filters, page, listed, kind):
    may_change = permitted(request, CHANGE)
    table = Table(
        page.rows, listed["columns"], listed["caption"], request=request, page=page, cards=True,
        first=listed["first"] if may_change else (),
        empty=_("Nothing is written down yet."),
    )  # fmt: skip
    asked = request.GET.copy()
    for name in ("cursor", "format"):
        asked.pop(name, None)
    context = {
        "filter": filters,
        "table": table,
        "chart": listed["chart"],
        "removed": listed["removed"],
        "kind": kind,
        "may_change": may_change,
        "export": asked.urlencode(),
    }
    return render_part(request, "reports/brand/list.html", "rows", context)


@saves
@requires(CHANGE)
def wave_new(request):
    """Write a wave down."""
    return _form(request, WaveForm, BrandWave(entered_by=request.user), "reports:brand-wave")


@saves
@requires(CHANGE)
def wave_edit(request, pk):
    """Correct a wave; its history is kept."""
    return _form(request, WaveForm, get_held(request, BrandWave.objects, CHANGE, pk), "reports:brand-wave")


@saves
@requires(CHANGE)
def search_new(request):
    """Write the searches of a month down."""
    return _form(request, SearchForm, SearchShare(entered_by=request.user), "reports:brand-search")


@saves
@requires(CHANGE)
def search_edit(request, pk):
    """Correct the searches of a month; their history is kept."""
    held = get_held(request, SearchShare.objects, CHANGE, pk)
    return _form(request, SearchForm, held, "reports:brand-search")


def _form(request, form_class, one, page):
    form = form_class(request.POST or None, instance=one, today=today())
    context = {"form": form, "one": one if one.pk else None, "page": page, "list_page": f"{page}-list"}
    if request.method != "POST":
        return render(request, "reports/brand/form.html", context)
    if not form.is_valid():
        return invalid(request, "reports/brand/form.html", context)
    saved = form.save()
    messages.success(request, _("“%(name)s” is saved.") % {"name": title(saved)})
    return redirect(request, page, saved.pk)


def title(one):
    """What a measurement is called."""
    return formats.month(one.month) if isinstance(one, SearchShare) else str(one)


@require_safe
@requires(READ)
def wave(request, pk):
    """What a wave says, and what was changed of it."""
    one = get_object_or_404(BrandWave.objects.visible_to(request.user).select_related(*NAMED), pk=pk)
    return _one(
        request,
        one,
        "reports:brand-wave",
        {
            "groups": showing.groups(vars(one)),
            "mark": reputation(vars(one)),
            "mark_told": showing.mark(reputation(vars(one))),
            "score": showing.score(vars(one)),
        },
    )


@require_safe
@requires(READ)
def search(request, pk):
    """The searches of a month, and what was changed of them."""
    one = get_object_or_404(SearchShare.objects.visible_to(request.user).select_related(*NAMED), pk=pk)
    return _one(request, one, "reports:brand-search", {"share": showing.share(vars(one))})


def _one(request, one, page, said):
    context = {
        "one": one,
        "title": title(one),
        "where": showing.market(one.region, one.segment),
        "page": page,
        "list_page": f"{page}-list",
        "changes": showing.changes(one),
        "may_change": permitted(request, CHANGE),
        **said,
    }
    return render(request, "reports/brand/one.html", context)


@require_POST
@requires(CHANGE)
def wave_remove(request, pk):
    """Take a wave away; its history stays."""
    return _remove(request, BrandWave, pk, "reports:brand-wave-list")


@require_POST
@requires(CHANGE)
def search_remove(request, pk):
    """Take the searches of a month away; their history stays."""
    return _remove(request, SearchShare, pk, "reports:brand-search-list")


def _remove(request, model, pk, back):
    one = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    one.delete()
    messages.success(request, _("“%(name)s” is taken away; history keeps it.") % {"name": title(one)})
    return redirect(request, back)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(CHANGE)
def file(request):
    """Bring a file of measurements; `?template=waves` with a format is an empty one."""
    day, asked = today(), request.GET.get("template", "")
    if asked in entering.FORMS and (kind := exporting.wanted(request)):
        return exporting.answer(kind, asked, entering.template(asked, day), [], title=entering.KINDS[asked])
    form = FileForm(list(entering.KINDS.items()), request.POST or None, request.FILES or None)
    context = {"form": form, "kinds": _kinds(day)}
    if request.method != "POST":
        return render(request, "reports/brand/file.html", context)
    if not form.is_valid():
        return invalid(request, "reports/brand/file.html", context)
    kind = form.cleaned_data["kind"]
    try:
        kept, wrong = entering.take(kind, form.cleaned_data["file"], by=request.user, today=day)
    except entering.Refused as refused:
        form.add_error("file", str(refused))
        return invalid(request, "reports/brand/file.html", context)
    if wrong:
        return invalid(request, "reports/brand/file.html", context | {"wrong": wrong})
    told = ngettext("%(count)s row is kept.", "%(count)s rows are kept.", kept)
    messages.success(request, told % {"count": formats.number(kept)})
    return redirect(
        request, "reports:brand-wave-list" if kind == entering.WAVES else "reports:brand-search-list"
    )


def _kinds(day):
    return [(kind, label, entering.columns(kind, day)) for kind, label in entering.KINDS.items()]
