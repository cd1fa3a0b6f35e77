"""Where the time went between a capture and the first human attempt: with the machine, the desk, or sales."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import calendars
from leads.clocks import fair_over
from leads.models import StageChange
from pipeline.stages import Stage

PARTS = ("system", "desk", "sales")
# Who has a lead at a stage after its first offer; nobody where it sleeps or is out. Made ready, it is routed first.
HAS = {
    Stage.NEW: "system",
    Stage.MQL: "desk",
    Stage.READY: "system",
    Stage.SQL: "sales",
    Stage.DEAL: "sales",
    Stage.WON: "sales",
}


@dataclass(frozen=True)
class Delays:
    """Working minutes of each part; sales' share still `runs` until somebody has tried."""

    system: float
    desk: float
    sales: float
    runs: bool

    @property
    def parts(self):
        """[(who, seconds of working time)] in the order in which they had it."""
        minutes = ((_("Tandem"), self.system), (_("the desk"), self.desk), (_("sales"), self.sales))
        return [(who, 60 * spent) for who, spent in minutes]


def of(lead, handed, at) -> Delays | None:
    """The Delays of a pass that was offered, by the calendar of the rep who first tried (else who has it); else None.

    `handed` are its handoffs with rep, team and agreement. See `spans` for who has a lead when.
    """
    offers = [
        one for one in handed if one.lead_id == lead.pk and one.kind in ("new", "inquiry") and not one.is_slip
    ]
    if not offers or lead.history:
        return None
    tried = [one for one in offers if one.contacted_at]
    by = min(tried, key=lambda one: one.contacted_at) if tried else max(offers, key=lambda one: one.pk)
    offered = sorted(one.offered_at for one in offers)
    clock = calendars.AROUND_THE_CLOCK if by.agreement.around_the_clock else calendars.shown_clock(by.rep)
    mql, ready = lead.mql_at or offered[0], lead.ready_at or offered[0]
    told = dict.fromkeys(PARTS, 0.0)
    for who, since, until in spans(
        (lead.captured_at, mql, ready),
        offered,
        _came_back(lead, offers, offered[0]),
        by.contacted_at or at,
        fair_over(clock, lead.campaign),
    ):
        told[who] += clock.minutes_between(since, until)
    return Delays(**told, runs=not by.contacted_at)


def spans(before, offered, steps, until, not_before=None):
    """[(who, since, until)] of a pass between its capture and `until`, the first human attempt or now.

    `before` are its moments of capture, MQL and ready, `offered` those of its offers in order, `steps` its [(moment,
    stage)] after the first offer. System: capture → MQL, ready → offer, each time. Desk: MQL → ready, each time. Sales: from
    an offer until the attempt, or until the lead leaves sales; not before the clock of a fair starts. Time asleep is nobody's.
    """
    captured, mql, ready = before
    found = [("system", captured, mql), ("desk", mql, ready), ("system", ready, offered[0])]
    who: str | None = "sales"
    since = offered[0]
    turns = [(at, HAS.get(stage)) for at, stage in steps] + [(at, "sales") for at in offered[1:]]
    for at, then in [*sorted(turns, key=lambda turn: turn[0]), (until, None)]:
        end = min(at, until)
        start = max(since, not_before) if who == "sales" and not_before else since
        if who and start < end:
            found.append((who, start, end))
        who, since = then, at
    return found


def _came_back(lead, offers, first):
    """The steps of a pass after its first offer, where one of its offers has ended."""
    if not any(one.ended_at for one in offers):
        return []
    steps = StageChange.objects.filter(lead=lead, at__gt=first).order_by("seq")
    return list(steps.values_list("at", "to_stage"))
