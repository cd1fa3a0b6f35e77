"""How plans and statements of the common commission are written, with the list or effect behind each figure."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import Track
from reports import effects, periods
from reports.commission import sums
from reports.commission.keeping import quarter
from reports.commission.measuring import LOT
from reports.commission.sums import ZERO
from reports.models import ShareRule
from ui import formats
from ui.tables import Column, Table

KINDS = {
    LOT: gettext_lazy("Held out by lot"),
    "season": gettext_lazy("Same months of last year"),
    "regions": gettext_lazy("Other regions"),
}
WHY = {
    "": pgettext_lazy("of an effect", "counts"),
    "unknown": gettext_lazy("nothing can be told"),
    "weaker": gettext_lazy("a baseline does not count"),
    "unproven": gettext_lazy("not proven above 0"),
}
LINES = [
    Column("name", gettext_lazy("Campaign"), href="href", note="days"),
    Column("kind", gettext_lazy("Compared with")),
    Column("estimate", gettext_lazy("Incremental margin"), "money", note="interval", href="href"),
    Column("state", gettext_lazy("Counts"), "pill", note="note"),
    Column("counted", gettext_lazy("Counted"), "money", href="href"),
]
FILED = [
    *LINES[:3],
    Column("low", pgettext_lazy("of an interval", "From"), "money"),
    Column("high", pgettext_lazy("of an interval", "To"), "money"),
    Column("cancelled", gettext_lazy("Cancelled since its days"), "money"),
    Column("uncosted", gettext_lazy("Deals without a known cost"), "number"),
    Column("left_out", gettext_lazy("Months not compared")),
    *LINES[3:],
]  # fmt: skip
CHANGES = [
    Column("quarter", gettext_lazy("Settled quarter"), href="quarter_href"),
    Column("name", gettext_lazy("Campaign"), href="href"),
    Column("was", gettext_lazy("Counted so far"), "money", href="quarter_href"),
    Column("now", gettext_lazy("Counts now"), "money", href="href"),
    Column("difference", gettext_lazy("Difference"), "money"),
]
CORRECTED = {
    -1: gettext_lazy("Taken back of %(quarter)s"),
    0: gettext_lazy("%(quarter)s stays as it was paid"),
    1: gettext_lazy("Added to %(quarter)s"),
}
STEPS = [
    Column("what", pgettext_lazy("of a reckoning", "Step")),
    Column("amount", gettext_lazy("Amount"), "money", href="href"),
]
PARTS = [
    Column("name", gettext_lazy("Person"), "person"),
    Column("track", gettext_lazy("Side")),
    Column("share", gettext_lazy("Share")),
    Column("amount", gettext_lazy("Amount"), "money"),
]


def page_of(first):
    """The address of the statement of the quarter that begins with a month."""
    return reverse("reports:commission-statement", args=[f"{first:%Y-%m}"])


def terms(plan, currency):
    """What a plan says, as (label, text)."""
    return [
        (_("Months"), f"{formats.month(plan.first)} – {formats.month(_last(plan.until))}"),
        (
            pgettext("of a commission", "Rate"),
            _("%(rate)s of the incremental margin") % {"rate": formats.hundredths(plan.rate)},
        ),
        (
            _("At most in a quarter"),
            formats.money(plan.cap, currency) if plan.cap is not None else _("no cap"),
        ),
        (_("What counts"), counts(plan)),
        (_("Shares"), str(ShareRule(plan.rule).label)),
    ]


def counts(plan):
    """Which effects count, in a sentence."""
    proof = (
        _("effects whose interval covers 0 count too")
        if plan.unproven
        else _("only effects whose interval lies above 0")
    )
    weaker = _("against a baseline too") if plan.baselines else _("only by a lot, not against a baseline")
    return _("%(proof)s; %(weaker)s") % {"proof": proof, "weaker": weaker}


def sharers(people):
    """(name, side, share) of those who take part in a plan."""
    return [(one.name, side(one.track), share(one.percent, len(people))) for one in people]


def side(track):
    """A track in words."""
    return str(Track(track).label) if track else formats.EMPTY


def share(percent, people):
    """A share in words: "12.5%" or "1 of 4"."""
    if percent is not None:
        return formats.hundredths(percent)
    return _("1 of %(people)s") % {"people": formats.number(people)}


def lines(found) -> Table:
    """The campaigns of a statement."""
    rows = [_line(one, found) for one in found.lines]
    empty = _("No campaign whose effect is measured ends in this quarter.")
    return Table(rows, LINES, _("What campaigns brought"), cards=True, empty=empty)


def _line(one, found):
    scope, currency = one.scope, found.currency
    return {
        "name": one.name or _("a campaign that is gone"),
        "href": reverse("reports:effect", args=[scope.campaign]) if one.name else "",
        "days": f"{formats.day(scope.first)} – {formats.day(_last(scope.last))}",
        "kind": str(KINDS[scope.kind]),
        "estimate": one.effect and one.effect.estimate,
        "low": one.effect and one.effect.low,
        "high": one.effect and one.effect.high,
        "interval": _interval(one.effect, currency),
        "cancelled": one.cancelled,
        "uncosted": one.uncosted,
        "left_out": months(one.left_out),
        "state": _("counts, not proven") if one.is_unproven else str(WHY[one.why]),
        "tone": "warn" if one.why or one.is_unproven else "ok",
        "note": _notes(one, found),
        "counted": one.counted,
        "currency": currency,
    }


def _interval(effect, currency):
    if effect is None:
        return ""
    return _("%(low)s to %(high)s") % {
        part: formats.money(round(getattr(effect, part)), currency, places=0, sign=True)
        for part in ("low", "high")
    }


def _notes(one, found):
    """What else is to be known of a line."""
    currency = found.currency
    said = [] if one.over else [_("measured until %(day)s") % {"day": formats.day(_last(one.scope.last))}]
    if one.scope.last <= found.period.first:
        said.append(_("measured only after the quarter in which it ended was settled"))
    if one.left_out:
        said.append(_("no year before to compare with: %(months)s") % {"months": months(one.left_out)})
    if one.cancelled:
        off = formats.money(one.cancelled, currency, sign=True)
        said.append(_("%(amount)s cancelled since its days") % {"amount": off})
    return " · ".join(filter(None, [*said, effects.uncosted(one.uncosted)]))


def months(days):
    """Months by their first days in words, runs of them as one: "January 2025 – April 2025, June 2025"."""
    runs: list[list] = []
    for day in sorted(days):
        if runs and periods.shifted(runs[-1][-1], 1) == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    spans = [(formats.month(run[0]), formats.month(run[-1])) for run in runs]
    return formats.listed([first if first == last else f"{first} – {last}" for first, last in spans])


def changes(found) -> Table | None:
    """What has changed in quarters that were settled before; None where nothing has."""
    rows = [
        {
            "quarter": quarter_name(one.of),
            "quarter_href": page_of(one.of),
            "name": change.name or _("a campaign that is gone"),
            "href": reverse("reports:effect", args=[change.campaign]) if change.name else "",
            "was": change.was,
            "now": change.now,
            "difference": change.now - change.was,
            "currency": found.currency,
        }
        for one in found.corrections
        for change in one.changes
    ]
    return Table(rows, CHANGES, _("Changed since it was settled"), cards=True) if rows else None


def reckoning(found) -> Table:
    """How what is paid follows from what counts, step by step."""
    plan, steps = found.plan, [(_("Sum of what counts"), found.margin, "#lines")]
    rate = formats.hundredths(plan.rate)
    steps.append((_("%(rate)s of it, 0 at least") % {"rate": rate}, sums.uncapped(plan, found.margin), ""))
    if plan.cap is not None:
        cap = formats.money(plan.cap, found.currency)
        steps.append((_("At most %(cap)s in a quarter") % {"cap": cap}, found.earned, ""))
    for one in found.corrections:
        label = CORRECTED[(one.amount > 0) - (one.amount < 0)]
        steps.append((label % {"quarter": quarter_name(one.of)}, one.amount, page_of(one.of)))
    if found.carried:
        steps.append((_("Owed from the statement before"), found.carried, ""))
    steps.append((_("Paid") if found.settled_at else _("To be paid"), found.paid, "#parts"))
    if found.carry:
        steps.append((_("Owed, carried on to the next statement"), found.carry, ""))
    rows = [
        {"what": what, "amount": amount, "href": href, "currency": found.currency}
        for what, amount, href in steps
    ]
    return Table(rows, STEPS, _("From margin to commission"))


def parts(found) -> Table:
    """Who gets what."""
    people = len(found.parts)
    rows = [
        {
            "name": one.sharer.name,
            "track": side(one.sharer.track),
            "share": share(one.sharer.percent, people),
            **({} if one.sharer.percent is None else {"share_exact": one.sharer.percent}),
            "amount": one.amount,
            "currency": found.currency,
        }
        for one in found.parts
    ]
    return Table(rows, PARTS, _("Who gets what"), cards=True)


def by_side(found):
    """[(side, what its people get together)]."""
    tracks = dict.fromkeys(Track, ZERO)
    for one in found.parts:
        if one.sharer.track:
            tracks[Track(one.sharer.track)] += one.amount
    return [(side(track), formats.money(amount, found.currency)) for track, amount in tracks.items()]


def _last(until):
    """The day before."""
    return until - timedelta(days=1)


def quarter_name(first):
    """The quarter that begins with a month, in words."""
    return quarter(first).label
