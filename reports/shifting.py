"""Moves of spend as the pages tell them: names, tables, sentences."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from reports import simulating
from reports.drawing import channel_name
from reports.models.shifts import ShiftAxis
from ui import formats
from ui.tables import Column, Table

MEASURES = {
    "leads": gettext_lazy("Leads"),
    "pipeline": pgettext_lazy("created", "Pipeline"),
    "revenue": gettext_lazy("Revenue"),
}


def name_of(between, key, known):
    """A channel or segment in words."""
    if between == ShiftAxis.CHANNEL:
        return channel_name(key)
    axis = known.segments.get(int(key))
    return axis.name if axis else _("No segment")


def names(months, between, known):
    """{key: name} of everything that spend may go to, by name; nobody can decide to spend on no segment."""
    told = {
        key: name_of(between, key, known)
        for key in months
        if not (between == ShiftAxis.SEGMENT and key == "0")
    }
    return dict(sorted(told.items(), key=lambda one: one[1]))


def _amount(name, value, currency, sign=False):
    if name == "leads":
        return formats.number(value, 1 if abs(value) < 20 else 0, sign=sign)
    return formats.money(round(value), currency, places=0, sign=sign)


def ranged(name, one, currency, sign=False):
    """ "+1,200 (−300 to +2,600)"."""
    texts = {part: _amount(name, getattr(one, part), currency, sign) for part in ("estimate", "low", "high")}
    return _("%(estimate)s (%(low)s to %(high)s)") % texts


def verdict(found, currency):
    """What the simulation comes to, in a sentence: (tone, text)."""
    change, pipeline = found.change["revenue"], found.change["pipeline"]
    texts = {
        "pipeline": ranged("pipeline", pipeline, currency, sign=True),
        "revenue": ranged("revenue", change, currency, sign=True),
    }
    if not change.is_sure and pipeline.is_sure:
        said = (
            _(
                "More pipeline is to be expected: %(pipeline)s a quarter. What revenue comes of it the history cannot tell: %(revenue)s."
            )
            if pipeline.low > 0
            else _(
                "Less pipeline is to be expected: %(pipeline)s a quarter. What revenue comes of it the history cannot tell: %(revenue)s."
            )
        )
        return "" if pipeline.low > 0 else "warn", said % texts
    if not change.is_sure:
        return "", _(
            "The history cannot tell a gain from a loss: pipeline %(pipeline)s and revenue %(revenue)s a quarter."
        ) % texts
    if change.low > 0:
        return "ok", _(
            "A gain is to be expected: pipeline %(pipeline)s and revenue %(revenue)s a quarter."
        ) % texts
    return "warn", _(
        "A loss is to be expected: pipeline %(pipeline)s and revenue %(revenue)s a quarter."
    ) % texts


def obstacles(found, named):
    """Why nothing could be fitted, a sentence for each side that stands in the way: {"source" or "target": sentence}."""
    texts = {
        "months": lambda side: ngettext(
            "%(name)s: %(count)s whole month with spend so far; a curve needs %(needed)s. The history does not suffice.",
            "%(name)s: %(count)s whole months with spend so far; a curve needs %(needed)s. The history does not suffice.",
            side.months,
        ),
        "leads": lambda side: _("%(name)s: hardly anybody came by it so far. The history does not suffice."),
        "spread": lambda side: _(
            "%(name)s: its spend was nearly the same in every month, so that nothing shows how it answers to more or less."
        ),
    }
    return {
        name: texts[side.obstacle](side)
        % {"name": named[side.key], "count": side.months, "needed": simulating.LEAST_MONTHS}
        for name, side in (("source", found.source), ("target", found.target))
        if side.obstacle
    }


def far(found, named, currency):
    """A warning where the curve is asked beyond all that was ever seen; empty where it is not."""
    if not found.target.is_far:
        return ""
    return _(
        "%(name)s never had more than %(most)s a month: what it answers to %(then)s is a guess beyond the history."
    ) % {
        "name": named[found.target.key],
        "most": formats.money(found.target.most, currency, places=0),
        "then": formats.money(found.target.then, currency, places=0),
    }


def table(found, named, currency) -> Table:
    """Both sides before and after, and both together."""
    rows = [
        {
            "name": named[side.key],
            "spend": formats.money(spend, currency, places=0),
            **{name: ranged(name, one, currency) for name, one in ranges.items()},
            "when": when,
        }
        for side in (found.source, found.target)
        for when, spend, ranges in (
            (_("as now"), side.now, side.before),
            (_("after the move"), side.then, side.after),
        )
    ]
    rows.append(
        {
            "name": _("Both together"),
            "when": _("change"),
            "spend": formats.EMPTY,
            **{name: ranged(name, one, currency, sign=True) for name, one in found.change.items()},
        }
    )
    return Table(
        rows,
        [
            Column("name", gettext_lazy("What"), note="when"),
            Column("spend", gettext_lazy("Spend a month")),
            *(Column(name, label) for name, label in MEASURES.items()),
        ],
        _("Expected in a quarter, with 9 of 10 cases in brackets"),
        cards=True,
    )


SHIFTS = [
    Column("what", gettext_lazy("Move"), href="href", note="reason"),
    Column("amount", gettext_lazy("A month"), "money"),
    Column("by", gettext_lazy("By")),
    Column("starts_on", pgettext_lazy("first month", "From"), "month"),
    Column("due_on", gettext_lazy("Look again on"), "day"),
    Column("state", gettext_lazy("State"), "pill"),
    Column("revenue", gettext_lazy("Expected revenue")),
]


REASON = Column("reason", gettext_lazy("Why"))


def state(shift, today):
    """(tone, words)."""
    if shift.taken_back_at:
        return "", pgettext("of a decision", "taken back")
    if shift.looked_at:
        return "ok", _("looked at")
    return ("warn", _("to be looked at")) if shift.due_on <= today else ("", _("running"))


def title(shift, known):
    """ "Paid search → Webinar"."""
    return " → ".join(name_of(shift.by, key, known) for key in (shift.source, shift.target))


def shifts_table(rows, known, choice) -> Table:
    """Decisions, those that wait to be looked at first."""
    told = []
    for one in rows:
        tone, words = state(one, choice.today)
        expected = one.expected["revenue"]
        gain = expected["after"][0] - expected["before"]
        told.append(
            {
                "what": title(one, known),
                "href": reverse("reports:shift", args=[one.pk]),
                "reason": one.reason,
                "amount": one.amount,
                "currency": choice.currency,
                "by": one.decided_by.full_name,
                "starts_on": one.starts_on,
                "due_on": one.due_on,
                "state": words,
                "tone": tone,
                "revenue": _amount("revenue", gain, choice.currency, sign=True),
                "revenue_exact": gain,
            }
        )
    return Table(told, SHIFTS, _("Decisions"), cards=True, empty=_("No decision is kept yet."))


def outcome_table(outcomes, currency) -> Table:
    """Expected against actual, of both sides together."""
    return Table(
        [
            {
                "measure": str(MEASURES[one.measure]),
                "before": _amount(one.measure, one.before, currency),
                "expected": _("%(estimate)s (%(low)s to %(high)s)")
                % {
                    part: _amount(one.measure, value, currency)
                    for part, value in zip(("estimate", "low", "high"), one.expected, strict=True)
                },
                "actual": _amount(one.measure, one.actual, currency),
                "judged": _("as expected")
                if one.is_within
                else _("less than expected")
                if one.actual < one.expected[1]
                else _("more than expected"),
                "tone": "ok" if one.actual >= one.expected[1] else "bad",
            }
            for one in outcomes
        ],
        [
            Column("measure", gettext_lazy("What")),
            Column("before", gettext_lazy("Without the move")),
            Column("expected", gettext_lazy("Expected")),
            Column("actual", gettext_lazy("Actual")),
            Column("judged", gettext_lazy("Verdict"), "pill"),
        ],
        _("Expected against actual"),
        cards=True,
    )


def sides(shift, spent, known, currency):
    """(name, spend planned, spend so far) of source and target."""
    return [
        (
            name_of(shift.by, key, known),
            formats.money(round(shift.expected["spend"][side]), currency, places=0),
            formats.money(round(spent[side]), currency, places=0),
        )
        for side, key in (("source", shift.source), ("target", shift.target))
    ]
