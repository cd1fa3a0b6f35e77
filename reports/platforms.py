"""What the platforms themselves report, beside our own return and never in it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports import comparing, drawing
from reports.money import Money
from ui import formats
from ui.tables import Column, Table


def platform_table(found, choice) -> Table | None:
    """What the platforms report beside their spend: all of it, by channel, by campaign; None where they report nothing."""
    lines = [line for line in found.lines if line.money.reported_spend or line.money.impressions]
    if not lines:
        return None
    channels = {
        name: money for name, money in found.channels().items() if any(one.channel == name for one in lines)
    }
    rows = [
        {"name": _("All"), **_reported(sum((one.money for one in lines), Money()), choice)},
        *(
            {"name": drawing.channel_name(name), **_reported(money, choice)}
            for name, money in channels.items()
        ),
        *(comparing.campaign_row(line, choice) | _reported(line.money, choice) for line in lines),
    ]
    return Table(
        rows,
        [
            comparing.CAMPAIGN[0],
            comparing.COST[0],
            Column("impressions", gettext_lazy("Impressions"), "number"),
            Column("clicks", gettext_lazy("Clicks"), "number"),
            Column("leads", gettext_lazy("Leads reported"), "number"),
            Column("orders", gettext_lazy("Orders reported"), "number"),
            Column("cost_per_order", gettext_lazy("Spend per order"), "money"),
            Column("revenue", gettext_lazy("Revenue reported"), "short_money"),
            Column("roi", gettext_lazy("Return reported"), "pill"),
        ],
        _("As the platforms report it"),
        sideways=True,
    )


def _reported(money, choice):
    orders = money.reported_orders
    return {
        "currency": choice.currency,
        "spend": money.spend,
        "impressions": money.impressions,
        "clicks": money.clicks,
        "leads": money.reported_leads,
        "orders": orders,
        "cost_per_order": money.spend / orders if orders else None,
        "revenue": money.reported_revenue if money.reported_spend else None,
        "roi": "" if money.reported_roi is None else formats.percent(money.reported_roi, 2, sign=True),
        "roi_exact": money.reported_roi,
        "tone": comparing.tone(money.reported_roi),
    }


def footnotes(found, choice):
    """What stands outside of every campaign's return, in words: unattributed wins, and the platforms' own word."""
    notes, outside = [], found.channels().get("")
    if outside and outside.credited:
        worth = outside.revenue if outside.unpriced < outside.credited else None
        texts = {
            "deals": formats.number(outside.credited),
            "amount": formats.EMPTY if worth is None else formats.money(worth, choice.currency),
        }
        words = ngettext(
            "Unattributed: %(deals)s won deal without a touch, worth %(amount)s",
            "Unattributed: %(deals)s won deals without a touch, worth %(amount)s",
            round(outside.credited),
        )
        notes.append(words % texts)
    if found.total.reported_spend:
        texts = {
            "revenue": formats.money(found.total.reported_revenue, choice.currency),
            "spend": formats.money(found.total.reported_spend, choice.currency),
            "roi": formats.percent(found.total.reported_roi, 2, sign=True),
        }
        notes.append(
            _("The platforms themselves report %(revenue)s of revenue on %(spend)s of spend: %(roi)s") % texts
        )
    return notes
