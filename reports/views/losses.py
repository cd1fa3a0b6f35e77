"""Why deals are lost: a page behind the funnel, and its file."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.doors import permitted, requires
from reports import drawing, exporting, file_tables, losses
from reports.behind.losses import digest
from reports.choice import NAMELESS, alone, axes, one_of, parse
from reports.money import ZERO
from reports.regions import indented, named
from reports.views.head import head
from ui.htmx import render_part
from ui.tables import Column, Table

BY = {
    "segment": gettext_lazy("Segment"),
    "region": gettext_lazy("Region"),
    "channel": gettext_lazy("Channel"),
    "stage": pgettext_lazy("of a lost deal", "Stage in which it was lost"),
    "rep": gettext_lazy("Rep"),
    "rival": gettext_lazy("Who got it instead"),
}
SHOWN = 5  # reasons with a column of their own
MONEY = ("amount", "amount_share", "before_amount")
WHOLE = {
    "before": Column("before", gettext_lazy("A year before, the whole period"), "number"),
    "before_amount": Column(
        "before_amount", gettext_lazy("Amount a year before, the whole period"), "short_money"
    ),
}


@require_safe
@requires("reports.view_report")
def lost(request):
    """Lost deals by reason, and by reason within one axis, beside the same months a year before."""
    asked = request.GET.copy()
    by = one_of(asked, "by", BY, "segment")
    asked.pop("by", None)
    known = axes(asked)
    choice = parse(asked, known, timezone.now())
    found = losses.losses(choice, by, request.user)
    money = permitted(request, "reports.view_money")
    reasons, lines = reason_table(found, choice, money), line_table(found, by, known, choice, money)
    query = f"{choice.query()}&by={by}"
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind,
            "losses",
            reasons.columns,
            reasons.rows,
            more=[file_tables.placed(lines, found.tree)],
            title=_("Why deals are lost"),
        )
    context = head(request, choice, known, _("Why deals are lost"), query, losses.HEEDED) | {
        "found": found,
        "reasons": reasons,
        "lines": lines,
        "unfinished": drawing.not_over(choice),
        "views": [(label, f"?{choice.query()}&by={one}", one == by) for one, label in BY.items()],
    }
    return render_part(request, "reports/losses.html", "board", context)


def reason_table(found, choice, money):
    """A row for each reason: how many, what share, for how much, and a year before."""
    columns = [
        Column("name", gettext_lazy("Reason"), href="href"),
        Column("deals", gettext_lazy("Deals"), "number", href="href"),
        Column("share", gettext_lazy("Share"), "percent"),
        Column("amount", gettext_lazy("Amount"), "short_money"),
        Column("amount_share", gettext_lazy("Share of the amount"), "percent"),
        Column("before", gettext_lazy("A year before"), "number"),
        Column("change", gettext_lazy("Change"), "balance"),
        Column("before_amount", gettext_lazy("Amount a year before"), "short_money"),
    ]
    if found.before is None:
        columns = [one for one in columns if not one.name.startswith(("before", "change"))]
    elif drawing.not_over(choice):  # some days are no measure of a whole period
        columns = [WHOLE.get(one.name, one) for one in columns if one.name != "change"]
    if not money:
        columns = [one for one in columns if one.name not in MONEY]
    rows = [_reason(one, found, choice) for one in found.reasons]
    return Table(rows, columns, _("By reason"), cards=True, empty=_("No deal was lost in this period."))


def _reason(one, found, choice):
    change = None if one.before is None else one.now.deals - one.before.deals
    return {
        "name": one.name or _("No reason told"),
        "href": drawing.address(f"lost-{one.id}", choice) if one.now.deals else "",
        "deals": one.now.deals,
        "share": (ZERO + one.now.deals) / found.total.deals if found.total.deals else None,
        "amount": one.now.amount,
        "amount_share": one.now.amount / found.total.amount if found.total.amount else None,
        "before": one.before and one.before.deals,
        "before_amount": one.before and one.before.amount,
        "change": change,
        "tone": "" if not change else "bad" if change > 0 else "ok",
        "currency": choice.currency,
    }


def line_table(found, by, known, choice, money):
    """A row for each value of the axis: all its lost deals, and those of the most frequent reasons."""
    told = [one for one in found.reasons if one.now.deals]
    shown = told[:SHOWN]
    columns = [
        Column("name", BY[by]),
        Column("deals", gettext_lazy("Lost deals"), "number", href="href"),
        *([Column("amount", gettext_lazy("Amount"), "short_money")] if money else []),
        *(Column(f"r{one.id}", one.name or _("No reason told"), "number", href=f"r{one.id}_href") for one in shown),
        *([Column("others", gettext_lazy("Other reasons"), "number")] if len(told) > SHOWN else []),
    ]  # fmt: skip
    rows = [_line(one, by, known, choice, [reason.id for reason in shown]) for one in found.lines]
    if by == "region":
        for row, one in zip(rows, found.lines, strict=True):
            above = known.regions.get(found.tree.above.get(int(one.key)))
            row |= {"name": indented(row["name"], one.depth), "parent": above and above.name}
    return Table(rows, columns, _("By reason and where"), sideways=True, empty=_("None told in this period."))


def _line(one, by, known, choice, reasons):
    row = {
        "name": _named(one, by, known),
        "deals": one.all.deals,
        "amount": one.all.amount,
        "currency": choice.currency,
        "href": _listed("all", one, by, choice),
        "others": one.all.deals - sum(one.reasons[pk].deals for pk in reasons if pk in one.reasons),
    }
    for pk in reasons:
        row[f"r{pk}"] = one.reasons[pk].deals if pk in one.reasons else 0
        row[f"r{pk}_href"] = _listed(pk, one, by, choice) if row[f"r{pk}"] else ""
    return row


def _named(one, by, known):
    if by == "channel":
        return drawing.channel_name(one.key)
    if by in ("segment", "region"):
        axis = getattr(known, f"{by}s").get(int(one.key))
        return axis.name if axis else NAMELESS[by]
    return one.name or (one.key if by == "rival" else _("Nobody"))


def _listed(reason, one, by, choice):
    """The list behind a cell."""
    if by == "stage":
        return drawing.address(f"lost-{reason}-at-{one.key}", choice)
    if by == "rival":
        return drawing.address(f"lost-{reason}-to-{digest(one.key)}", choice)
    key = alone(one.key) if by == "rep" else named(one.key, choice) if by == "region" else one.key
    return drawing.address(f"lost-{reason}", choice, **{by: key})
