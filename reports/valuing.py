"""Segments as the page tells them: a table, a chart of shares, and in a sentence where spend goes to the least worth."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports import heeding
from reports.segments import FEW
from ui import charts, formats
from ui.tables import Column, Table

COLUMNS = [
    Column("name", gettext_lazy("Segment"), href="href"),
    Column("won", gettext_lazy("Won deals"), "number", href="won_href"),
    Column("revenue", gettext_lazy("Revenue"), "short_money", href="won_href"),
    Column("margin", gettext_lazy("Margin"), "short_money", href="margin_href", note="margin_note"),
    Column("spend", gettext_lazy("Spend by segment"), "short_money", href="spend_href"),
    Column("spend_share", gettext_lazy("Share of spend"), "percent", href="spend_href"),
    Column("earned_share", gettext_lazy("Share of margin"), "percent", href="margin_href"),
    Column("retention", gettext_lazy("Retention"), "percent", href="retention_href", note="retention_note"),
    Column("yearly_margin", gettext_lazy("Margin a year"), "short_money", href="retention_href"),
    Column("worth", gettext_lazy("Lifetime value"), "short_money", href="retention_href", note="worth_note"),
]


def table(found, choice) -> Table:
    """A row for each segment, and one for all."""
    columns = COLUMNS
    if not found.by_margin:
        revenue = Column("earned_share", gettext_lazy("Share of revenue"), "percent", href="won_href")
        columns = [revenue if one.name == "earned_share" else one for one in COLUMNS]
    rows = [_row(one, found, choice, address) for one in found.shown]
    if len(found.rows) > 1:
        rows.append(_row(found.total, found, choice, of_all))
    return Table(
        rows, columns, _("Segments"), cards=True, empty=_("Nothing was won or spent in this period.")
    )


def _row(one, found, choice, addressed):
    return {
        "name": one.name,
        "currency": choice.currency,
        "won": one.won,
        "revenue": one.revenue,
        "margin": None if one.uncosted else one.margin,
        "margin_note": _uncosted(one.uncosted),
        "spend": one.spend,
        "spend_share": found.spend_share(one),
        "earned_share": found.earned_share(one),
        "retention": one.retention,
        "retention_note": kept_note(one),
        "yearly_margin": one.yearly_margin,
        "worth": one.worth,
        "worth_note": _why_not(one),
        **{f"{name}_href": addressed(one, name, choice) for name in LISTS},
    }


LISTS = ("won", "margin", "spend", "retention")
MUCH = Decimal("0.1")  # of the spend
HEEDED = ("period", *heeding.NARROWING)


def address(one, name, choice):
    """The address of a list behind a segment's figures."""
    return f"{reverse('reports:segment', args=[one.id, name])}?{choice.query(segment=None)}"


def of_all(_all, name, choice):
    """The address of the same list of all segments."""
    return f"{reverse('reports:behind', args=[name])}?{choice.query(segment=None)}"


def _uncosted(count):
    return (
        ngettext("%(count)s deal without a cost", "%(count)s deals without a cost", count)
        % {"count": formats.number(count)}
        if count
        else ""
    )


def kept_note(one):
    """How many customers bought again, of how many, and where the true share lies."""
    if not one.customers:
        return ""
    low, high = one.retention_range
    return _("%(kept)s of %(customers)s · %(low)s to %(high)s") % {
        "kept": formats.number(one.kept),
        "customers": formats.number(one.customers),
        "low": formats.percent(low, 0),
        "high": formats.percent(high, 0),
    }


def _why_not(one):
    """Why a lifetime value is not told; empty where it is."""
    if one.customers < FEW:
        return _("history too short: %(count)s of %(needed)s customers' years") % {
            "count": formats.number(one.customers),
            "needed": FEW,
        }
    return _uncosted(one.kept_uncosted)


def verdict(found, choice):
    """Which spend goes to the segments of the least worth, and to none, in sentences: (tone, text)."""
    tone, text = _least(found, choice)
    astray = _astray(found, choice)
    return ("warn", f"{text} {astray}") if astray else (tone, text)


