"""From when the days of a lot count: the moment of the draw, or the first day of the campaign where that is later."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts import organisation
from leads import audiences
from leads.models import Audience, AudienceMember
from pipeline.models import Campaign, Deal
from reports import lift
from reports.commission import settling
from reports.effects import midnight
from reports.models import CommissionLine
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.commission.worlds import DRAWN, FIRST, LATER, SECOND, agree, lot, told
from ui import formats

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.mark.parametrize("starts", [None, -30, 0, 4])
def test_days_count_from_the_draw_or_from_the_first_day_of_the_campaign(client, cast, starts):
    """Against a naive count of people who each did one thing around either moment."""
    campaign = make.campaign(starts_on=None if starts is None else TODAY + starts * DAY)
    audience = Audience.objects.create(campaign=campaign, held_percent=50, seed="seed", days=10)
    since, first = NOON, TODAY
    if starts == 4:
        since, first = midnight(TODAY + 4 * DAY), TODAY + 4 * DAY
    leads = [since + timedelta(hours=hours) for hours in (-30, -1, 0, 1, 24 * 9)] + [
        midnight(first + 10 * DAY)
    ]
    wins = [  # (signed, closed)
        (first - DAY, since - DAY), (first, since - timedelta(minutes=1)), (first, since), (first + DAY, since + DAY),
        (first + 9 * DAY, since + 9 * DAY), (first + 10 * DAY, since + 10 * DAY),
    ]  # fmt: skip
    for at in leads:
        make.lead(at=at, contact=make.contact(), sql_at=at)
    for signed, closed in wins:
        Deal.objects.filter(pk=win(1, [make.contact()], signed_on=signed).pk).update(closed_at=closed)
    audiences.draw(audience, audiences.Wish(), NOON)
    last = first + 9 * DAY
    found = lift.lift(audience, midnight, last)
    counted = [sum(getattr(arm, name) for arm in (found.reached, found.held)) for name in lift.MEASURES]
    inside = sum(since <= at < midnight(last + DAY) for at in leads)
    bought = sum(first <= signed <= last and closed >= since for signed, closed in wins)
    assert counted == [inside, inside, bought] == [3, 3, 3]
    assert (found.since, found.last_day, found.over) == (since, last, False)
    assert (audience.drawn_at, audience.first_day, audience.last_day) == (NOON, first, last)
    assert [audience.is_over(last), audience.is_over(last + DAY)] == [False, True]
    body = Api(cast.marketer).get(f"/reports/effects/{campaign.pk}/")[1]
    assert (datetime.fromisoformat(body["counts_from"]), body["counts_until"]) == (since, f"{last}")
    client.force_login(cast.marketer)
    words = f"counts from {formats.moment(since)} until {formats.day(last)}"
    assert words in " ".join(client.get(f"/campaigns/{campaign.pk}/effect/").content.decode().split())


def test_a_lot_of_long_ago_knows_only_its_day():
    contacts = [make.contact() for _one in range(2)]
    audience = Audience.objects.create(campaign=make.campaign(), held_percent=50, drawn_on=TODAY)
    for contact, held in zip(contacts, (False, True), strict=True):
        AudienceMember.objects.create(audience=audience, contact=contact, held=held)
    make.lead(at=midnight(TODAY), contact=contacts[0])
    make.lead(at=midnight(TODAY) - timedelta(seconds=1), contact=contacts[1])
    found = lift.lift(audience, midnight, TODAY)
    assert (found.since, found.reached.leads, found.held.leads) == (midnight(TODAY), 1, 0)


def test_another_first_day_of_the_campaign_moves_no_lot_whose_days_are_over(cast):
    agree(cast)
    campaign, _deals = lot([140, 160, 180, 150], [None, None, 50, None])  # its days end in March
    (line,) = told().lines
    for day in (DRAWN + 60 * DAY, DRAWN + 90 * DAY, None):
        Campaign.objects.filter(pk=campaign.pk).update(starts_on=day)
        assert told().lines == [line], day
        audience = Audience.objects.select_related("campaign").get()
        assert (audience.kept_first, audience.first_day) == (DRAWN, DRAWN)
        assert lift.lift(audience, midnight, TODAY).margin.estimate == line.effect.estimate
    today = organisation.today(timezone.now())
    for drawn, starts, later, first in (
        (today - 61 * DAY, None, today, today - 61 * DAY),  # ended yesterday
        (today - 59 * DAY, None, today, today),  # still counts today
        (today - 90 * DAY, today - 40 * DAY, today - 5 * DAY, today - 5 * DAY),
        (today - 90 * DAY, today - 80 * DAY, today - 5 * DAY, today - 80 * DAY),
    ):
        campaign = make.campaign(starts_on=starts)
        Audience.objects.create(campaign=campaign, days=60, drawn_on=drawn)
        Campaign.objects.filter(pk=campaign.pk).update(starts_on=later)
        assert Audience.objects.get(campaign=campaign).first_day == first


def test_a_statement_measures_from_the_same_moment_before_and_after_it_is_settled(cast):
    agree(cast)
    campaign, deals = lot([140, 160, 180, 150], [None, None, 50, None])
    noon = midnight(DRAWN) + timedelta(hours=12)
    Audience.objects.update(drawn_at=noon)
    for deal, closed in zip(deals[False], (noon - DAY, noon, noon, noon), strict=True):
        Deal.objects.filter(pk=deal.pk).update(signed_on=DRAWN, closed_at=closed)
    (line,) = told().lines
    assert (line.scope.since, line.scope.first, line.counted) == (noon, DRAWN, 360)  # 100 were closed before
    settling.settle(FIRST, cast.finance, NOON)
    assert CommissionLine.objects.get().since == noon
    assert [one.scope.since for one in told().lines] == [noon]
    assert told(SECOND, LATER.date()).corrections == []
    Audience.objects.update(drawn_at=None)
    Campaign.objects.filter(pk=campaign.pk).update(starts_on=DRAWN + 40 * DAY)
    assert told(SECOND, LATER.date()).corrections == []  # it is measured as it was settled


def test_a_campaign_that_starts_after_its_draw_counts_in_the_quarter_in_which_its_days_end(cast):
    agree(cast)
    campaign, _deals = lot([140, 160, 180, 150], [None, None, 50, None], on=DRAWN + 70 * DAY)
    assert [line.counted for line in told().lines] == [0]
    Campaign.objects.filter(pk=campaign.pk).update(starts_on=DRAWN + 60 * DAY)
    Audience.objects.update(kept_first=None)  # as if it had always been so
    assert told().lines == []
    (line,) = told(SECOND, LATER.date()).lines
    assert (line.scope.first, line.scope.since) == (DRAWN + 60 * DAY, midnight(DRAWN + 60 * DAY))
    assert line.counted == 460
