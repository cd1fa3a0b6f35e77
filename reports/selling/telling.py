"""Costs of sales and where combined money earns most, in the reader's language."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipeline.models import SalesCostOf, SpendKind
from reports import drawing
from reports.models.base import NONE
from reports.regions import indented, named
from reports.selling import listing
from reports.selling.combined import FEW
from reports.selling.lines import BOTH, MARKETING, SALES
from ui import formats
from ui.tables import Column, Table

KINDS = {SpendKind.PAID: "ok", SpendKind.COMMITTED: "accent", SpendKind.PLANNED: ""}
COSTS = [
    Column("month", gettext_lazy("Month of service"), "month", href="href"),
    Column("of_name", gettext_lazy("What for"), note="payee"),
    Column("kind_name", gettext_lazy("Kind"), "pill"),
    Column("amount", gettext_lazy("Amount"), "money"),
    Column("base_amount", gettext_lazy("In report currency"), "money", currency="base"),
    Column("team__name", gettext_lazy("Team")),
    Column("segment__name", gettext_lazy("Segment")),
    Column("region__name", gettext_lazy("Region")),
]
FILED = [  # what the page has no room for: the file can be brought again as it is
    *COSTS,
    Column("currency", gettext_lazy("Currency")),
    Column("on", gettext_lazy("Date"), "day"),
    Column("campaign__name", gettext_lazy("Programme")),
    Column("payee", gettext_lazy("Paid to")),
    Column("note", gettext_lazy("Note")),
]
ROW = (
    "id", "month", "of", "kind", "amount", "currency", "base_amount", "payee", "team__name", "segment__name", "region__name", "on",
    "campaign__name", "note",
)  # fmt: skip
EARNED = [
    Column("name", gettext_lazy("Name")),
    Column("marketing", gettext_lazy("Marketing spend"), "short_money", href="marketing_href"),
    Column("sales", gettext_lazy("Cost of sales"), "short_money", href="sales_href"),
    Column("cost", gettext_lazy("Together"), "short_money", href="cost_href"),
    Column("margin", gettext_lazy("Credited margin"), "short_money", href="margin_href", note="margin_note"),
    Column("times", gettext_lazy("Margin per cost"), "times", href="margin_href", note="times_note"),
    Column("deals", gettext_lazy("Deals won"), "number", href="deals_href"),
    Column("customers", gettext_lazy("New customers"), "number", href="customers_href"),
    Column("cac", gettext_lazy("Acquisition cost"), "short_money", href="marketing_href", note="cac_note"),
    Column(
        "cac_with_sales",
        gettext_lazy("Acquisition cost with sales"),
        "short_money",
        href="cost_href",
        note="cac_with_sales_note",
    ),
]


def costs(rows, base, may_change):
    """The rows of costs with words and addresses; changes and returns them."""
    for row in rows:
        row |= {
            "of_name": SalesCostOf(row["of"]).label,
            "kind_name": SpendKind(row["kind"]).label,
            "tone": KINDS[SpendKind(row["kind"])],
            "base": base,
            "href": reverse("reports:cost-edit", args=[row["id"]]) if may_change else "",
        }
    return rows


def earned(found, axis, known, may_read) -> Table:
    """Each segment or region, what earned most per cost first; and all of them. `may_read`: single costs of sales."""
    names = {pk: one.name for pk, one in (known.segments if axis == "segment" else known.regions).items()}
    none = _("No segment") if axis == "segment" else _("No region")
    told = found.by(axis)
    depths = dict(found.tree.lines(told)) if axis == "region" else {}
    rows = [
        _row(
            one, found, indented(names.get(pk, str(pk)) if pk != NONE else none, depths.get(pk, 0)), may_read,
            **{axis: _place(axis, pk, found.choice)},
        )
        | ({"parent": names.get(found.tree.above.get(pk))} if axis == "region" else {})
        for pk, one in told.items()
    ]  # fmt: skip
    if len(rows) > 1:
        rows.append(_row(found.total, found, _("All"), may_read))
    label = gettext_lazy("Segment") if axis == "segment" else gettext_lazy("Region")
    columns = [Column("name", label), *EARNED[1:]]
    empty = _("Nothing was spent or earned in this period.")
    return Table(rows, columns, _("Where combined money earns most"), sideways=True, empty=empty)


def _place(axis, pk, choice):
    return named(pk, choice) if axis == "region" else pk


def _row(one, found, name, may_read, **where):
    choice = found.choice
    nothing = _("nothing was spent on it") if one.customers else ""
    return {
        "name": name,
        "currency": choice.currency,
        "marketing": one.marketing,
        "sales": one.sales,
        "cost": one.cost,
        "margin": None if one.uncosted else one.margin,
        "margin_note": _by_campaigns(one, choice),
        "times": one.times,
        "times_note": sureness(one),
        "deals": one.deals,
        "customers": one.customers,
        "cac": one.cac,
        "cac_note": nothing if one.cac is None else "",
        "cac_with_sales": one.cac_with_sales,
        "cac_with_sales_note": nothing if one.cac_with_sales is None else "",
        **{
            f"{part}_href": listing.address(part, choice, **where) if may_read or part == MARKETING else ""
            for part in (MARKETING, SALES, BOTH)
        },
        "margin_href": drawing.address("placed_credits", choice, **where),
        "deals_href": drawing.address("won_business", choice, **where),
        "customers_href": drawing.address("new_customers", choice, **where),
    }


def _by_campaigns(one, choice):
    if one.uncosted:
        return _("a cost or an amount is unknown")
    return _("%(amount)s of it by campaigns") % {
        "amount": formats.short_money(one.by_campaigns, choice.currency)
    }


def sureness(one):
    """Where the ratio lies in 19 of 20 such periods; that there are too few deals to tell it from chance."""
    if one.interval is None:
        return ""
    low, high = (formats.times(value) for value in one.interval)
    told = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("%(interval)s · too few deals to compare") % {"interval": told} if one.deals < FEW else told


def verdict(found, axis, known):
    """(sentence, address of the simulator) of the best and the least place that enough deals tell of; ("", "") without two."""
    axes = known.segments if axis == "segment" else known.regions
    sure = [
        (pk, one)
        for pk, one in found.by(axis).items()
        if one.times is not None
        and not one.is_few
        and pk in axes
        and (
            axis == "segment" or found.tree.above.get(pk) is None
        )  # a part is not held against what holds it
    ]
    if len(sure) < 2:
        return _("Too few deals to tell two places apart: nothing is ranked."), ""
    (best, most), (worst, least) = sure[0], sure[-1]
    apart = most.interval[0] > least.interval[1]
    words = (
        _("%(best)s earns the most per cost (%(most)s), %(worst)s the least (%(least)s).")
        if apart
        else _("%(best)s earned the most per cost (%(most)s) and %(worst)s the least (%(least)s), but chance alone could explain it.")
    ) % {
        "best": axes[best].name, "most": formats.times(most.times), "worst": axes[worst].name, "least": formats.times(least.times),
    }  # fmt: skip
    if axis != "segment":
        return words, ""
    return words, f"{reverse('reports:shifts')}?by=segment&source={worst}&target={best}"


def kinds(found, may_read) -> Table:
    """What selling cost in the period, by what for. `may_read`: single costs of sales."""
    rows = [
        {
            "name": SalesCostOf(of).label,
            "amount": amount,
            "currency": found.choice.currency,
            "href": listing.address(SALES, found.choice, of=of) if may_read else "",
        }
        for of, amount in sorted(found.kinds.items(), key=lambda item: -item[1])
    ]
    columns = [
        Column("name", gettext_lazy("What for")),
        Column("amount", gettext_lazy("Cost of sales"), "short_money", href="href"),
    ]
    return Table(
        rows, columns, _("Cost of sales"), cards=True, empty=_("No cost of sales is entered for this period.")
    )
