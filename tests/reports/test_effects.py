"""Incrementality: check values, the lot, who is left out of lists and mailings, lift against a naive count, baselines."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import md5

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import organisation
from leads import audiences, links
from leads.models import Audience, AudienceMember, Lead, TrackingLink
from leads.proportions import Effect, difference
from pipeline.models import ConsentEvent, Contact, DealContact
from reports import effects, lift
from reports.effects import midnight, points
from reports.lift import Arm, Lift, returned
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


# -- check values ----------------------------------------------------------------------------------------
def test_twelve_against_eight_percent_are_four_points():
    found = difference(120, 1_000, 80, 1_000)
    assert found.estimate == pytest.approx(0.04)
    # Newcombe's method 10, worked by hand from Wilson's intervals 0.1013–0.1416 and 0.0648–0.0985
    assert (found.low, found.high) == (pytest.approx(0.0138, abs=2e-4), pytest.approx(0.0663, abs=2e-4))
    assert found.is_sure
    assert not difference(12, 100, 8, 100).is_sure
    assert difference(1, 10, 0, 0) is None


def test_newcombes_published_example():
    """56/70 − 48/80: 0.0524 to 0.3339 (Newcombe 1998, table II, method 10)."""
    found = difference(56, 70, 48, 80)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_eighty_of_two_hundred_thousand_on_fifty_are_sixty_percent():
    reached = Arm(1_000, won=200, revenue=Decimal(200_000), squares=Decimal(200_000_000))
    held = Arm(1_000, won=120, revenue=Decimal(120_000), squares=Decimal(120_000_000))
    found = Lift(reached, held, Decimal(50_000), over=True)
    assert found.revenue.estimate == pytest.approx(80_000)
    assert found.roi.estimate == pytest.approx(0.6)  # and not 300 %
    assert found.revenue.low < 80_000 < found.revenue.high
    assert returned(Effect(1, 0, 2), Decimal()) is None
    assert Lift(reached, Arm(), Decimal(1), over=True).revenue is None
    nobody = Arm(1_000)
    assert Lift(nobody, nobody, Decimal(1), over=False).revenue is None  # no purchase yet: not "0, for sure"


def test_a_difference_shows_on_which_side_of_nothing_it_ends():
    assert points(Effect(0.04, 0.0121, 0.0678)) == "+4.0 points (+1.2 to +6.8)"
    assert points(Effect(0.004, -0.0003, 0.007)) == "+0.40 points (−0.03 to +0.70)"
    assert points(Effect(0, -0.01, 0.01)) == "0.0 points (−1.0 to +1.0)"


@given(st.lists(st.integers(0, 500), min_size=2, max_size=30))
def test_the_error_of_a_mean_is_that_of_its_values(values):
    arm = Arm(len(values), revenue=Decimal(sum(values)), squares=Decimal(sum(one**2 for one in values)))
    mean = sum(values) / len(values)
    spread = sum((one - mean) ** 2 for one in values) / (len(values) - 1)
    assert arm.error() == pytest.approx(spread / len(values), abs=1e-6)


# -- the lot ---------------------------------------------------------------------------------------------
def naive_lot(audience, contact):
    """Whether the lot holds a contact out."""
    drawn = int(md5(f"{audience.seed}:{contact.pk}".encode()).hexdigest()[:8], 16)
    return drawn < audience.held_percent / 100 * 2**32


def crowd(count=60, held=30, **fields):
    """(campaign, audience, contacts)."""
    campaign, contacts = make.campaign(), [make.contact() for _one in range(count)]
    audience = Audience.objects.create(campaign=campaign, held_percent=held, seed="seed", days=90, **fields)
    return campaign, audience, contacts


def test_the_lot_follows_from_the_seed_and_stays():
    _campaign, audience, contacts = crowd()
    withdrawn = contacts[0]
    for given_, days in ((True, 9), (False, 5)):
        ConsentEvent.objects.create(
            contact=withdrawn, purpose="marketing", given=given_, at=NOON - days * DAY
        )
    Contact.objects.filter(pk=contacts[1].pk).update(merged_into=contacts[2])
    assert (
        audiences.draw(audience, audiences.Wish(contacts=tuple(one.pk for one in contacts[:30])), NOON) == 28
    )
    first = dict(AudienceMember.objects.values_list("contact", "held"))
    assert first == {one.pk: naive_lot(audience, one) for one in contacts[2:30]}
    assert audience.drawn_on == TODAY
    assert audiences.draw(audience, audiences.Wish(), NOON + DAY) == 30
    assert Audience.objects.get().drawn_on == TODAY
    now = dict(AudienceMember.objects.values_list("contact", "held"))
    assert {contact: now[contact] for contact in first} == first
    assert 5 < sum(now.values()) < 30
    assert audiences.counts(audience) == {"held": sum(now.values()), "reached": 58 - sum(now.values())}


def test_whom_to_draw_can_be_narrowed():
    segment, region = make.segment("large"), make.region()
    customer, prospect = make.company(segment=segment), make.company(segment=segment, region=region)
    win(company=customer)
    buyer, other = make.contact(company=customer), make.contact(company=prospect)
    for wish, expected in (
        (audiences.Wish(customers="customers"), {buyer.pk}),
        (audiences.Wish(customers="others", segment=segment.pk), {other.pk}),
        (audiences.Wish(regions=(region.pk,)), {other.pk}),
    ):
        audience = Audience.objects.create(campaign=make.campaign(), held_percent=0)
        audiences.draw(audience, wish, NOON)
        assert set(audience.members.values_list("contact", flat=True)) == expected


def test_nobody_held_out_is_listed_exported_or_mailed(client, cast):
    campaign, audience, contacts = crowd()
    audiences.draw(audience, audiences.Wish(), NOON)
    held = set(audience.members.filter(held=True).values_list("contact", flat=True))
    gone = next(one for one in contacts if one.pk not in held)
    ConsentEvent.objects.create(contact=gone, purpose="marketing", given=False, at=NOON)
    reached = {one.full_name for one in contacts if one.pk not in held and one.pk != gone.pk}
    client.force_login(cast.marketer)
    rows = read_csv(client.get(f"/campaigns/{campaign.pk}/audience/?format=csv"))
    assert {row[0] for row in rows[1:]} == reached
    assert client.get(f"/campaigns/{campaign.pk}/audience/").status_code == 200
    _, body = Api(cast.marketer).get(f"/reports/effects/{campaign.pk}/audience/")
    assert {one["full_name"] for one in body["results"]} == reached
    for contact in contacts:
        make.lead(contact=contact, campaign=campaign)
    link = TrackingLink.objects.create(campaign=campaign, name="l", target="https://example.com/")
    assert {name for name, _email, _key in links.personal(link, NOON)} == {*reached, gone.full_name}
    client.force_login(cast.rep)
    assert client.get(f"/campaigns/{campaign.pk}/audience/?format=csv").status_code == 403


# -- lift ------------------------------------------------------------------------------------------------
def test_the_lift_is_that_of_a_naive_count():
    campaign, audience, contacts = crowd(40, held=50)
    audiences.draw(audience, audiences.Wish(), NOON)
    held = dict(audience.members.values_list("contact", "held"))
    expected = {True: [0, 0, 0, 0], False: [0, 0, 0, 0]}  # people, leads, sqls, won
    revenue = {True: Decimal(), False: Decimal()}
    for at, contact in enumerate(contacts):
        side = held[contact.pk]
        expected[side][0] += 1
        if at % 3 == 0:
            lead = make.lead(at=NOON + DAY, contact=contact)
            expected[side][1] += 1
            if at % 2 == 0:
                Lead.objects.filter(pk=lead.pk).update(sql_at=NOON + 2 * DAY)
                expected[side][2] += 1
        if at % 4 == 0:
            win(100 + at, [contact], signed_on=TODAY + 5 * DAY)
            expected[side][3] += 1
            revenue[side] += 100 + at
    make.lead(at=NOON - 9 * DAY, contact=contacts[1])  # before the draw
    win(999, [contacts[1]], signed_on=TODAY + 91 * DAY)  # after its days
    make.lead(at=NOON + DAY, contact=contacts[2], is_test=True)
    shared = win(10, [contacts[4], contacts[5]], signed_on=TODAY + DAY)
    for contact in (contacts[4], contacts[5]):
        revenue[held[contact.pk]] += 5
    expected[held[contacts[5].pk]][3] += 1
    late = make.contact()
    Contact.objects.filter(pk=late.pk).update(merged_into=contacts[4])
    DealContact.objects.create(deal=shared, contact=late)
    spend(campaign, 70, month=TODAY.replace(day=1))
    spend(campaign, 900, month=(TODAY - 40 * DAY).replace(day=1))  # brought nothing that is counted here
    roll_all()
    found = lift.lift(audience, midnight, TODAY)
    for side, arm in ((False, found.reached), (True, found.held)):
        assert [arm.people, arm.leads, arm.sqls, arm.won] == expected[side]
        assert arm.revenue == revenue[side]
    assert (found.spend, found.over) == (70, False)
    assert lift.lift(audience, midnight, TODAY + 90 * DAY).over is True


def test_nothing_is_proven_before_its_days_are_over():
    reached, held = (
        Arm(3_275, leads=10, won=1, revenue=Decimal(9), squares=Decimal(81)),
        Arm(371, leads=20, won=90),
    )
    for over, words, tone in ((False, "still runs", ""), (True, "proven: fewer", "bad")):
        found = Lift(reached, held, Decimal(1), over=over)
        leads = effects.lift_table(found).rows[0]
        assert (leads["proof"], leads["tone"]) == (words, tone)
        assert effects.lift_verdict(found)[0] == ("" if not over else "warn")
        assert ("not over yet" in effects.lift_verdict(found)[1]) == (not over)


# -- the page and the API --------------------------------------------------------------------------------
def test_a_campaign_is_measured_drawn_and_told(client, cast):
    campaign = make.campaign()
    for _one in range(30):
        make.contact()
    client.force_login(cast.marketer)
    url = f"/campaigns/{campaign.pk}/effect/"
    assert (
        url not in client.get(f"/campaigns/{campaign.pk}/return/").content.decode()
    )  # level 2, and nothing is measured
    assert "Hold a share of the audience out by lot" in client.get(url).content.decode()
    assert client.post(url, {"held_percent": "60", "days": "90"}).status_code == 422
    client.post(url, {"held_percent": "40", "days": "90", "baseline": ""})
    client.post(f"{url}draw/", {"customers": ""})
    audience = Audience.objects.get()
    assert (audience.created_by, audience.members.count()) == (cast.marketer, 30)
    client.post(url, {"held_percent": "5", "days": "30", "baseline": ""})
    assert (Audience.objects.get().held_percent, Audience.objects.get().days) == (40, 30)
    page = client.get(url).content.decode()
    for words in ("nothing is proven before", "Lift", "Incremental ROI", "still runs"):
        assert words in page
    today = Audience.objects.get().drawn_on
    Audience.objects.update(drawn_on=today - 31 * DAY)
    page = client.get(url).content.decode()
    for words in ("Nothing can be told yet.", "Lift", "Incremental ROI", "covers 0"):
        assert words in page
    panel = client.get(f"/campaigns/{campaign.pk}/return/").content.decode()
    assert panel.index("Incremental ROI") < panel.index("Nothing spent and nothing earned yet")
    organisation.current()
    assert queries(client, url) <= 12 + 2
    Audience.objects.update(drawn_on=None, baseline="season")
    page = client.get(url).content.decode()
    assert "A baseline is weaker evidence" in page
    type(campaign).objects.update(starts_on=date(2024, 3, 1))
    assert "This baseline cannot tell" in client.get(url).content.decode()
    body = Api(cast.marketer).get(f"/reports/effects/{campaign.pk}/")[1]
    assert (body["evidence"], body["why"], body["left_out"] > 12) == ("season", "season", True)
    win(5, signed_on=date(2023, 5, 9))
    roll_all()
    assert "months of the campaign are left out: a year before them" in client.get(url).content.decode()
    client.force_login(cast.finance)
    assert client.get(url).status_code == 200
    assert client.post(f"{url}draw/", {}).status_code == 403
    client.force_login(cast.rep)
    assert client.get(url).status_code == 403


def test_the_effect_in_the_api(cast):
    campaign = make.campaign()
    people = [make.contact().pk for _one in range(20)]
    api, path = Api(cast.marketer), f"/reports/effects/{campaign.pk}/"
    body = api.get(path)[1]  # as the page: nothing measures it yet
    assert (body["evidence"], body["drawn_on"], body["counts"], body["lift"]) == ("", None, {}, {})
    assert Decimal(body["spend"]) == 0
    spend(campaign, 70)
    roll_all()
    assert Decimal(api.get(path)[1]["spend"]) == 70
    answer = api.client.get("/api/v1/reports/effects/0/", headers={"accept-language": "zh-hans"})
    assert (answer.status_code, "matches" in answer.content.decode()) == (404, False)
    answer = api.client.get("/api/v1/reports/months/?from=May", headers={"accept-language": "zh-hans"})
    assert answer.json()["detail"] == "月份的写法为 2026-11。"
    put = {"held_percent": 50, "days": 60}
    status, body = api._send(api.client.put, path, put, {})
    assert (status, body["evidence"], body["held_percent"]) == (200, "", 50)
    status, body = api.post(path, {"contacts": people[:12]})
    assert (status, body["added"], body["reached"] + body["held"]) == (200, 12, 12)
    assert api._send(api.client.put, path, put | {"held_percent": 10}, {})[0] == 400
    _, body = api.get(path)
    assert (body["evidence"], body["reached"]["people"] + body["held"]["people"]) == ("lot", 12)
    assert body["lift"]["won"]["sure"] is False
    assert api.post(path, {"segment": 999_999})[0] == 400
    for who in (cast.finance, cast.rep):
        assert Api(who).post(path, {})[0] == 403
    assert timedelta(days=Audience.objects.get().days) == timedelta(60)


def test_days_of_a_lot_that_are_over_stay(client, cast):
    """Nobody chooses how to measure once the result is known."""
    campaign, today = make.campaign(), organisation.today(timezone.now())
    audience = Audience.objects.create(campaign=campaign, held_percent=20, days=30, drawn_on=today - 29 * DAY)
    wish = {"days": 40, "baseline": ""}
    api, at = Api(cast.marketing_head), f"/reports/effects/{campaign.pk}/"
    status, _told = api._send(api.client.put, at, wish, {})
    audience.refresh_from_db()
    assert (status, audience.days) == (200, 40)
    Audience.objects.update(drawn_on=today - 40 * DAY)
    status, problem = api._send(api.client.put, at, wish | {"days": 90}, {})
    assert (status, set(problem["errors"])) == (400, {"days"})
    assert api._send(api.client.put, at, wish | {"baseline": "season"}, {})[0] == 200
    client.force_login(cast.marketing_head)
    assert 'name="days"' not in client.get(f"/campaigns/{campaign.pk}/effect/").content.decode()
