"""The last months are closed, both heads have said their word, and a few things have changed since."""

from datetime import timedelta

from leads import closing
from pipeline.models import Deal, OutcomeReason, Spend
from reports.models import ChiefWord, MonthComment
from reports.months import closing as months
from reports.months import comments
from reports.periods import shifted
from reports.scorecard import saying

CLOSED = 3
CLOSING_DAY = 9  # of the next month


def tell(desk):
    """Close them as finance would have, then let things come late."""
    done = 0 if desk.today.day > CLOSING_DAY else 1
    shut = [desk.back(number + done) for number in range(CLOSED, 0, -1)]
    for month in shut:
        day = shifted(month, 1).replace(day=CLOSING_DAY)
        months.close(month, desk.people["finance"], desk.moment(day, 17))
        for code in ("marketing", "sales"):
            head = desk.people[f"head.{code}"]
            comments.say(month, desk.word(f"month_{code}"), head, desk.moment(day + timedelta(days=1), 11))
        _satisfied(desk, month, desk.moment(day + timedelta(days=1), 12))
    desk.made += MonthComment.objects.filter(month__in=shut)
    desk.made += ChiefWord.objects.filter(month__in=shut)
    _late_invoices(desk, shut)
    _backdated(desk, shut[-1])
    _corrected(desk, shut[-2])


def _satisfied(desk, month, at):
    """What each chief says of a month: a little better from one to the next."""
    words = desk.house.world.words["chiefs"]
    number = desk.back(0).month - month.month
    for place, code in enumerate(("head.marketing", "head.sales", "finance", "admin")):
        satisfied = 3 + (place + number) % 2
        saying.say(month, satisfied, words[place], by=desk.people[code], at=at)


def _late_invoices(desk, shut):
    """Spend of closed months whose invoice comes only now."""
    ours = desk.house.world
    for month, key, amount in ((shut[-1], "search", 4_200), (shut[-2], "content", 2_750)):
        cost = round(amount * ours.scale)
        Spend.objects.create(
            campaign_id=desk.campaigns[key], kind="paid", month=month, on=desk.today, amount=cost,
            currency=desk.currency, base_amount=cost, vendor=ours.vendors["agency"],
            note=desk.word("late"), entered_by=desk.people["finance"],
        )  # fmt: skip


def _backdated(desk, month):
    """A contract that was signed on the last days of a closed month and came to light only now."""
    signed = month.replace(day=28)
    found = Deal.objects.filter(
        outcome="open", kind="new", opened_at__lt=desk.moment(month.replace(day=10)), currency=desk.currency,
        amount__isnull=False,
    ).exclude(owner=None).order_by("-amount", "pk")  # fmt: skip
    reason = OutcomeReason.objects.filter(outcome="won").order_by("position", "pk").first()
    for deal in found[1:2]:
        closing.win(deal, reason=reason, signed_on=signed, by=deal.owner, at=desk.at)


def _corrected(desk, month):
    """A contract of a closed month that turned out smaller: opened again, put right, won again on its own day."""
    found = Deal.objects.filter(
        outcome="won", kind="expansion", signed_on__gte=month, signed_on__lt=shifted(month, 1),
        currency=desk.currency, leads=None,
    ).order_by("-amount", "pk")  # fmt: skip
    head = desk.people["head.sales"]
    for deal in found[:1]:
        signed, reason = deal.signed_on, deal.outcome_reason
        closing.reopen(deal, reason=desk.word("corrected"), by=head, at=desk.at)
        smaller = round(deal.amount * 93 / 100, 2)
        closing.change(deal, {"amount": smaller}, by=head, at=desk.at)
        closing.win(deal, reason=reason, signed_on=signed, by=head, at=desk.at)
