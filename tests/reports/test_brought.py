"""Who brought a deal: its way, whose work each touch is, and what it earns."""

from datetime import timedelta

import pytest

from leads.models import Lead
from reports import attribution, locks
from reports.brought import brought
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries
from tests.reports.attribution.test_credits import win

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def fair_deal(cast):
    """A win of 600 by the rep: a fair of marketing, a campaign of sales, a dealer's word, a visit that nobody's campaign brought."""
    fair, calls = make.campaign("Fair", owner=cast.marketer), make.campaign("Calls", track="sales")
    lead = make.lead(campaign=fair, at=NOON - 9 * DAY)
    for days, more in (
        (9, {"campaign": fair}),
        (7, {"campaign": calls}),
        (5, {"channel": "dealer"}),
        (3, {"channel": "website"}),
        (2, {"kind": "call", "outbound": True, "track": "sales"}),
    ):
        make.touch(lead.contact, NOON - days * DAY, **more)
    deal = win("600", [lead.contact], company=make.company("Acme"), owner=cast.rep)
    Lead.objects.filter(pk=lead.pk).update(deal=deal)
    roll_all()
    return deal


@pytest.mark.parametrize("model", list(attribution.MODELS))
def test_the_way_is_the_path_as_it_is_worked_out_from_the_source(fair_deal, model):
    found = brought(fair_deal.pk, model)
    assert [
        (one.touch, one.at, one.kind, one.channel, one.campaign, one.amount) for one in found.touches
    ] == [
        (one.touch_id, one.at, one.kind, one.channel, one.campaign_id, one.amounts.get(model, 0))
        for one in attribution.path(fair_deal)
    ]
    assert sum(one.share for one in found.touches) == pytest.approx(1)
    assert sum(found.sides.values()) == sum(one.share for one in found.touches)
    assert (found.source, found.influenced) == ("marketing", False)


def test_each_touch_is_somebodys_work(fair_deal):
    found = brought(fair_deal.pk)
    assert [one.side for one in found.touches] == ["marketing", "sales", "partner", "other"]
    assert {side: float(share) for side, share in found.sides.items()} == {
        "marketing": 0.25, "sales": 0.25, "partner": 0.25, "other": 0.25,
    }  # fmt: skip
    assert {side: float(share) for side, share in brought(fair_deal.pk, "first").sides.items()} == {
        "marketing": 1
    }


def test_what_a_campaign_brought_is_one_row(client, cast, fair_deal):
    fair = brought(fair_deal.pk).touches[0].campaign
    make.touch(Lead.objects.get(deal=fair_deal).contact, NOON - 4 * DAY, campaign_id=fair, channel="website")
    roll_all()
    groups = brought(fair_deal.pk).bringers()
    assert [([one.position for one in group], float(sum(one.share for one in group))) for group in groups] == [
        ([1, 4], 0.4), ([2], 0.2), ([3], 0.2), ([5], 0.2),
    ]  # fmt: skip
    client.force_login(cast.rep)
    part = client.get(f"/deals/{fair_deal.pk}/brought/", headers={"HX-Request": "true"}).content.decode()
    assert ("40.0%" in part, "Each touch on the way" in part, "<html" in part) == (True, True, False)
    page = client.get(f"/deals/{fair_deal.pk}/brought/").content.decode()
    assert ("40.0%" in page, "Each touch on the way" in page, "<html" in page) == (True, False, True)


def test_a_deal_without_touches_is_nobodys():
    deal = win("70")
    roll_all()
    found = brought(deal.pk)
    assert (found.touches, found.sides, found.source) == ([], {}, "other")


def test_whoever_sees_the_deal_sees_who_brought_it(client, cast, fair_deal):
    page = f"/deals/{fair_deal.pk}/brought/"
    for user, status in (
        (cast.rep, 200), (cast.marketer, 200), (cast.manager, 200), (cast.finance, 200), (cast.other_rep, 404),
    ):  # fmt: skip
        client.force_login(user)
        answer = client.get(page)
        assert answer.status_code == status, user
        assert (Api(user).get(f"/reports/deals/{fair_deal.pk}/brought/")[0]) == status, user
        if status == 200:
            assert "Fair" in answer.content.decode()


def test_the_page_costs_the_same_for_a_longer_way(client, cast, fair_deal):
    client.force_login(cast.rep)
    page = f"/deals/{fair_deal.pk}/brought/"
    queries(client, page)
    before = queries(client, page)
    for days in (1, 4, 6):
        make.touch(Lead.objects.get(deal=fair_deal).contact, NOON - days * DAY, campaign=make.campaign())
    roll_all()
    assert len(brought(fair_deal.pk).touches) == 7
    assert (queries(client, page), before) == (before, before)
    assert before <= 7  # with session and user


def test_the_locked_model_of_its_year_is_in_force_and_another_may_be_asked_for(client, cast, fair_deal):
    client.force_login(cast.rep)
    page = f"/deals/{fair_deal.pk}/brought/"
    api = Api(cast.rep)
    locks.lock("last", fair_deal.signed_on, cast.finance, NOON)
    told = api.get(f"/reports/deals/{fair_deal.pk}/brought/")[1]
    assert (told["model"], [float(one["share"]) for one in told["touches"]]) == ("last", [0, 0, 0, 1])
    told = api.get(f"/reports/deals/{fair_deal.pk}/brought/", model="first")[1]
    assert (told["model"], [float(one["amount"]) for one in told["touches"]]) == ("first", [600, 0, 0, 0])
    assert (told["source"], told["influenced"]) == ("marketing", False)
    assert client.get(page, {"model": "guess"}).status_code == 400
    assert client.get(page, {"modle": "last"}).status_code == 400
