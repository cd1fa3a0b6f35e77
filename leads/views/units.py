"""Units at customers: the list, the page of one, the panel of a company, and the one-tap outcomes of a card of use."""

from datetime import timedelta

import django_filters
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db.models import Exists, F, Max, OuterRef, Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import get_held, get_permitted, get_surviving, permitted, require, requires, saves
from leads import usage
from leads.forms.usage import UnitForm
from leads.models import UsageKind, UsageSign
from leads.models.moments import Outcome
from leads.usage.weeks import chart
from leads.views import taps
from pipeline.models import Company, Deal, Product, Reading, Unit
from ui import formats, keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table, addresses, sorting

SEEN = Unit.objects.select_related("product", "company")
FEW = 12
COLUMNS = [
    Column("name", gettext_lazy("Unit"), href="href", note="company__name"),
    Column("signs", gettext_lazy("What its use says"), kind="pill"),
    Column("month", gettext_lazy("Use in 28 days"), kind="number"),
    Column("reported_on", gettext_lazy("Last reported"), kind="day"),
    Column("since", gettext_lazy("In use since"), kind="day", sort="since", first="-"),
    Column("version", gettext_lazy("Version")),
    Column("company__sales_owner__full_name", gettext_lazy("Account owner"), kind="person"),
]


class UnitFilters(FilterSet):
    """What the list may be narrowed to."""

    q = WordsFilter(columns=["serial", "company__name"], label=gettext_lazy("Search"))
    product = django_filters.ModelChoiceFilter(queryset=Product.objects.all(), label=gettext_lazy("Product"))
    sign = django_filters.ChoiceFilter(
        choices=UsageKind.choices, label=gettext_lazy("What its use says"), method="by_sign"
    )
    company = django_filters.NumberFilter(label=gettext_lazy("Company"))

    class Meta:
        model = Unit
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "company" not in (self.data or ()):
            del self.form.fields["company"]

    def by_sign(self, queryset, name, value):
        return queryset.filter(Exists(UsageSign.objects.open().filter(unit=OuterRef("pk"), kind=value)))


@requires("pipeline.view_unit")
def unit_list(request):
    """Units by the newest first, with what their use says."""
    filters = UnitFilters(request.GET or None, Unit.objects.visible_to(request.user), request=request)
    sort = sorting(request, COLUMNS, "-id")
    rows = filters.qs.values(
        "id",
        "product__name",
        "serial",
        "company__name",
        "since",
        "version",
        "retired_on",
        "company__sales_owner__full_name",
    )
    page = keyset.page(
        rows, (sort, "-id") if sort != "-id" else ("-id",), cursor=request.GET.get("cursor", "")
    )
    _complete(page.rows)
    words = _(
        "No units are known yet: they come with what other systems report (POST /api/v1/readings/bulk/), or with an import."
    )
    table = Table(
        page.rows,
        COLUMNS,
        _("Units at customers"),
        request=request,
        sort=sort,
        page=page,
        cards=True,
        empty=words,
    )
    return render_part(request, "leads/units/list.html", "rows", {"filter": filters, "table": table})


def _complete(rows):
    """Add signs, last days and addresses to the rows of one page."""
    keys, today, address = (
        [row["id"] for row in rows],
        organisation.today(timezone.now()),
        addresses("leads:unit"),
    )
    signs: dict[int, list] = {}
    for unit, kind in (
        UsageSign.objects.open().filter(unit__in=keys).order_by("pk").values_list("unit", "kind")
    ):
        signs.setdefault(unit, []).append(str(UsageKind(kind).label))
    told = Reading.objects.filter(unit__in=keys).order_by().values("unit")
    last = dict(told.annotate(day=Max("day")).values_list("unit", "day"))
    month = dict(_used(told.filter(day__gt=today - timedelta(days=28), day__lte=today)))
    for row in rows:
        row.update(
            name=f"{row['product__name']} {row['serial']}", href=address(row["id"]), tone="warn", month=month.get(row["id"]),
            signs=formats.listed(signs.get(row["id"], [])) if row["id"] in signs else "", reported_on=last.get(row["id"]),
        )  # fmt: skip
        if row["retired_on"]:
            row["signs"], row["tone"] = _("out of use"), ""


