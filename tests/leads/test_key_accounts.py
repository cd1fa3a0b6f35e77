"""Key accounts: their leads are their owners', their sellers are left out of the turns, and who works for them is told."""

from datetime import timedelta
from random import Random

import pytest
from django.apps import apps

from accounts.models import Absence, RepKind, RepProfile
from leads import assignment, because, briefing, closing, consulting, handoffs, ownership, pool
from leads.models import Agreement, AssignmentRule, Handoff, HandoverRule, Lead, ReturnReason
from pipeline.models import AccountPerson, Company, OutcomeReason
from pipeline.stages import Stage
from tests import cast as make
from tests.api import Api
from tests.cast import NOON, company, contact, lead, region, segment
from tests.leads.ready import accepted, fresh, offered, ready, rep
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def day_and_night(db):
    Agreement.objects.update(around_the_clock=True)
    yield
    assert ownership.recount() == []


@pytest.fixture
def seller(cast):
    return rep("seller", kind=RepKind.KEY, team=cast.rep.team)


@pytest.fixture
def firm(seller):
    return company("Key AG", key_account=True, sales_owner=seller)


def asks(cast, firm, **fields):
    return ready(by=cast.marketer, contact=contact(company=firm), **fields)


def run_out(handoff):
    at = handoff.answer_due_at + timedelta(seconds=1)
    handoffs.expire_due(at=at)
    return at


# -- to whom ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("fate", "grade"), [("returned", "B"), ("run out", "A"), ("run out", "D")])
def test_it_goes_to_the_owner_then_to_the_heads_and_never_to_the_pool(cast, seller, firm, fate, grade):
    RepProfile.objects.filter(user=seller).update(accepting=False, capacity=0, cap_ceiling=0)
    one, at, asked = asks(cast, firm, grade=grade), NOON, []
    for _ in range(4):
        handoff = offered(one, at)
        asked.append((handoff.rep, handoff.because))
        if fate == "returned" and len(asked) == 1:
            reason = ReturnReason.objects.get(code="wrong_region")
            handoffs.return_lead(handoff.pk, reason=reason, by=seller, at=at)
        else:
            at = run_out(handoff)
    assert asked == [
        (seller, because.ACCOUNT),
        (cast.manager, because.KEY_STANDS_IN),
        (cast.sales_head, because.KEY_STANDS_IN),
        (cast.sales_head, because.KEY_STANDS_IN),
    ]
    assert fresh(one).pooled_at is None


def test_without_an_owner_the_head_of_its_region_has_it(cast):
    firm = company(key_account=True, region=region("south"))
    AssignmentRule.objects.create(name="South", team=cast.other_rep.team).regions.add(region("south"))
    handoff = offered(asks(cast, firm))
    assert (handoff.rep, handoff.because) == (cast.other_manager, because.KEY_UNOWNED)
    elsewhere = offered(asks(cast, company(key_account=True)))
    assert (elsewhere.rep, elsewhere.because) == (cast.sales_head, because.KEY_UNOWNED)


def test_while_the_owner_is_absent_the_owners_head_has_it(cast, seller, firm):
    Absence.objects.create(rep=seller.rep, during=(NOON, NOON + DAY))
    handoff = offered(asks(cast, firm))
    assert (handoff.rep, handoff.because) == (cast.manager, because.KEY_STANDS_IN)


def test_where_no_head_is_there_either_it_waits_in_line(cast, seller, firm):
    type(seller).objects.filter(pk__in=[seller.pk, cast.manager.pk, cast.sales_head.pk]).update(
        is_active=False
    )
    one = asks(cast, firm)
    for hours in (0, 30, 60):
        assignment.assign_due(at=NOON + timedelta(hours=hours))
    assert not Handoff.objects.exists()
    assert (fresh(one).stage, fresh(one).pooled_at) == (Stage.READY, None)


def test_a_company_that_somebody_works_with_is_its_owners_all_the_same(cast, seller, firm):
    firm.key_account = False
    firm.save()
    Company.objects.update(sales_owner=None)
    first = offered(asks(cast, firm))
    assert first.rep != seller
    Company.objects.update(key_account=True, sales_owner=seller)
    assert offered(asks(cast, firm)).rep == seller


