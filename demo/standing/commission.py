"""The common commission: a quarter that finance has settled, the running one, and a plan for next year that waits for marketing."""

from datetime import timedelta
from decimal import Decimal

from accounts import organisation
from leads import closing
from pipeline.models import Deal
from reports import periods
from reports.commission import keeping, plans, settling
from reports.models import CommissionPlan, CommissionSignature

SHARES = {"head.marketing": 30, "marketer": 20, "marketer2": 20, "marketer3": 20, "rep": 10}
RATE, NEXT_RATE, CAP = Decimal(2), Decimal("2.5"), 15_000
SETTLED_ON = 9  # day of the first month after the quarter


def tell(desk):
    """Three plans; one quarter is settled, and something was cancelled since."""
    start = organisation.current().fiscal_year_start
    last, this = (periods.named(name, desk.today, start).first for name in ("last_quarter", "quarter"))
    year = periods.shifted(periods.named("year", desk.today, start).first, 12)
    for first, until in ((last, this), (this, periods.shifted(this, 3))):
        _plan(desk, first, until, RATE, ("marketing", "sales"))
    _plan(desk, year, periods.shifted(year, 12), NEXT_RATE, ("sales",))
    day = min(this + timedelta(days=SETTLED_ON - 1), desk.today)
    made = settling.settle(keeping.quarter(last), desk.people["finance"], desk.moment(day, 16))
    _cancelled(desk, made)


def _plan(desk, first, until, rate, tracks):
    cap = round(CAP * desk.house.world.scale)
    plan = CommissionPlan(
        first=first,
        until=until,
        rate=rate,
        cap=cap,
        unproven=True,
        baselines=True,
        rule="named",
        with_sales=True,
    )
    desk.made.append(
        plans.save(
            plan, {desk.people[code].pk: share for code, share in SHARES.items()}, desk.people["finance"]
        )
    )
    at = desk.moment(min(first, desk.today) - timedelta(days=12))
    CommissionSignature.objects.bulk_create(
        CommissionSignature(plan=plan, track=track, user=desk.people[f"head.{track}"], at=at)
        for track in tracks
    )


def _cancelled(desk, made):
    """A part of a contract that counted in it is called off."""
    line = made.lines.filter(kind="lot").first()
    if line is None:
        return
    held = Deal.objects.filter(contacts__audiences__audience=line.audience, contacts__audiences__held=True)
    reached = Deal.objects.exclude(pk__in=held.values("pk")).filter(
        outcome="won", signed_on__gte=line.first, signed_on__lt=line.last, contacts__audiences__audience=line.audience,
        contacts__audiences__held=False, amount__gt=0, cost__isnull=False,
    )  # fmt: skip
    if deal := reached.order_by("-amount", "pk").first():
        amount = round(deal.amount / 4, 2)
        closing.cancel(
            deal,
            amount=amount,
            on=desk.today,
            reason=desk.word("corrected"),
            by=desk.people["head.sales"],
            at=desk.at,
        )
