"""Offers as the rollups hold them, and how fast they were answered by month."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.models.base import ALL, ALL_CHANNELS, Cell, CountedRow, Flow, Tally, Whose, counted


class Clock(models.TextChoices):
    """What was timed: offer → answer, accept → first human attempt, capture → first human attempt."""

    ANSWER = "answer"
    CONTACT = "contact"
    SPEED = "speed"


class CountedOffer(CountedRow):
    """One offer as it is counted now; history, own finds, claims and passes that do not count have no row.

    `outcome`: accepted, returned, expired, withdrawn, waiting, moved (taken over with a book or a deal: no offer), or
    uncounted: a return that both heads decided not to count. The minutes are working minutes of the rep's calendar, null
    while nothing has happened; `speed` stands only on the offer that first led to a human attempt, or on the last one
    where none has. `in_time` is null where nothing was promised. `owner` is the rep whom it was made to; `reason` why it
    came back, 0 where it did not.
    """

    handoff = counted("leads.Handoff")
    lead = models.BigIntegerField(db_index=True)
    offered_on = models.DateField()
    captured_on = models.DateField()
    outcome = models.CharField(max_length=10)
    in_time = models.BooleanField(null=True)
    answer = models.SmallIntegerField(null=True)
    contact = models.SmallIntegerField(null=True)
    speed = models.SmallIntegerField(null=True)
    speaks = models.BooleanField()
    reason = models.BigIntegerField()

    class Meta:
        verbose_name = _("counted offer")
        verbose_name_plural = _("counted offers")
        indexes = [
            models.Index(fields=["campaign"], name="counted_offer_campaign"),
            models.Index(fields=["owner"], name="counted_offer_owner"),
            models.Index(fields=["offered_on"], name="counted_offer_offered"),
            # The newest passes of a choice, without sorting all of them.
            models.Index(
                fields=["captured_on", "handoff"], condition=Q(speaks=True), name="counted_offer_speaks"
            ),
        ]

    def __str__(self):
        return str(self.handoff_id)


class Answers(models.Model):
    """Offers by what became of them; `in_time` of `due` were answered as agreed."""

    offers = Tally()
    accepted = Tally()
    returned = Tally()
    expired = Tally()
    waiting = Tally()
    due = Tally()
    in_time = Tally()

    class Meta:
        abstract = True


class AnswerMonth(Cell, Answers):
    """Offers of a month in a cell."""

    pk = models.CompositePrimaryKey("channel", "segment", "region", "month")

    def __str__(self):
        return f"{self.month:%Y-%m} {self.channel} {self.segment} {self.region}"


class WhoseAnswers(Whose, Answers):
    """Offers of a month of one campaign, person or team."""

    pk = models.CompositePrimaryKey("who", "whose", "month")
    month = models.DateField()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.who} {self.whose}"


class Minutes(models.Model):
    """How many took `minutes` working minutes on a clock; UNANSWERED for those that nobody has answered.

    Minutes are exact up to an hour, then to 5 minutes up to four hours, a quarter up to ten hours, then to the hour.
    The month ALL_MONTHS sums all of them.
    """

    UNANSWERED = 32767

    clock = models.CharField(max_length=8, choices=Clock)
    minutes = models.SmallIntegerField()
    offers = Tally()

    class Meta:
        abstract = True


class AnswerMinutes(Cell, Minutes):
    """The minutes of the offers of a month in a cell."""

    pk = models.CompositePrimaryKey("channel", "segment", "region", "clock", "month", "minutes")

    class Meta:
        # Two thousand rows for the year of the whole house: beside each other here, each on a page of its own in the table.
        indexes = [
            models.Index(
                fields=["clock", "month"],
                include=["minutes", "offers"],
                condition=models.Q(channel=ALL_CHANNELS, segment=ALL, region=ALL),
                name="answer_minutes_of_all",
            )
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.clock} {self.minutes} min"


class WhoseMinutes(Whose, Minutes):
    """The minutes of the offers of a month of one campaign, person or team."""

    pk = models.CompositePrimaryKey("who", "whose", "clock", "month", "minutes")
    month = models.DateField()

    class Meta:
        # As above, for a team or a campaign; of one person there are few.
        indexes = [
            models.Index(
                fields=["who", "whose", "clock", "month"],
                include=["minutes", "offers"],
                condition=~models.Q(who="owner"),
                name="whose_minutes_beside",
            )
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.clock} {self.minutes} min {self.who} {self.whose}"


class OfferDay(Flow):
    """Offers by the day on which they were made: those that were `returned`."""

    pk = models.CompositePrimaryKey("who", "whose", "flow", "day")


class ReasonMonth(Whose):
    """Offers of a month that came back, by the reason (0: none was named)."""

    pk = models.CompositePrimaryKey("who", "whose", "month", "reason")
    reason = models.BigIntegerField()
    month = models.DateField()
    offers = Tally()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.reason} {self.who} {self.whose}"
