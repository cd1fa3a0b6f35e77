"""By what brought people in: a page behind the funnel, by whose work, channel or campaign."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import drawing, exporting, heeding, origins
from reports.choice import alone, axes, one_of, parse
from reports.figures import FIGURES
from reports.views.head import head
from ui import formats
from ui.htmx import render_part
from ui.tables import Column, Table

BY = {
    "source": gettext_lazy("Whose work"),
    "channel": gettext_lazy("Channel"),
    "campaign": gettext_lazy("Campaign"),
}
FEW_PERCENT = 0.1  # a share below which whole percents say nothing
EXACT = {
    "entered": gettext_lazy("entered"),
    "rate": gettext_lazy("by today"),
    "low": gettext_lazy("at least, in 19 of 20 cases"),
    "high": gettext_lazy("at most, in 19 of 20 cases"),
    "median": gettext_lazy("median days"),
    "p90": gettext_lazy("9 of 10 within, days"),
}


@require_safe
@requires("reports.view_report")
def sources(request):
    """Conversion and days of each step by whose work, channel or campaign, and whether marketing shortens the sale."""
    asked = request.GET.copy()
    by = one_of(asked, "by", BY, "source")
    asked.pop("by", None)
    known = axes(asked)
    choice = parse(asked, known, timezone.now())
    found = origins.origins(choice, by)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "sources", *file(found, by), title=_("By source"))
    query = f"{choice.query()}&by={by}"
    context = head(request, choice, known, _("Time and conversion by source"), query, origins.HEEDED) | {
        "found": found,
        "table": table(found, by, heeding.heeded(choice, origins.HEEDED)),
        "verdicts": verdicts(found),
        "most": origins.MOST if by == "campaign" else None,
        "views": [(label, f"?{choice.query()}&by={one}", one == by) for one, label in BY.items()],
        "figures": FIGURES,
    }
    return render_part(request, "reports/origins.html", "board", context)


def table(found, by, choice):
    """Two columns for each step: the share that went on with its range, and the days with what nine of ten took."""
    columns = [
        Column("name", BY[by]),
        Column("leads", gettext_lazy("Leads"), "number", href="leads_href"),
    ]
    for step in origins.STEPS:
        label = drawing.STEP_NAMES[step]
        columns += [
            Column(step, label, "figure", href=f"{step}_href", note=f"{step}_range"),
            Column(f"{step}_days", gettext_lazy("Days"), "figure", href=f"{step}_href", note=f"{step}_p90"),
        ]
    rows = [_row(one, by, choice) for one in (found.house, *found.lines)]
    return Table(rows, columns, _("Time and conversion by source"), sideways=True)


def _row(one, by, choice):
    row = {"name": named(one, by), "leads": one.leads, "leads_href": _listed("leads", one, by, choice)}
    for step, passage in one.steps.items():
        row |= {
            step: formats.percent(passage.rate),
            f"{step}_href": _listed(drawing.went_on(step), one, by, choice) if passage.reached else "",
            f"{step}_range": _range(passage),
            f"{step}_days": formats.number(passage.days.median()),
            f"{step}_p90": _most(passage),
        }
    return row


def named(one, by):
    """What an Origin is called."""
    if one.key is None:
        return _("The whole house")
    return drawing.channel_name(one.key) if by == "channel" else one.name


def _range(passage):
    if passage.range is None:
        return ""
    places = 0 if passage.rate and passage.rate > FEW_PERCENT else 1
    low, high = (formats.percent(end, places) for end in passage.range)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _most(passage):
    """What nine of ten took."""
    p90 = passage.days.percentile(90)
    return "" if p90 is None else _("9 of 10: %(days)s") % {"days": formats.number(p90)}


def _listed(name, one, by, choice):
    """The list behind a figure of one source."""
    if one.key is None:
        return drawing.address(name, choice)
    if by == "source":
        return drawing.address(f"of_{one.key}_{name}", choice)
    return drawing.address(name, choice, **{by: alone(one.key) if by == "campaign" else one.key})


def verdicts(found):
    """(heading, sentence) on the sale with and without the help of marketing."""
    return [
        (_("Brought by marketing"), told(found.sourced)),
        (_("Met by a campaign before"), told(found.influenced)),
    ]


def told(verdict):
    """A Verdict in words."""
    words = {
        "those": formats.number(verdict.those.total),
        "rest": formats.number(verdict.rest.total),
        "few": origins.FEW,
    }
    if verdict.too_few:
        return (
            _("Too few to say: %(those)s such deals won, %(rest)s others; %(few)s of each are needed.")
            % words
        )
    effect = verdict.effect
    words |= {
        "median": formats.number(verdict.those.median()),
        "other": formats.number(verdict.rest.median()),
        "days": _days(abs(effect.estimate)),
        "least": formats.number(round(min(abs(effect.low), abs(effect.high)))),
        "most": formats.number(round(max(abs(effect.low), abs(effect.high)))),
        "low": formats.number(round(effect.low), sign=True),
        "high": formats.number(round(effect.high), sign=True),
    }
    if not effect.is_sure:
        return _(
            "Not to be told from chance: a median of %(median)s days from opening to signature (%(those)s deals) against %(other)s of the rest "
            "(%(rest)s); the difference lies between %(low)s and %(high)s days in 19 of 20 cases."
        ) % words  # fmt: skip
    shorter = _(
        "Shorter by %(days)s: a median of %(median)s days from opening to signature (%(those)s deals) against %(other)s of the rest (%(rest)s); "
        "by %(least)s to %(most)s days in 19 of 20 cases."
    )
    longer = _(
        "Longer by %(days)s: a median of %(median)s days from opening to signature (%(those)s deals) against %(other)s of the rest (%(rest)s); "
        "by %(least)s to %(most)s days in 19 of 20 cases."
    )
    return (shorter if effect.estimate < 0 else longer) % words


def _days(count):
    whole = round(count)
    return ngettext("%(count)s day", "%(count)s days", whole) % {"count": formats.number(whole)}


def file(found, by):
    """(columns, rows) of the table as a file: exact values."""
    columns = [Column("name", BY[by]), Column("leads", gettext_lazy("Leads"))]
    columns += [
        Column(f"{step}_{name}", f"{drawing.STEP_NAMES[step]}: {label}")
        for step in origins.STEPS
        for name, label in EXACT.items()
    ]
    return columns, [
        {"name": named(one, by), "leads": one.leads}
        | {
            f"{step}_{name}": value
            for step, passage in one.steps.items()
            for name, value in exact(passage).items()
        }
        for one in (found.house, *found.lines)
    ]


def exact(passage):
    """The figures of a Passage."""
    low, high = passage.range or (None, None)
    return {
        "entered": passage.entered,
        "rate": passage.rate,
        "low": low,
        "high": high,
        "median": passage.days.median(),
        "p90": passage.days.percentile(90),
    }