def _used(told):
    return told.annotate(used=Sum("usage")).values_list("unit", "used")


@saves
def unit(request, pk):
    """The page of a unit: what it is, how it was used a week, what that says; to change by whoever may."""
    found = get_held(request, SEEN, "pipeline.view_unit", pk)
    may_change = permitted(request, "pipeline.change_unit", found)
    form = UnitForm(request.POST or None, instance=found) if may_change else None
    if request.method == "POST":
        require(request, "pipeline.change_unit", found)
        if form and form.is_valid():
            form.save()
            messages.success(request, _("“%(unit)s” is saved.") % {"unit": found})
            return redirect(request, "leads:unit", pk)
    context = {"unit": found, "form": form, **_page(request, found)}
    if request.method == "POST":
        return invalid(request, "leads/units/unit.html", context)
    return render(request, "leads/units/unit.html", context)


def _page(request, found):
    signs = list(
        found.signs.select_related("owner", "deal").order_by(F("ended_at").desc(nulls_first=True), "-pk")[
            :FEW
        ]
    )
    for sign in signs:
        sign.unit = found
        sign.words = usage.sentence(sign)
    open_ones = [one for one in signs if one.ended_at is None and not found.retired_on]
    deals = Deal.objects.visible_to(request.user).in_bulk(
        {found.deal_id, *(one.deal_id for one in open_ones if one.deal and one.deal.outcome == "open")}
        - {None}
    )
    return {
        "signs": signs,
        "chart": chart(found, organisation.today(timezone.now())),
        "sold": deals.pop(found.deal_id, None),
        "deal": next(iter(deals.values()), None),
        "may_propose": bool(open_ones) and permitted(request, "pipeline.add_deal"),
    }


@require_POST
def unit_propose(request, pk):
    """Open the deal that keeps the customer; where one is open already, go to it."""
    found = get_permitted(request, SEEN, "pipeline.view_unit", pk)
    require(request, "pipeline.add_deal")
    sign = UsageSign.objects.open().filter(unit=found).order_by("pk").first()
    if sign is None:
        messages.info(request, _("Its use says nothing any more; nothing was opened."))
        return redirect(request, "leads:unit", pk)
    made, opened = usage.propose(sign, by=request.user, at=timezone.now())
    said = _("“%(deal)s” is open.") if opened else _("“%(deal)s” is open already; nothing was added.")
    messages.success(request, said % {"deal": made})
    if not permitted(request, "pipeline.view_deal", made):
        return redirect(request, "leads:unit", pk)
    return redirect(request, "leads:deal", made.pk)


def company_units(request, pk):
    """The units of a company with what their use says, as a panel of its page."""
    found = get_surviving(request, Company.objects, "pipeline.view_company", pk)
    if found.merged_into_id or found.pk != pk:
        return redirect(request, "leads:company-units", found.merged_into_id or found.pk)
    units = usage.at_company(found)
    return render_part(
        request, "leads/units/of_company.html", "panel",
        {"company": found, "units": units[:FEW], "more": len(units) > FEW},
    )  # fmt: skip


@require_POST
@requires("leads.claim_lead")
def company_close(request, pk):
    """Say what came of the signs of a customer; only whoever looks after it does."""
    found = get_object_or_404(Company.objects.visible_to(request.user), pk=pk)
    outcome = request.POST.get("outcome", "")
    if outcome not in Outcome.values:
        raise SuspiciousOperation("unknown outcome")
    at = timezone.now()
    if usage.close(found, outcome, by=request.user, at=at):
        said = _("Done: %(outcome)s.") % {"outcome": Outcome(outcome).label}
        taps.say(request, said, at, reverse("leads:my-day"))
    else:
        messages.info(request, _("This was answered already; nothing was added."))
    return redirect(request, "leads:my-day")
