"""Gateways at customers, and the hours they run a day: most as ever, some less, some not at all, some with errors."""

from datetime import timedelta

from leads import usage
from pipeline.models import Company, DealLine, Product, Reading, Unit

DAYS = 140
MOST, MOST_OF_ONE = 60, 8
LIFE = 36  # months
# In turn, for the customers of each owner.
WAYS = ("falling", "steady", "silent", "steady", "errors", "steady", "steady")


def tell(desk):
    """Units of the gateways that were sold last, with their readings, and what these say by now."""
    world = desk.house.world
    product = Product.objects.filter(name=world.products["edge"][0]).first()
    if product is None:
        return
    Product.objects.filter(pk=product.pk).update(usage_unit=world.words["counted in"], life_months=LIFE)
    units = desk.keep(Unit, list(_sold(desk, product)))
    _stay_with_rep(desk, units)
    Reading.objects.bulk_create((row for one in units for row in _readings(desk, one)), batch_size=5_000)
    while usage.judge_due(at=desk.at, tell=False):
        pass


def _stay_with_rep(desk, units):
    """Two customers asked to stay with whom they know: what their use says stands on the rep's own day."""
    asked = list(dict.fromkeys(one.company_id for one in units if one.way in ("falling", "silent")))[:2]
    Company.objects.filter(pk__in=asked).update(sales_owner=desk.people["rep"])


def _sold(desk, product):
    """One or two units of each sale, as many of each owner's customers as of any other's."""
    lines = DealLine.objects.filter(product=product, deal__outcome="won", deal__company__isnull=False)
    lines = lines.filter(deal__signed_on__lt=desk.today - timedelta(days=DAYS))
    count: dict = {}
    number = 0
    for line in lines.select_related("deal__company").order_by("-deal__signed_on", "-pk"):
        deal, owner = line.deal, line.deal.company.sales_owner_id
        turn = count[owner] = count.get(owner, -1) + 1
        if turn >= MOST_OF_ONE:
            continue
        for _piece in range(min(int(line.quantity), 2)):
            number += 1
            if number > MOST:
                return
            unit = Unit(
                product=product, company=deal.company, serial=f"KE-{4000 + number}", deal=deal,
                since=deal.signed_on + timedelta(days=desk.rng.randint(10, 30)), version=desk.rng.choice(("4.1", "4.2", "4.2", "5.0")),
            )  # fmt: skip
            unit.way = WAYS[turn % len(WAYS)]
            yield unit


def _readings(desk, unit):
    """A reading of each day: less at weekends, and in the unit's own way since some weeks."""
    rng = desk.rng
    usual, turned = rng.uniform(6, 16), rng.randint(30, 34)
    for ago in range(DAYS, 0, -1):
        day = desk.today - timedelta(days=ago)
        hours = usual * rng.uniform(0.8, 1.1) * (0.3 if day.weekday() > 4 else 1)
        errors = rng.random() < 0.02
        if unit.way == "falling" and ago <= turned:
            hours *= 0.25
        if unit.way == "silent" and ago <= turned:
            return
        if unit.way == "errors" and ago <= 7:
            errors = rng.randint(1, 5)
        yield Reading(
            unit=unit, day=day, usage=round(hours, 1), errors=int(errors), version=unit.version, source="gateway",
            external_id=f"{unit.serial}/{day}",
        )  # fmt: skip