def test_its_sellers_are_left_out_of_the_turns_unless_a_rule_names_them(cast, seller):
    others = ready(8, by=cast.marketer)
    assignment.assign_due(at=NOON)
    holders = set(Handoff.objects.filter(lead__in=others).values_list("rep", flat=True))
    assert holders == {cast.rep.pk, cast.teammate.pk, cast.other_rep.pk}
    rule = AssignmentRule.objects.create(name="Best", channel="sem")
    rule.reps.add(seller)
    assert offered(ready(by=cast.marketer, channel="sem")).rep == seller


def test_a_run_agrees_with_a_naive_reading(cast, seller):
    chance, people = Random(114), [None, seller, cast.rep, cast.marketer]
    firms = [company(key_account=chance.random() < 0.5, sales_owner=chance.choice(people)) for _ in range(12)]
    made = {asks(cast, firm).pk: firm for firm in firms for _ in range(2)}
    placed = {one.lead_id: one.rep_id for one in assignment.simulate(list(made), NOON)}
    for pk, firm in made.items():
        if firm.key_account:
            assert placed[pk] == (firm.sales_owner or cast.sales_head).pk
        else:
            assert placed[pk] in {cast.rep.pk, cast.teammate.pk, cast.other_rep.pk, firm.sales_owner_id}


# -- not to the pool -------------------------------------------------------------------------------------
def test_what_is_lost_or_not_followed_up_sleeps_for_the_desk(cast, seller, firm):
    handoff = accepted(asks(cast, firm))
    handoffs.expire_due(at=NOON + 31 * DAY)
    one = fresh(handoff.lead)
    assert (one.stage, one.pooled_at, one.wake_at) == (Stage.NURTURE, None, NOON + 61 * DAY)
    other = accepted(asks(cast, firm))
    made = closing.open_deal(
        other.lead, by=seller, at=NOON, name="Deal", amount=100, currency="EUR",
        expected_close=NOON.date(), next_step="Call", next_step_due=NOON,
    )  # fmt: skip
    reason = OutcomeReason.objects.filter(outcome="lost", later=False).first()
    closing.lose(made, reason=reason, by=seller, at=NOON)
    assert (fresh(other.lead).pooled_at, fresh(other.lead).wake_at) == (None, NOON + 30 * DAY)


def test_what_lies_in_the_pool_leaves_it_when_its_company_is_marked_or_its_contact_comes_there(cast, firm):
    plain = company()
    line, rests = (lead(contact=contact(company=plain), stage=stage) for stage in ("ready", "nurture"))
    far = NOON + 36500 * DAY
    Lead.objects.filter(pk=line.pk).update(pooled_at=NOON)
    Lead.objects.filter(pk=rests.pk).update(pooled_at=far)
    Company.objects.filter(pk=plain.pk).update(key_account=True)
    line, rests = fresh(line), fresh(rests)
    assert (line.pooled_at, line.wake_at, line.route_at is not None) == (None, None, True)
    assert (rests.pooled_at, rests.wake_at, rests.route_at) == (None, far, None)
    mover = contact(company=company())
    moves = lead(contact=mover, stage="ready")
    Lead.objects.filter(pk=moves.pk).update(pooled_at=NOON)
    mover.company = firm
    mover.save()
    assert fresh(moves).pooled_at is None
    assert pool.put([moves.pk], NOON) == 0


def test_a_win_stays_with_its_owner(cast, seller, firm):
    rep("farmer", kind=RepKind.FARMER)
    RepProfile.objects.filter(user=seller).update(kind=RepKind.HUNTER)
    handoff = accepted(asks(cast, firm))
    Lead.objects.filter(pk=handoff.lead_id).update(stage=Stage.WON, ended_at=NOON)
    handoffs.finish([handoff.lead_id], at=NOON)
    assert fresh(handoff.lead).wake_at is None


# -- marked by whom --------------------------------------------------------------------------------------
def test_managers_and_heads_mark_it_and_its_history_is_kept(client, cast):
    one = company("Acme")
    sent = {"name": "Acme", "key_account": "on"}
    for user, marked in ((cast.rep, False), (cast.marketer, False), (cast.manager, True)):
        client.force_login(user)
        address = f"/companies/{one.pk}/edit/"
        assert ("key_account" in client.get(address).context["form"].fields) == marked
        assert client.post(address, sent).status_code == 302
        one.refresh_from_db()
        assert one.key_account == marked
    assert Api(cast.rep).patch(f"/companies/{one.pk}/", {"key_account": True})[0] == 200  # as it is
    assert Api(cast.rep).patch(f"/companies/{one.pk}/", {"key_account": False})[0] == 400
    assert Api(cast.rep).post("/companies/", {"name": "Bolt", "key_account": True})[0] == 400
    assert Api(cast.admin).patch(f"/companies/{one.pk}/", {"key_account": False})[1]["key_account"] is False
    history = apps.get_model("pipeline.CompanyEvent").objects.filter(pgh_obj=one.pk).order_by("pgh_id")
    assert [event.key_account for event in history][-1] is True


