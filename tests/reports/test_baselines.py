"""A campaign against a baseline: the same season, other regions, and the months for which there is none."""

from datetime import date
from decimal import Decimal
from math import sqrt

import pytest

from leads.models import Audience
from reports import baselines, periods
from reports.baselines import regions, season
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON
from tests.reports.attribution.test_credits import win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def test_the_season_is_paired_and_a_campaign_without_effect_covers_nothing():
    found = season([110, 120, 130], [100, 100, 100], Decimal(10))
    assert found.revenue.estimate == pytest.approx(60)
    assert found.revenue.high - found.revenue.estimate == pytest.approx(4.303 * 10 / sqrt(3) * 3)
    assert found.roi.estimate == pytest.approx(5)
    assert not season([100, 90, 110], [100, 100, 100], Decimal(10)).revenue.is_sure
    assert season([1, 2], [1, 2], Decimal()).why == "months"


def test_differences_in_differences_take_out_what_moved_everywhere():
    # everywhere sales doubled; in the campaign's region they did so and rose by 50 a month beside it
    found = regions([100, 110, 90], [250, 270, 230], [200, 220, 180], [400, 440, 360], Decimal(100))
    assert found.revenue.estimate == pytest.approx(150)
    assert found.baseline == pytest.approx([200, 220, 180])
    assert found.roi.estimate == pytest.approx(0.5)
    same = regions([100, 110, 90], [200, 220, 180], [200, 220, 180], [400, 440, 360], Decimal(100))
    assert not same.revenue.is_sure
    assert regions([1, 2, 3], [1, 2, 3], [0, 0, 0], [1, 1, 1], Decimal()).why == "months"


def months(count):
    """The first days of so many months from March 2026."""
    return [periods.shifted(date(2026, 3, 1), number) for number in range(count)]


def test_baselines_from_the_rollups():
    north, south = make.region(), make.region("south")
    campaign = make.campaign(region=north, starts_on=date(2026, 3, 5), ends_on=date(2026, 5, 20))
    audience = Audience.objects.create(campaign=campaign, baseline="regions", held_percent=0)
    inside, outside = make.company(region=north), make.company(region=south)
    for month, here, there in ((12, 10, 20), (1, 12, 24), (2, 8, 16), (3, 40, 20), (4, 42, 24), (5, 38, 16)):
        year = 2025 if month == 12 else 2026
        win(here, company=inside, signed_on=date(year, month, 9))
        win(there, company=outside, signed_on=date(year, month, 9))
    for month, amount in ((3, 30), (4, 40), (5, 20)):
        win(amount, company=inside, signed_on=date(2025, month, 9))
    spend(campaign, 45)
    roll_all()
    found = baselines.compared(audience, campaign, (north.pk,), TODAY)
    assert (found.kind, found.spend, found.months) == ("regions", 45, [40, 42, 38])
    assert found.revenue.estimate == pytest.approx(90)
    assert found.roi.estimate == pytest.approx(1)
    assert baselines.compared(audience, campaign, (), TODAY).why == "region"
    audience.baseline = "season"
    found = baselines.compared(audience, campaign, (north.pk,), TODAY)
    assert (found.baseline, found.revenue.estimate) == ([30, 40, 20], pytest.approx(30))
    assert (found.spans, found.left_out, found.spend) == (months(3), 0, 45)
    # the months of its second year have the campaign itself a year before them, and are no baseline of their own
    campaign.ends_on, later = None, date(2027, 6, 2)
    spend(campaign, 7, month=date(2027, 4, 1))
    spend(campaign, 9, month=date(2026, 1, 1))  # ordered before it began
    spend(campaign, 80, month=date(2027, 6, 1))  # the running month has not been compared yet
    roll_all()
    found = baselines.compared(audience, campaign, (north.pk,), later)
    assert (found.spans, found.left_out, found.spend) == (months(12), 3, 54)
    assert found.months == [40, 42, 38, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert found.baseline == [30, 40, 20, 0, 0, 0, 0, 0, 0, 10, 12, 8]
    # nor are those before the first win, or before figures count
    campaign.ends_on = date(2026, 5, 20)
    found = baselines.compared(audience, campaign, (north.pk,), TODAY, date(2025, 4, 9))
    assert (found.spans, found.left_out, found.why) == (months(3)[1:], 1, "months")
    found = baselines.compared(audience, campaign, (north.pk,), TODAY, date(2026, 1, 1))
    assert (found.spans, found.left_out, found.why, found.revenue) == ([], 3, "season", None)
    audience.baseline = "regions"
    found = baselines.compared(audience, campaign, (north.pk,), TODAY, date(2026, 1, 1))
    assert (found.why, found.left_out) == ("months", 0)
    campaign.starts_on = None
    assert baselines.compared(audience, campaign, (north.pk,), TODAY).why == "dates"
