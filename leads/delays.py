"""Where the time went between a capture and the first human attempt: with the machine, the desk, or sales."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import calendars


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

    `handed` are its handoffs with rep, team and agreement. System: capture → MQL and ready → first offer;
    desk: MQL → ready; sales: first offer → first human attempt, whoever made it.
    """
    offers = [one for one in handed if one.lead_id == lead.pk and one.kind in ("new", "inquiry")]
    if not offers or lead.history:
        return None
    tried = [one for one in offers if one.contacted_at]
    by = min(tried, key=lambda one: one.contacted_at) if tried else max(offers, key=lambda one: one.pk)
    offered = min(one.offered_at for one in offers)
    clock = calendars.AROUND_THE_CLOCK if by.agreement.around_the_clock else calendars.shown_clock(by.rep)
    mql, ready = lead.mql_at or offered, lead.ready_at or offered
    return Delays(
        system=clock.minutes_between(lead.captured_at, mql) + clock.minutes_between(ready, offered),
        desk=clock.minutes_between(mql, ready),
        sales=clock.minutes_between(offered, by.contacted_at or at),
        runs=not by.contacted_at,
    )
