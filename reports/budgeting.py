"""How the budget is written and drawn, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from reports import drawing
from reports.budget import SUMS
from reports.choice import NOTHING
from reports.columns import link
from reports.comparing import tone
from ui import charts, formats
from ui.tables import Column, Table

COLUMNS = [
    Column("name", gettext_lazy("Campaign"), href="href", note="channel"),
    Column("budget", gettext_lazy("Budget"), "short_money"),
    Column("planned", gettext_lazy("Planned"), "short_money", href="planned_href"),
    Column("committed", gettext_lazy("Committed"), "short_money", href="committed_href"),
    Column("paid", gettext_lazy("Paid"), "short_money", href="paid_href"),
    Column("spent", gettext_lazy("Spent to date"), "short_money", href="spent_href"),
    Column("left", pgettext_lazy("of money", "Left"), "short_money"),
    Column("used", gettext_lazy("Used"), "percent"),
    Column("revenue", gettext_lazy("Revenue"), "short_money", href="revenue_href"),
    Column("roi", gettext_lazy("Revenue ROI"), "pill", href="revenue_href"),
]
# Of all lines: another set than the campaigns whose return is told elsewhere by the same name.
NO_RETURN = {"roi": "", "roi_exact": None, "tone": ""}


def table(found, choice) -> Table:
    """Every line under its programme, and all of them."""
    rows = [_row(line, choice) for line in found.lines]
    if rows:
        in_all = {f"{kind}_href": drawing.address(kind, choice) for kind in SUMS}
        rows.append(
            _row(found.total, choice)
            | {"name": _("All"), "channel": "", "href": "", "spent_href": "", **NO_RETURN, **in_all}
        )
    return Table(
        rows, COLUMNS, _("Budget"), cards=True, empty=_("Nobody planned or spent anything in this period.")
    )


def chart(found, choice):
    """Planned, committed and paid by month of service."""
    return charts.bars(
        [formats.month(month) for month in found.months],
        [
            charts.Series(str(label), tuple(sums[name] for sums in found.months.values()), tone_of)
            for name, label, tone_of in (
                ("planned", _("Planned"), 6),
                ("committed", _("Committed"), 3),
                ("paid", _("Paid"), 1),
            )
        ],
        _("Planned, committed and paid by month of service"),
        unit=charts.money(choice.currency),
        links=[
            drawing.address(
                "spend", choice, **{"period": "custom", "from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}"}
            )
            for month in found.months
        ],
    )


def facts(found, choice):
    """The sums in words, as (label, text) pairs."""
    total = found.total
    return [
        (_("Budget"), formats.money(total.budget, choice.currency)),
        (_("Paid and committed to date"), formats.money(total.to_date.spend, choice.currency)),
        (pgettext("of money", "Left"), formats.money(total.left, choice.currency)),
        (_("Planned in the period"), formats.money(total.planned, choice.currency)),
        (_("Committed in the period"), formats.money(total.committed, choice.currency)),
        (_("Paid in the period"), formats.money(total.paid, choice.currency)),
    ]


def _row(line, choice):
    roi = line.to_date.revenue_roi
    return {
        "name": f"{chr(0x2003) * line.depth}{line.name or _('Without a campaign')}",
        "href": link("pipeline:campaign", line.campaign),
        "channel": drawing.channel_name(line.channel) if line.channel else "",
        "currency": choice.currency,
        "budget": line.budget,
        "planned": line.planned,
        "committed": line.committed,
        "paid": line.paid,
        "spent": line.to_date.spend,
        "left": line.left,
        "used": line.used,
        "revenue": line.to_date.revenue,
        "roi": "" if roi is None else drawing.written("revenue_roi", roi, choice.currency),
        "roi_exact": roi,
        "tone": tone(roi),
        **_lists(line.campaign, choice),
    }


def _lists(campaign, choice):
    """The address of the list behind each figure of a campaign, with all under it; of spend without one."""
    narrow = {"campaign": campaign or NOTHING}
    found = {f"{kind}_href": drawing.address(kind, choice, **narrow) for kind in SUMS}
    earned = {"revenue_href": drawing.to_date("credits", choice, **narrow)} if campaign else {}
    return found | earned | {"spent_href": drawing.to_date("spend", choice, **narrow)}
