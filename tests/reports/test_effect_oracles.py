"""Effects against a baseline, alone and in a statement, and the margin of growth, against loops over random records."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from math import gamma, pi, sqrt
from random import Random
from statistics import fmean, variance

import pytest

from leads.models import Audience, Touch
from pipeline.models import Deal
from reports import baselines
from reports.commission.measuring import Scope, measure
from reports.growth import figures
from reports.models.base import ALL
from reports.periods import shifted
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.commission.worlds import cancel
from tests.reports.test_filters import choose
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
SINCE, UNTIL, TODAY = date(2025, 11, 1), date(2026, 4, 1), NOON.date()


def past(point, freedom, steps=4_000):
    """How much of Student's distribution lies within ± `point`, by Simpson's rule."""
    scale = gamma((freedom + 1) / 2) / (sqrt(freedom * pi) * gamma(freedom / 2))
    width = 2 * point / steps
    return sum(
        (1 if at in (0, steps) else 4 if at % 2 else 2)
        * scale
        * (1 + (-point + at * width) ** 2 / freedom) ** (-(freedom + 1) / 2)
        for at in range(steps + 1)
    ) * (width / 3)


def test_students_points_leave_out_one_in_twenty():
    for freedom, point in enumerate(baselines.STUDENT, 1):
        assert past(point, freedom) == pytest.approx(0.95, abs=1e-4), freedom


@pytest.fixture
def market(cast, request):
    """Deals of two years in three regions, one of them part of another, and in none; some renewals, lost, cancelled, without a cost."""
    chance = Random(request.param)
    north, small = make.region(), make.segment("small")
    part = make.region("north-east")
    part.parent = north
    part.save()
    regions = (north, part, make.region("south"), make.region("west"), None)
    firms = [make.company(region=region, segment=segment) for region in regions for segment in (small, None)]
    for _deal in range(160):
        signed = date(2024, 10, 15) + timedelta(days=chance.randint(0, 600))
        cost = chance.choice((None, 20, 30, 30, 40))
        kind = chance.choice(("new", "new", "expansion", "renewal"))
        deal = win(
            str(chance.randint(60, 300)), company=chance.choice(firms), signed_on=signed, cost=cost, kind=kind
        )
        if chance.random() < 0.25:
            cancel(
                deal,
                cast,
                chance.randint(1, 50),
                on=min(signed + timedelta(days=chance.randint(0, 200)), TODAY),
            )
    make.deal(company=firms[0], amount=500, base_amount=500)
    return north, part, small


def booked(segment):
    """{"won", "margin", "lasting": {(inside? None without a region, first of the month): sum}}, and deals without a margin, by loops."""
    found = {name: defaultdict(float) for name in ("won", "margin", "lasting", "uncosted")}
    for deal in Deal.with_cancellations.filter(outcome="won").select_related(
        "company__region", "cancels__company__region"
    ):
        whole = deal.cancels or deal
        place, firm = whole.company.region, whole.company
        if whole.kind == "renewal" or (segment and firm.segment != segment):
            continue
        side = None if place is None else place.code.startswith("north")
        own, of = ((side, one.signed_on.replace(day=1)) for one in (deal, whole))
        found["won"][own] += float(deal.base_amount)
        known = deal.cost is not None
        margin = float(deal.base_amount - deal.cost) if known else 0.0
        found["margin"][own] += margin
        found["lasting"][
            of if deal.cancels and deal.signed_on >= UNTIL and whole.signed_on < UNTIL else own
        ] += margin
        if not deal.cancels and not known:
            found["uncosted"][own] += 1
    return found


def by_regions(sums, before, after):
    """(estimate, half of the interval, freedom): differences in differences as docs/attribution.md says it."""
    here, there = ([sums[side, month] for month in before] for side in (True, False))
    scale = sum(here) / sum(there)
    gaps = {
        months: [sums[True, month] - scale * sums[False, month] for month in months]
        for months in (before, after)
    }
    error = sqrt(sum(variance(of) / len(of) for of in gaps.values()))
    return (
        (fmean(gaps[after]) - fmean(gaps[before])) * len(after),
        error * len(after),
        len(before) + len(after) - 2,
    )


def by_season(sums, before, after):
    """The same of the months a year before, paired."""
    gaps = [sums[True, month] - sums[True, shifted(month, -12)] for month in after]
    return sum(gaps), sqrt(variance(gaps) * len(gaps)), len(gaps) - 1


ORACLES = {"regions": by_regions, "season": by_season}


@pytest.mark.parametrize("market", [1, 2], indirect=True)
def test_a_baseline_is_that_of_loops_over_the_deals(market):
    north, part, small = market
    after = tuple(shifted(SINCE, at) for at in range(5))
    before = tuple(shifted(SINCE, at) for at in range(-5, 0))
    later = []
    roll_all()
    for kind, segment in product(("regions", "season"), (small, None)):
        campaign = make.campaign(
            region=north, segment=segment, starts_on=SINCE + 4 * DAY, ends_on=UNTIL - 9 * DAY
        )
        audience = Audience.objects.create(campaign=campaign, baseline=kind, held_percent=0)
        sums, oracle = booked(segment), ORACLES[kind]
        alone = baselines.compared(audience, campaign, (north.pk, part.pk), TODAY)
        scope = Scope(
            campaign.pk, kind, audience.pk, SINCE, UNTIL, (north.pk, part.pk), small.pk if segment else ALL
        )
        settled = measure([scope], TODAY)[campaign.pk]
        for what, found in (
            ("won", alone.revenue),
            ("margin", alone.margin),
            ("lasting", alone.lasting),
            ("lasting", settled.effect),
        ):
            estimate, error, freedom = oracle(sums[what], before, after)
            assert found.estimate == pytest.approx(estimate, abs=1e-6), (kind, what)
            for end in (found.low, found.high):
                assert past(abs(end - found.estimate) / error, freedom) == pytest.approx(0.95, abs=1e-4)
        unknown = sum(sums["uncosted"][True, month] for month in after)
        assert alone.uncosted == settled.uncosted == unknown
        gone = settled.effect.estimate - alone.margin.estimate
        assert float(settled.cancelled) == pytest.approx(gone, abs=1e-6)
        later.append(gone)
    assert any(later)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_margin_of_growth_is_that_of_loops_over_touches(cast, seed):
    chance, spent = Random(seed), defaultdict(Decimal)
    programme = make.campaign("Programme")
    campaigns = [programme, *(make.campaign(parent=chance.choice((programme, None))) for _one in range(3))]
    for campaign in campaigns:
        for kind in ("paid", "committed", "planned"):
            amount = Decimal(chance.randint(1, 90))
            spend(campaign, amount, kind, month=date(2026, chance.randint(1, 6), 1))
            spent[campaign] += 0 if kind == "planned" else amount
    for _deal in range(12):
        contact = make.contact()
        for _touch in range(chance.randint(0, 4)):
            make.touch(
                contact, NOON - chance.randint(1, 60) * DAY, campaign=chance.choice((*campaigns, None))
            )
        deal = win(
            str(chance.randint(60, 300)), [contact], signed_on=NOON.date(), cost=chance.choice((None, 20, 30, 40, 50, 60, 70)),
            kind=chance.choice(("new", "expansion", "new", "renewal")),
        )  # fmt: skip
        if chance.random() < 0.3:
            cancel(deal, cast, chance.randint(1, 50), on=NOON.date())
    roll_all()
    margins, unknown = defaultdict(Decimal), set()
    for deal in Deal.objects.filter(outcome="won").exclude(kind="renewal"):
        touches = list(Touch.objects.filter(contact__in=deal.contacts.all()))
        rows = Deal.with_cancellations.filter(pk=deal.pk) | Deal.with_cancellations.filter(cancels=deal)
        for touch in touches:
            if deal.cost is None:
                unknown.add(touch.campaign)
                continue
            margins[touch.campaign] += sum(row.base_amount - row.cost for row in rows) / len(touches)
    came = figures.came(choose(model="linear"))
    assert set(came) == {campaign.pk for campaign in campaigns}
    for campaign in campaigns:
        under = [one for one in campaigns if campaign in (one, one.parent)]
        assert came[campaign.pk].spend == sum(spent[one] for one in under)
        if unknown.intersection(under):
            assert came[campaign.pk].margin is None
        else:
            assert came[campaign.pk].margin == pytest.approx(
                sum(margins[one] for one in under), abs=Decimal("0.2")
            )