def test_the_list_and_the_api_narrow_to_them(client, cast, firm):
    company("Plain")
    client.force_login(cast.rep)
    rows = client.get("/companies/?key_account=true&columns=key_account").context["table"].rows
    assert [row["name"] for row in rows] == ["Key AG"]
    assert [row["name"] for row in Api(cast.rep).get("/companies/", key_account="true")[1]["results"]] == [
        "Key AG"
    ]


# -- who works for it ------------------------------------------------------------------------------------
def test_its_owner_names_who_works_for_it_and_page_and_briefing_tell_them(client, cast, seller, firm):
    person = contact(company=firm)
    for user, status in ((cast.other_rep, 403), (seller, 302)):
        client.force_login(user)
        sent = {"user": cast.teammate.pk, "part": "presales", "note": "speaks Polish"}
        assert client.post(f"/companies/{firm.pk}/people/", sent).status_code == status
    assert client.post(f"/companies/{firm.pk}/people/", sent).status_code == 422  # twice
    one = AccountPerson.objects.get()
    page = client.get(f"/companies/{firm.pk}/").content.decode()
    assert "speaks Polish" in page
    assert briefing.brief(person, by=seller, at=NOON).account_people == [one]
    assert "speaks Polish" in client.get(f"/contacts/{person.pk}/briefing/").content.decode()
    assert client.post(f"/companies/{firm.pk}/people/{one.pk}/remove/").status_code == 302
    assert not AccountPerson.objects.exists()


def test_the_page_costs_the_same_with_one_person_and_three(client, cast, firm):
    client.force_login(cast.manager)
    people = iter((cast.rep, cast.teammate, cast.marketer))
    same_queries(
        client,
        f"/companies/{firm.pk}/",
        lambda: AccountPerson.objects.create(company=firm, user=next(people), part="service"),
    )


def test_the_api_names_them_too(cast, seller, firm):
    told = {"company": firm.pk, "user": cast.rep.pk, "part": "service"}
    assert Api(cast.other_rep).post("/account-people/", told)[0] == 400
    assert Api(cast.finance).post("/account-people/", told)[0] == 403
    status, made = Api(seller).post("/account-people/", told)
    assert status == 201
    address = f"/account-people/{made['id']}/"
    assert Api(seller).post("/account-people/", told)[0] == 400
    assert Api(cast.manager).patch(address, {"part": "other"})[0] == 405
    rows = Api(cast.rep).get("/account-people/", company=firm.pk)[1]["results"]
    assert [row["user"] for row in rows] == [cast.rep.pk]
    assert Api(cast.rep).delete(address)[0] == 403
    assert Api(seller).delete(address)[0] == 204


# -- their say -------------------------------------------------------------------------------------------
def test_their_owners_are_proposed_for_a_campaign_that_may_touch_them(client, cast, seller, firm):
    company(key_account=True, segment=segment("smb"), sales_owner=cast.rep)
    company(key_account=True, segment=segment("big"), sales_owner=cast.teammate)
    company(segment=segment("smb"), sales_owner=cast.other_rep)
    small = make.campaign(segment=segment("smb"), region=region("north"))
    assert set(consulting.proposed(small)) == {seller, cast.rep}
    assert set(consulting.proposed(make.campaign())) == {seller, cast.rep, cast.teammate}
    client.force_login(cast.marketer)
    form = client.get(f"/campaigns/{small.pk}/word/").context["ask_form"]
    assert set(form.initial["reps"]) == {seller, cast.rep}


def test_the_table_may_give_them_to_everybody(cast, seller, firm):
    HandoverRule.objects.filter(event="key_account").update(goes_to="route")
    RepProfile.objects.filter(user=seller).delete()
    Company.objects.update(sales_owner=None)
    assert offered(asks(cast, firm)).rep in {cast.rep, cast.teammate, cast.other_rep}
