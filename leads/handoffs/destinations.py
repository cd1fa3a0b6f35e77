"""Where a returned lead goes, by the reason's destination (design: the spine). One method each."""

from datetime import timedelta

from engine.copying import array
from leads import agreement, because, funnel, handover, notices, ownership
from leads.clocks import clocks_of, desk_due
from leads.handoffs.refusals import insist
from leads.models import Destination, Event, HandoffKind, Lead
from pipeline.models import Deal
from pipeline.stages import Stage


class Return:
    """One lead on its way back from a rep; the lead's row is locked and its handoff ended by the caller."""

    def __init__(self, cursor, handoff, reason, note, by, at, wake_at=None):
        self.cursor, self.handoff, self.lead = cursor, handoff, handoff.lead
        self.reason, self.note, self.by, self.at = reason, note, by, at
        self.wake_at = wake_at or at + timedelta(days=reason.wake_days)
        self.account_owner = self._account_owner()

    def reps(self):
        """Everybody whose counter may change."""
        return {self.handoff.rep_id} | ({self.account_owner.pk} if self.account_owner else set())

    def send(self):
        """Send it where the reason says; a customer that a farmer returned, where the table of the hand-over says."""
        if self.handoff.kind == HandoffKind.FARMER:
            next_farmer = handover.row(Event.FARMER_RETURNED).way() == Destination.FARMER
            self._update(route_at=self.at if next_farmer else None)
            return
        {
            Destination.NURTURE: self.nurture,
            Destination.DESK: self.desk,
            Destination.ROUTE: self.route,
            Destination.MERGE: self.desk,
            Destination.ACCOUNT_OWNER: self.to_account_owner,
            Destination.DISQUALIFY: self.disqualify,
        }[self.reason.destination]()

    def nurture(self):
        """Not now: asleep until the wake-up date, and not claimable."""
        self._advance(Stage.NURTURE)
        self._update(wake_at=self.wake_at, rounds=0)

    def desk(self):
        """Back to the desk, to enrich or to merge within two working days."""
        self._advance(Stage.MQL)
        self._update(desk_due_at=desk_due(self.at), rounds=0)

    def route(self):
        """To the next rep at once, without a mark against this one."""
        self._back_to_ready()
        self._update(route_at=self.at)

    def to_account_owner(self):
        """An existing customer: to whoever owns the account; the desk finds out where nobody is known."""
        if self.account_owner is None:
            self.desk()
            return
        self._back_to_ready()
        in_force = agreement.in_force()
        made = ownership.take_one(
            self.cursor,
            self.lead,
            self.account_owner,
            kind=HandoffKind.INQUIRY,
            because=because.ACCOUNT,
            agreement=in_force,
            at=self.at,
            clocks=clocks_of(self.account_owner, in_force, self.at),
            by=self.by,
        )
        notices.offered(array([made]))

    def disqualify(self):
        """Out of the funnel; the reason is kept for the rules that let it in."""
        self._advance(Stage.DISQUALIFIED)
        self._update(disqualified_because=self.reason.code, rounds=0)

    def _account_owner(self):
        company = self.lead.contact.company
        if company is None or self.reason.destination != Destination.ACCOUNT_OWNER:
            return None
        won = Deal.objects.won().filter(company=company, owner__isnull=False).order_by("-signed_on", "-pk")
        last = won.select_related("owner__team").first()
        for user in (company.sales_owner, last.owner if last else None):
            if user and user.is_active and not user.left_at and user.pk != self.handoff.rep_id:
                return user
        return None

    def _back_to_ready(self):
        if self.lead.stage == Stage.SQL:
            self._advance(Stage.READY)

    def _advance(self, stage):
        words = f"{self.reason.name}: {self.note}" if self.note else self.reason.name
        insist(funnel.advance([self.lead.pk], stage, actor=self.by, reason=words[:300], at=self.at))

    def _update(self, **fields):
        """Whatever is not said here is over: nothing of the last round still routes, wakes or is due."""
        cleared = {"route_at": None, "wake_at": None, "desk_due_at": None, "pooled_at": None}
        Lead.objects.filter(pk=self.lead.pk).update(**{**cleared, **fields})
