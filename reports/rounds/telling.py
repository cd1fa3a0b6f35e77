"""Rounds in words: where targets stand, what a round changes, and all rounds there were."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports import periods
from reports.models import Measure, Side, TargetRound
from reports.money import ZERO
from ui import formats
from ui.tables import Column, Table

NEEDED = {Side.MARKETING: gettext_lazy("head of marketing"), Side.SALES: gettext_lazy("head of sales"), Side.FINANCE: gettext_lazy("finance")}  # fmt: skip
ROUNDS = [
    Column("year", gettext_lazy("Fiscal year")),
    Column("name", gettext_lazy("Round"), href="href"),
    Column("state", gettext_lazy("State"), note="note"),
    Column("why", gettext_lazy("Why")),
    Column("asked_by", gettext_lazy("Asked by"), kind="person"),
    Column("by", gettext_lazy("Proposed by"), kind="person"),
    Column("on", gettext_lazy("Proposed"), "day"),
]
CHANGES = [
    Column("measure", gettext_lazy("What is promised")),
    Column("region", gettext_lazy("Region")),
    Column("segment", gettext_lazy("Segment")),
    Column("months", gettext_lazy("Months"), href="href"),
    Column("before", gettext_lazy("Agreed before"), "figure"),
    Column("wished", gettext_lazy("Proposed"), "figure", href="href"),
    Column("more", gettext_lazy("Difference"), "figure", note="share"),
    Column("by", gettext_lazy("Proposed by"), kind="person"),
]


@dataclass(frozen=True)
class Notice:
    """A sentence on how the targets of a year stand, with the page behind it."""

    tone: str
    text: str
    href: str = ""
    label: str = ""


def year_name(first):
    """A fiscal year in words, by its first day."""
    return f"{formats.month(first)} – {formats.month(periods.shifted(first, 11))}"


def needed(sides):
    """Whose signatures are missing, in words."""
    return formats.listed([str(NEEDED[Side(side)]) for side in sides])


def notices(standing, may_propose, today):
    """A Notice or two for each year of a Standing; one that is not over can be proposed by whoever may."""
    return [
        one
        for year in standing.years
        for one in _of_year(year, may_propose and today < periods.shifted(year.first, 12))
    ]


def saved(rounds, before):
    """What became of a change of targets of every month of a period: the TargetRounds that ask for it, and its Standing before."""
    waited = [one.waiting.id for one in before.years if one.waiting]
    free = [year_name(one.first) for one in before.years if not one.agreed and not one.waiting]
    told = []
    if rounds:
        told.append(_("Proposed: it counts once every side has signed."))
    if TargetRound.objects.filter(pk__in=waited, closed_at__isnull=False).exists():
        told.append(_("The proposal is taken back: all is to be as it was agreed."))
    if free and told:
        words = {"years": formats.listed(free)}
        told.append(_("What falls into %(years)s is saved and counts now: nobody has agreed on it.") % words)
    return " ".join(told) or _("The targets are saved.")


def _of_year(year, may_propose):
    words = {"year": year_name(year.first)}
    if year.agreed:
        yield Notice("ok", _agreed(year.agreed, words), _page(year.agreed), _round(year.agreed))
    if year.waiting:
        one = year.waiting
        words |= {
            "name": formats.listed(one.by),
            "day": formats.day(one.proposed_at),
            "sides": needed(one.missing),
        }
        text = (
            _("Targets of %(year)s: a change is proposed by %(name)s on %(day)s and waits for %(sides)s. Until then what was agreed counts.")
            if year.agreed
            else _("Targets of %(year)s: proposed by %(name)s on %(day)s, they wait for %(sides)s. Until then what is set counts, not agreed.")
        )  # fmt: skip
        yield Notice("warn", text % words, _page(one), _round(one))
    if not year.agreed and not year.waiting:
        text = _("Targets of %(year)s: what is set counts; nobody has agreed on it.") % words
        page = f"{reverse('reports:target-round-new')}?year={year.first:%Y-%m}"
        yield Notice("", text, page if may_propose else "", _("Propose them for signature"))


def _agreed(one, words):
    names = formats.listed([name for name in one.signed.values() if name])
    told = words | {"day": formats.day(one.agreed_at), "names": names}
    return _("Targets of %(year)s: agreed on %(day)s by %(names)s.") % told


def _page(one):
    return reverse("reports:target-round", args=[one.id])


def _round(one):
    return _("Round %(number)s") % {"number": one.number}


def state(found):
    """(what became of a TargetRound, a note on it)."""
    if found.agreed_at:
        return _("agreed by all"), formats.day(found.agreed_at)
    if found.closed_at:
        return _(
            "taken back"
        ), f"{formats.day(found.closed_at)} · {found.closed_by.full_name} · {found.closed_why}"
    signed = {one.track for one in found.signatures.all()}
    missing = [side for side in found.sides if side not in signed]
    return _("proposed"), _("waits for %(sides)s") % {"sides": needed(missing)}


def proposers(found, joined):
    """Who proposed a TargetRound, and who asked for more in it (`joined`: of `showing.joined`), in words."""
    return formats.listed([found.proposed_by.full_name, *joined.get(found.pk, {}).values()])


def rounds(found, joined) -> Table:
    """All rounds, the latest first."""
    rows = []
    for one in found:
        what, note = state(one)
        rows.append(
            {
                "year": year_name(one.first),
                "name": str(one),
                "href": reverse("reports:target-round", args=[one.pk]),
                "state": what,
                "note": note,
                "why": one.why,
                "asked_by": one.asked_by,
                "by": proposers(one, joined),
                "on": one.proposed_at,
            }
        )
    empty = _("No targets were proposed for signature yet.")
    return Table(rows, ROUNDS, _("Rounds of targets"), cards=True, empty=empty)


def changed(found, rows, currency) -> Table:
    """What a round changes: of each measure, region and segment the target of before, what is proposed, the difference, and by whom."""
    told = [
        _change(row, currency) | {"by": formats.listed(row["by"] or [found.proposed_by.full_name])}
        for row in rows
    ]
    return Table(told, CHANGES, _("What it changes"), cards=True)


def _change(row, currency):
    more = (row["wished"] or ZERO) - (row["before"] or ZERO)
    last = row["last"]
    span = {"from": f"{row['first']:%Y-%m}", "to": f"{last:%Y-%m}", "measure": row["measure"]}
    query = "&".join(f"{name}={value}" for name, value in span.items())
    count = ngettext("%(count)s month", "%(count)s months", row["months"]) % {"count": row["months"]}
    return {
        "measure": str(Measure(row["measure"]).label),
        "region": row["region__name"] or _("No region"),
        "segment": row["segment__name"] or _("No segment"),
        "months": f"{formats.month(row['first'])} – {formats.month(last)} ({count})" if row["first"] != last else formats.month(last),
        "before": amount(row["before"], row["measure"], currency),
        "wished": amount(row["wished"], row["measure"], currency),
        "more": amount(more, row["measure"], currency, sign=True),
        "share": formats.percent(more / row["before"], 0, sign=True) if row["before"] else "",
        "href": f"{reverse('reports:targets')}?{query}",
        **{f"{name}_exact": row[name] for name in ("before", "wished")},
        "more_exact": more,
    }  # fmt: skip


def amount(value, measure, currency, sign=False):
    """An amount or a count, as the measure is written."""
    plus = "+" if sign and value and value > 0 else ""
    if measure == Measure.SQLS:
        return f"{plus}{formats.number(value, 0)}"
    return f"{plus}{formats.short_money(value, currency)}"
