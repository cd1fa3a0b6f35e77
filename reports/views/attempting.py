"""Whom sales tries to reach: attempts by what the rep had of the person, by rep, with the lists behind."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.doors import requires
from leads.models import Touch
from reports import attempting, exporting
from reports.choice import axes, one_of, parse
from reports.views.head import head
from ui.htmx import render_part
from ui.tables import Column, Table, addresses

FILTERS = ("period", "team", "rep")
LISTED = 200  # attempts of one list


@require_safe
@requires("leads.view_agreement")
def attempts(request):
    """How many of sales' attempts went to qualified leads, and to whom else, by rep; of one kind the newest themselves."""
    asked = request.GET.copy()
    kind = one_of(asked, "kind", ["", *attempting.KINDS], "")
    asked.pop("kind", None)
    known = axes(asked)
    choice = parse(asked, known, timezone.now())
    found = attempting.attempts(choice)
    table = _table(found, choice)
    if wanted := exporting.wanted(request):
        return exporting.answer(
            wanted, "attempts", table.columns, table.rows, title=_("Whom sales tries to reach")
        )
    context = head(request, choice, known, _("Whom sales tries to reach"), choice.query(), FILTERS) | {
        "found": found,
        "table": table,
        "most": attempting.MOST,
        "listed": _listed(request, choice, kind) if kind else None,
        "kind_label": attempting.KINDS.get(kind, ""),
    }
    return render_part(request, "reports/attempts.html", "board", context)


def _table(found, choice):
    columns = [
        Column("name", gettext_lazy("Rep"), kind="person"),
        Column("total", gettext_lazy("Attempts"), "number"),
        Column("share", gettext_lazy("On handed-over leads"), "percent"),
        *(Column(kind, label, "number", href=f"{kind}_href") for kind, label in attempting.KINDS.items()),
    ]
    rows = [
        {"name": one.name, "total": one.total, "share": one.share, **one.counts, **_lists(one, choice)}
        for one in found.reps
    ]
    return Table(
        rows, columns, _("Attempts by rep"), cards=True, empty=_("Sales has tried nobody in this period."),
    )  # fmt: skip


def _lists(one, choice):
    query = choice.query(rep=one.rep)
    return {f"{kind}_href": f"?{query}&kind={kind}" for kind, n in one.counts.items() if n}


def _listed(request, choice, kind):
    """The newest attempts of a kind, as far as the user sees the person."""
    ids, address = attempting.behind(choice, kind, LISTED), addresses("pipeline:contact")
    seen = (
        Touch.objects.visible_to(request.user).filter(pk__in=ids).select_related("contact__company", "actor")
    )
    rows = [
        {
            "at": one.at,
            "name": one.contact.full_name or _("Nameless"),
            "company": one.contact.company.name if one.contact.company else "",
            "href": address(one.contact_id),
            "kind": one.get_kind_display(),
            "actor": one.actor.full_name,
        }
        for one in seen.order_by("-at", "-pk")
    ]
    columns = [
        Column("at", gettext_lazy("When"), "moment"),
        Column("name", gettext_lazy("Whom"), href="href", note="company"),
        Column("kind", gettext_lazy("How")),
        Column("actor", gettext_lazy("Rep"), kind="person"),
    ]
    return Table(rows, columns, _("The newest of them"), cards=True, empty=_("None that you may see."))
