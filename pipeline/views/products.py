"""The price list: products with their price and what a unit costs."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import get_held, get_permitted, permitted, require, requires, saves
from pipeline import products
from pipeline.forms.products import CostForm, ProductForm
from pipeline.models import Product, ProductCost
from ui import keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table, sorting

COLUMNS = [
    Column("name", gettext_lazy("Product"), href="href", note="code", sort="name"),
    Column("family", gettext_lazy("Product line"), sort="family"),
    Column("list_price", gettext_lazy("List price"), kind="money"),
    Column("floor_price", gettext_lazy("Lowest price"), kind="money"),
    Column("largest_discount", gettext_lazy("Largest discount"), kind="percent"),
    Column("usual_discount", gettext_lazy("Usual discount"), kind="percent"),
    Column("unit_cost", gettext_lazy("Unit cost"), kind="money"),
    Column("state", gettext_lazy("For sale"), kind="pill"),
]


class ProductFilters(FilterSet):
    """What the price list may be narrowed to."""

    q = WordsFilter(columns=["name", "code", "family"], label=gettext_lazy("Search"))

    class Meta:
        model = Product
        fields = ["active"]


@requires("pipeline.view_product")
def product_list(request):
    """Products by name unless sorted otherwise; what they cost is shown to whoever sees costs."""
    today = organisation.today(timezone.now())
    seen = products.with_discounts(products.with_cost(Product.objects.visible_to(request.user), today), today)
    filters = ProductFilters(request.GET or None, seen, request=request)
    columns = [one for one in COLUMNS if one.name != "unit_cost" or permitted(request, "pipeline.view_cost")]
    sort = sorting(request, columns, "name")
    rows = filters.qs.values(
        "id",
        "name",
        "code",
        "family",
        "list_price",
        "floor_price",
        "currency",
        "active",
        "unit_cost",
        "largest_discount",
        "usual_discount",
    )
    page = keyset.page(rows, (sort, "id"), cursor=request.GET.get("cursor", ""))
    for row in page.rows:
        row["href"] = reverse("pipeline:product", args=[row["id"]])
        row["state"], row["tone"] = (_("yes"), "ok") if row["active"] else (_("no"), "")
    first = ()
    if permitted(request, "pipeline.change_product"):
        words = _("No products yet: enter what you sell, with its price and cost.")
        first = (words, reverse("pipeline:product-new"), _("New product"))
    table = Table(
        page.rows, columns, _("Products"), request=request, sort=sort, page=page, cards=True, first=first
    )
    return render_part(request, "pipeline/products/list.html", "rows", {"filter": filters, "table": table})


@requires("pipeline.change_product")
def product_new(request):
    """Add a product."""
    return _form(request, ProductForm(request.POST or None), {"title": _("New product")})


@saves
def product(request, pk):
    """A product: its prices, to change by whoever may, and its costs."""
    found = get_held(request, Product.objects, "pipeline.view_product", pk)
    if request.method == "POST":
        require(request, "pipeline.change_product", found)
    return _form(request, ProductForm(request.POST or None, instance=found), _page(request, found))


@require_POST
def cost_new(request, pk):
    """The unit cost of a product from a day on."""
    found = get_permitted(request, Product.objects, "pipeline.change_product", pk)
    form = CostForm(request.POST, instance=ProductCost(product=found))
    if not form.is_valid():
        context = {"form": ProductForm(instance=found), **_page(request, found), "cost_form": form}
        return invalid(request, "pipeline/products/product.html", context)
    form.save()
    return redirect(request, "pipeline:product", pk)


def _form(request, form, context):
    context = {"form": form, "may_change": permitted(request, "pipeline.change_product"), **context}
    if request.method != "POST":
        return render(request, "pipeline/products/product.html", context)
    if not form.is_valid():
        return invalid(request, "pipeline/products/product.html", context)
    saved = form.save()
    messages.success(request, _("“%(product)s” is saved.") % {"product": saved})
    return redirect(request, "pipeline:product", saved.pk)


def _page(request, found):
    sees_cost = permitted(request, "pipeline.view_cost")
    return {
        "title": found.name,
        "product": found,
        "sees_cost": sees_cost,
        "costs": found.costs.order_by("-since") if sees_cost else [],
        "cost_form": CostForm(instance=ProductCost(product=found)),
    }
