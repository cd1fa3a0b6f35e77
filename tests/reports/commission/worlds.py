"""What tests of the common commission work with: a plan that both heads signed, and campaigns that held people out."""

from datetime import date, timedelta
from decimal import Decimal

from leads import closing
from leads.models import Audience, AudienceMember
from reports.commission import keeping, plans
from reports.commission.statement import statement
from reports.models import CommissionPlan
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON
from tests.reports.attribution.test_credits import win

DRAWN, DAYS = date(2026, 1, 5), 60  # the days of the effect end in March
FIRST, SECOND = (keeping.quarter(date(2026, month, 1)) for month in (1, 4))
IN_MAY = date(2026, 5, 4)
LATER = NOON + timedelta(days=40)  # in July


def agree(cast, people=None, first=FIRST.first, until=date(2027, 1, 1), **terms):
    """A plan of 10 % in force: of {user: share in %, or None}, of the marketer without."""
    plan = CommissionPlan(first=first, until=until, **{"rate": Decimal(10), **terms})
    plans.save(
        plan, {user.pk: percent for user, percent in (people or {cast.marketer: None}).items()}, cast.finance
    )
    for head in (cast.marketing_head, cast.sales_head):
        plans.sign(plan.pk, by=head, at=NOON)
    return plan


def lot(reached, held, name="Letter", drawn=DRAWN, cost=40, on=None):
    """A campaign with one person for each amount, who buys for it (None: nothing) at a cost. Returns it and the deals by side."""
    campaign = make.campaign(name)
    audience = Audience.objects.create(campaign=campaign, held_percent=50, days=DAYS, drawn_on=drawn)
    deals = {False: [], True: []}
    for is_held, amounts in ((False, reached), (True, held)):
        for amount in amounts:
            contact = make.contact()
            AudienceMember.objects.create(audience=audience, contact=contact, held=is_held)
            if amount is not None:
                made = win(str(amount), [contact], signed_on=on or drawn + timedelta(days=20), cost=cost)
                deals[is_held].append(made)
    return campaign, deals


def cancel(deal, cast, amount, on=IN_MAY):
    """Cancel a part of a deal."""
    return closing.cancel(deal, amount=Decimal(amount), on=on, reason="bankrupt", by=cast.manager, at=NOON)


def told(period=FIRST, today=NOON.date()):
    """The statement of a quarter as it stands."""
    roll_all()
    return statement(keeping.kept(period), period, today, "EUR")
