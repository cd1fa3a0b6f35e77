"""What stops talks, by kind, with marketing's answers: a page behind why deals are lost."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.doors import requires
from leads.models import ObstacleKind
from reports import exporting, hindering
from reports.choice import axes, parse, together
from reports.views.head import head
from ui import formats
from ui.htmx import render_part
from ui.tables import Column, Table

COLUMNS = [
    Column("name", gettext_lazy("What stopped it"), href="n_href"),
    Column("n", gettext_lazy("Obstacles"), "number", href="n_href"),
    Column("share", gettext_lazy("Answered"), "percent", href="answered_href"),
    Column("in_time", gettext_lazy("Answered in time"), "number"),
    Column("overdue", gettext_lazy("Overdue"), "number", href="open_href"),
    Column("helped", gettext_lazy("Helped colleagues"), "number"),
    Column("after", gettext_lazy("Won after the answer"), "figure", href="after_href", note="after_range"),
    Column(
        "without", gettext_lazy("Won without an answer"), "figure", href="without_href", note="without_range"
    ),
]


@require_safe
@requires("reports.view_report")
def met(request):
    """Obstacles by kind: answered, in time, and what became of the deals that met them."""
    at, known = timezone.now(), axes(request.GET)
    choice = parse(request.GET, known, at)
    whole, kinds = hindering.hindered(choice, request.user, at)
    rows = [_row(one, choice) for one in ((whole, *kinds) if kinds else ())]
    table = Table(
        rows, COLUMNS, _("What stops talks, and what marketing answered"), cards=True,
        empty=_("Nobody has written down an obstacle in this period."),
    )  # fmt: skip
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "obstacles", COLUMNS, rows, title=_("What stops talks"))
    query = choice.query()
    context = head(request, choice, known, _("What stops talks"), query, hindering.HEEDED) | {
        "table": table,
        "verdict": _verdict(whole),
    }
    return render_part(request, "reports/obstacles.html", "board", context)


def _row(one, choice):
    row = {
        "name": ObstacleKind(one.kind).label if one.kind else _("All"),
        "n": one.n,
        "share": one.share,
        "in_time": one.in_time,
        "overdue": one.overdue,
        "helped": one.helped,
        "n_href": _listed(one, choice),
        "answered_href": _listed(one, choice, answered="true"),
        "open_href": _listed(one, choice, overdue="true") if one.overdue else "",
    }
    for name, closed in (("after", one.after), ("without", one.without)):
        low_high = closed.range
        row |= {
            name: formats.percent(closed.rate, 0),
            f"{name}_exact": closed.rate,
            f"{name}_range": _("%(won)s of %(closed)s · %(low)s to %(high)s")
            % {
                "won": formats.number(closed.won),
                "closed": formats.number(closed.closed),
                "low": formats.percent(low_high[0], 0),
                "high": formats.percent(low_high[1], 0),
            }
            if low_high
            else "",
            f"{name}_href": _listed(one, choice, became=f"won_{name}") if closed.won else "",
        }
    return row


def _listed(one, choice, **more):
    """The obstacles behind a figure."""
    asked = {"kind": one.kind, **more}
    if not choice.period.is_all:
        asked |= {"at_after": choice.period.first.isoformat(), "at_before": choice.period.last.isoformat()}
    if (owners := choice.owners) is not None:
        asked["by"] = together(owners) or "-1"  # a team without anybody
    for name, whose in (("team", choice.team), ("rep", choice.rep)):
        if whose is not None and whose.campaigns is not None:
            asked[f"brought_{name}"] = str(whose.brought or whose.id).partition("-")[0]
    given = {name: value for name, value in asked.items() if value}
    return f"{reverse('leads:obstacle-list')}?{urlencode(given)}"


def _verdict(whole):
    """Whether deals are won rather after an answer, in words."""
    effect = whole.effect
    if effect is None:
        return _(
            "Too few to compare: %(after)s deals closed after an answer and %(without)s without one; %(few)s of each are needed."
        ) % {
            "after": formats.number(whole.after.closed),
            "without": formats.number(whole.without.closed),
            "few": hindering.FEW,
        }
    words = {
        "points": formats.number(effect.estimate * 100, 1, sign=True),
        "low": formats.number(effect.low * 100, 1, sign=True),
        "high": formats.number(effect.high * 100, 1, sign=True),
    }
    if effect.is_sure:
        return _(
            "After an answer the win rate differs by %(points)s points (in 19 of 20 cases %(low)s to %(high)s). That is no proof that the answer did it."
        ) % words  # fmt: skip
    return _(
        "Not to be told from chance: after an answer the win rate differs by %(points)s points, in 19 of 20 cases by %(low)s to %(high)s."
    ) % words  # fmt: skip