def _astray(found, choice):
    """What is spent on no segment, where it is much and brings less than half of its share; else nothing."""
    one = next((one for one in found.rows if not one.id), None)
    share = found.spend_share(one) if one else None
    if one is None or not share or share < MUCH or (found.earned_share(one) or 0) * 2 >= share:
        return ""
    words = {
        "share": formats.percent(share, 0),
        "amount": formats.money(one.spend, choice.currency),
        "earned": formats.percent(found.earned_share(one), 0),
    }
    if found.by_margin:
        return (
            _(
                "%(share)s of the spend (%(amount)s) goes to no segment (people whose segment nobody filled in, spend that no "
                "campaign bears) and brings %(earned)s of the margin."
            )
            % words
        )
    return (
        _(
            "%(share)s of the spend (%(amount)s) goes to no segment (people whose segment nobody filled in, spend that no "
            "campaign bears) and brings %(earned)s of the revenue."
        )
        % words
    )


def _least(found, choice):
    judged = [one for one in found.rows if one.id and one.worth is not None]
    if found.total.worth is None or not judged:
        return "", _(
            "Nobody can say yet which segment is worth least: %(why)s. A customer's year counts once it is over."
        ) % {"why": _why_not(found.total) or _("no segment has enough history of its own")}
    lowest = found.lowest
    spend = sum(one.spend for one in lowest)
    if not spend:
        least = min(judged, key=lambda one: one.worth)
        return "ok", _(
            "No spend of this period goes to a segment whose customers are worth less than half of the average one "
            "(%(worth)s). Least worth: %(name)s, %(least)s."
        ) % {
            "worth": formats.money(found.total.worth, choice.currency),
            "name": least.name,
            "least": formats.money(least.worth, choice.currency),
        }
    earned = sum(found.earned(one) for one in lowest)
    whole = found.earned(found.total)
    words = {
        "share": formats.percent(spend / found.total.spend, 0),
        "amount": formats.money(spend, choice.currency),
        "names": ", ".join(one.name for one in lowest),
        "worth": formats.money(found.total.worth, choice.currency),
        "earned": formats.percent(earned / whole if whole > 0 else None, 0),
    }
    if found.by_margin:
        return "warn", _(
            "%(share)s of the spend (%(amount)s) goes to segments whose customers are worth less than half of the average "
            "one (%(worth)s): %(names)s. They bring %(earned)s of the margin."
        ) % words
    return "warn", _(
        "%(share)s of the spend (%(amount)s) goes to segments whose customers are worth less than half of the average "
        "one (%(worth)s): %(names)s. They bring %(earned)s of the revenue."
    ) % words


def chart(found):
    """Each segment's share of the spend beside its share of what was earned."""
    earned = _("Share of margin") if found.by_margin else _("Share of revenue")
    return charts.bars(
        [one.name for one in found.shown],
        [
            charts.Series(_("Share of spend"), tuple(found.spend_share(one) or 0 for one in found.shown), 6),
            charts.Series(earned, tuple(max(found.earned_share(one) or 0, 0) for one in found.shown), 1),
        ],
        _("Where the spend goes and where the money comes from"),
        unit=charts.PERCENT,
    )


def unheeded(choice):
    """What of the page is not narrowed by which filters, in a sentence; empty where all of it is."""
    names = [name for name in heeding.narrowing(choice) if name not in ("segment", "region")]
    if not names:
        return ""
    words = {"filters": formats.listed(heeding.NARROWING[name] for name in names)}
    return (
        _(
            "Retention, margin a year and lifetime value are not narrowed by %(filters)s: a customer's years belong to none."
        )
        % words
        + " "
        + _("Nor are margin kept and the programmes: targets are set for segments and regions.")
    )


SPENT = [
    Column("name", gettext_lazy("Campaign"), href="href"),
    Column("spend", gettext_lazy("Spend"), "money"),
    Column("part", gettext_lazy("Part for this segment"), "percent"),
    Column("charged", gettext_lazy("Charged to it"), "money"),
]


def spent_table(rows, choice) -> Table:
    """Campaigns and the part of their spend that a segment is charged with."""
    return Table(
        [
            {
                "name": one.name or _("Without a campaign"),
                "href": reverse("pipeline:campaign", args=[one.campaign]) if one.campaign else "",
                "currency": choice.currency,
                "spend": one.spend,
                "part": one.part,
                "charged": one.charged,
            }
            for one in rows
        ],
        SPENT,
        _("Spend of the segment by campaign"),
        cards=True,
        empty=_("Nothing was spent on it in this period."),
    )
