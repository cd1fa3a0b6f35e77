"""Figures of teams and heads by the structure of that time, as a page behind the quotas."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import exporting, then
from reports.choice import axes, one_of, parse
from reports.views.head import head
from ui import formats
from ui.htmx import render_part
from ui.tables import Column, Table

FILTERS = ("period",)
BY = {then.TEAM: gettext_lazy("Team"), then.HEAD: gettext_lazy("Head")}


@require_safe
@requires("reports.view_money")
def structure_then(request):
    """What counts for each team or head by who belonged there on the day, beside what counts by today's structure."""
    asked, at = request.GET.copy(), timezone.now()
    by = one_of(asked, "by", then.BY, then.TEAM)
    asked.pop("by", None)
    known = axes(asked)
    choice = parse(asked, known, at)
    table = _table(then.then(choice, by, request.user, at), by, choice.currency)
    title = _("By the structure of that time")
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "structure", table.columns, table.rows, title=title)
    context = head(request, choice, known, title, f"{choice.query()}&by={by}", FILTERS) | {
        "table": table,
        "views": [(label, f"{choice.query()}&by={one}", one == by) for one, label in BY.items()],
    }
    return render_part(request, "reports/then.html", "board", context)


def _table(found, by, currency):
    columns = [
        Column("name", BY[by]),
        Column("person", gettext_lazy("Person")),
        Column("sqls", gettext_lazy("Accepted SQLs"), "number"),
        Column("won", gettext_lazy("Deals won"), "number"),
        Column("amount", gettext_lazy("Won"), "money"),
        Column("margin", gettext_lazy("Margin"), "money", note="uncosted"),
        Column("sqls_today", gettext_lazy("Accepted SQLs, by today's structure"), "number"),
        Column("won_today", gettext_lazy("Deals won, by today's structure"), "number"),
        Column("amount_today", gettext_lazy("Won, by today's structure"), "money"),
        Column("margin_today", gettext_lazy("Margin, by today's structure"), "money", note="uncosted_today"),
    ]
    rows = []
    for one in found:
        name = one.name or (_("No team") if by == then.TEAM else _("No head"))
        today = {f"{key}_today": value for key, value in _sums(one.today).items()}
        rows.append({"name": name, "person": _("all"), **_sums(one.then), **today, "currency": currency})
        rows += [
            {"name": name, "person": who, **_sums(sums), "currency": currency}
            for who, sums in sorted(one.people.values(), key=lambda pair: pair[0])
        ]
    return Table(
        rows,
        columns,
        _("By the structure of that time"),
        cards=True,
        empty=_("Nothing was won or accepted in this period."),
    )


def _sums(sums):
    left_out = ngettext(
        "%(count)s deal without a known cost is left out",
        "%(count)s deals without a known cost are left out",
        sums.uncosted,
    )
    return {
        "sqls": sums.sqls,
        "won": sums.won,
        "amount": sums.amount,
        "margin": sums.margin,
        "uncosted": left_out % {"count": formats.number(sums.uncosted)} if sums.uncosted else "",
    }
