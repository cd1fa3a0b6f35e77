"""A world of regions that are part of regions, three deep."""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts import organisation
from accounts.models import Region
from leads import closing
from leads.models import Lead
from pipeline.models import OutcomeReason
from reports.choice import axes, parse
from reports.models import Measure
from reports.rollups import roll_all
from reports.targets import promise
from tests import cast as make
from tests.reports.attribution.test_credits import win
from tests.reports.test_returns import spend
from tests.reports.test_selling import cost


def grown():
    """{name: Region}: three levels in one country, a country beside it."""
    found = {}
    for name, above in (
        ("city", None),
        ("dach", None),
        ("bavaria", "dach"),
        ("austria", "dach"),
        ("west", None),
    ):
        found[name] = make.region(name)
        Region.objects.filter(pk=found[name].pk).update(parent=found.get(above))
    Region.objects.filter(pk=found["city"].pk).update(
        parent=found["bavaria"]
    )  # older than what it is part of
    return found


def choose_now(**data):
    data = {name: str(value) for name, value in {"period": "month", **data}.items()}
    return parse(data, axes(data), timezone.now())


def settled(cast):
    """Deals, leads, losses, spend and targets over all regions and none."""
    dice, tree = random.Random(7), grown()
    smb, everywhere = make.segment(), [None, *tree.values()]
    today = organisation.today(timezone.now())
    reasons = list(OutcomeReason.objects.filter(outcome="lost").exclude(code="imported"))
    for number in range(36):
        region = everywhere[number % len(everywhere)]
        company = make.company(region=region, segment=dice.choice([None, smb]))
        campaign = make.campaign(region=region) if number < 6 else None
        lead = make.lead(timezone.now() - timedelta(days=2), region=region, campaign=campaign)
        Lead.objects.filter(pk=lead.pk).update(sql_at=timezone.now() - timedelta(days=1))
        win(str(100 + number), company=company, signed_on=today, owner=cast.rep, cost=dice.choice([0, 50]))
        make.deal(company=company, owner=cast.rep, amount=number, base_amount=number, expected_close=today)
        if number % 5:
            gone = make.deal(company=company, amount=number, base_amount=number, owner=cast.rep)
            closing.lose(
                gone, reason=dice.choice(reasons), by=cast.rep, at=timezone.now(), rival="", rival_price=None
            )
        if campaign:
            spend(campaign, 10 * (number + 1), month=today.replace(day=1))
            cost(5 * (number + 1), month=today.replace(day=1), region=region)
    month = choose_now(period="month").period
    wishes = {"dach": 1_000, "city": 200, "austria": 300, "west": 50}
    amounts = {(tree[name].pk, smb.pk): Decimal(amount) for name, amount in wishes.items()}
    for measure in Measure.values:
        promise(
            measure, month, amounts | {(tree["bavaria"].pk, 0): Decimal(70)}, cast.sales_head, timezone.now()
        )
    roll_all()
    return tree
