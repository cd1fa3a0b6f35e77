"""Where a lead goes: the table of the hand-over, one row for each event, which an administrator may change."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.models.agreement import Destination
from leads.models.score import Grade
from leads.visibility import AgreedQuerySet


class Event(models.TextChoices):
    UNANSWERED = "unanswered", _("An offer runs out without an answer")
    REPS_EXHAUSTED = "reps_exhausted", _("The further reps let it run out as well")
    LEAD_UNANSWERED = "lead_unanswered", _("The team lead lets it run out as well")
    NOBODY_FREE = "nobody_free", _("Everybody is absent or full, and it has waited in line")
    PROTECTION_ENDED = "protection_ended", _("The protection ends without follow-up")
    OWN_FIND_IDLE = "own_find_idle", _("A rep's own find is not followed up")
    DEAL_LOST = "deal_lost", _("A deal is lost")
    LOST_LATER = "lost_later", _("A deal is lost with “later”")
    CUSTOMER_ASKS = "customer_asks", _("A company with a won deal asks again")
    COLLEAGUE_COMES = "colleague_comes", _("A second lead of a company that somebody works with")
    HUNTER_WON = "hunter_won", _("A hunter wins a deal")
    FARMER_RETURNED = "farmer_returned", _("A farmer does not take the customer")
    KEY_ACCOUNT = "key_account", _("A lead of a key account")


D = Destination
# What may be chosen for an event, and for its leads of grade A where those go another way. No pool for grade A.
CHOICES = {
    Event.UNANSWERED: (D.ROUTE, D.TEAM_LEAD),
    Event.REPS_EXHAUSTED: (D.TEAM_LEAD, D.SALES_HEAD, D.POOL, D.DESK),
    Event.LEAD_UNANSWERED: (D.POOL, D.SALES_HEAD, D.DESK),
    Event.NOBODY_FREE: (D.POOL, D.TEAM_LEAD, D.SALES_HEAD, D.DESK),
    Event.PROTECTION_ENDED: (D.POOL, D.ROUTE, D.NURTURE, D.DESK),
    Event.OWN_FIND_IDLE: (D.STAYS, D.LIKE_OTHERS),
    Event.DEAL_LOST: (D.POOL, D.NURTURE),
    Event.LOST_LATER: (D.NURTURE, D.POOL),
    Event.CUSTOMER_ASKS: (D.ACCOUNT_OWNER, D.ROUTE),
    Event.COLLEAGUE_COMES: (D.SAME_REP, D.ROUTE),
    Event.HUNTER_WON: (D.FARMER, D.STAYS),
    Event.FARMER_RETURNED: (D.FARMER, D.STAYS),
    Event.KEY_ACCOUNT: (D.ACCOUNT_OWNER, D.ROUTE),
}
BEST = {
    Event.REPS_EXHAUSTED: (D.TEAM_LEAD, D.SALES_HEAD, D.DESK),
    Event.LEAD_UNANSWERED: (D.SALES_HEAD, D.DESK),
    Event.NOBODY_FREE: (D.TEAM_LEAD, D.SALES_HEAD, D.DESK),
    Event.PROTECTION_ENDED: (D.ROUTE, D.NURTURE, D.DESK),
    Event.DEAL_LOST: (D.NURTURE,),
    Event.LOST_LATER: (D.NURTURE,),
}
# How long it takes: a number of the row itself, in this unit, or a term of the agreement that both heads signed.
HOURS = (Event.NOBODY_FREE,)
DAYS = (Event.LOST_LATER,)
AGREED = {
    Event.UNANSWERED: "reoffers",
    Event.PROTECTION_ENDED: "rest_days",
    Event.DEAL_LOST: "rest_days",
    Event.HUNTER_WON: "farmer_days",
}


class HandoverRule(models.Model):
    """One event and where its leads go; `best_goes_to` holds for grade A (empty: no difference).

    `after` and `best_after` are the hours or days of the events that have such a number of their own; the others'
    stand in the agreement. Why a rep returns a lead and where that sends it stands in `ReturnReason`.
    """

    event = models.CharField(_("event"), max_length=20, choices=Event, unique=True, editable=False)
    goes_to = models.CharField(_("goes to"), max_length=15, choices=Destination)
    best_goes_to = models.CharField(
        _("grade A goes to"), max_length=15, choices=Destination, blank=True, default=""
    )
    after = models.PositiveSmallIntegerField(_("after"), null=True, blank=True)
    best_after = models.PositiveSmallIntegerField(_("grade A after"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = AgreedQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of the hand-over")
        verbose_name_plural = _("rows of the hand-over")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(event=event, goes_to__in=choices) for event, choices in CHOICES.items()),
                    _connector=Q.OR,
                ),
                name="handover_known_way",
                violation_error_message=_("A lead cannot go there after this event."),
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(best_goes_to="") & ~Q(event__in=list(BEST)),
                    *(Q(event=event, best_goes_to__in=choices) for event, choices in BEST.items()),
                    _connector=Q.OR,
                ),
                name="handover_best_never_pooled",
                violation_error_message=_("Grade A cannot go there: it never waits in a pool."),
            ),
            models.CheckConstraint(
                condition=(Q(after__isnull=False, after__gte=1) | ~Q(event__in=[*HOURS, *DAYS]))
                & (Q(best_after__isnull=False, best_after__gte=1) | ~Q(event__in=HOURS)),
                name="handover_after_given",
                violation_error_message=_("Say after how long: 1 or more."),
            ),
        ]

    def __str__(self):
        return str(Event(self.event).label)

    def way(self, grade=""):
        """The Destination of a lead of this grade."""
        return Destination(self.best_goes_to if grade == Grade.A and self.best_goes_to else self.goes_to)

    def delay(self, grade=""):
        """The row's own number as a timedelta; None where the agreement has it."""
        number = self.best_after if grade == Grade.A and self.best_after else self.after
        if number is None:
            return None
        return timedelta(hours=number) if self.event in HOURS else timedelta(days=number)
