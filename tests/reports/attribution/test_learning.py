"""The Markov model, learned from the funnel's own closed deals; and the model that finance locks."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from accounts import organisation
from accounts.models import Organisation
from pipeline.models import Deal, DealStage
from reports import locks
from reports.attribution import learning
from reports.attribution.markov import removal_effects
from reports.attribution.paths import Path
from reports.choice import axes, parse
from reports.models import ChannelWeight, DirtyKey, ModelLock
from reports.months import closing
from reports.rollups import roll_all
from reports.rounds.telling import year_name
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.reports.attribution.test_credits import DAY, credits, win

pytestmark = pytest.mark.django_db


def closed(*channels, lost=False):
    """A deal won (or lost) on these touches."""
    contact = make.contact()
    for days, channel in enumerate(reversed(channels), 1):
        make.touch(contact, NOON - days * DAY, channel=channel)
    deal = win("100", [contact])
    if lost:
        stage = DealStage.objects.get(outcome="lost")
        Deal.objects.filter(pk=deal.pk).update(outcome="lost", stage=stage, signed_on=None, closed_at=NOON)
    return deal


def weights():
    """{channel: removal effect} as learned."""
    return {one.channel: float(one.removal) for one in ChannelWeight.objects.all()}


def test_removal_effects_are_learned_from_won_and_lost_deals_and_credit_each_path():
    closed("sem"), closed("sem"), closed("webinar")
    both = closed("sem", "webinar")
    closed("sem", lost=True)
    assert [amount for _touch, amount in credits(both, "markov")] == [50, 50]  # nothing is learned yet
    assert learning.learn() == 2
    assert weights() == pytest.approx({"sem": 0.75, "webinar": 0.5})
    assert [amount for _touch, amount in credits(both, "markov")] == [60, 40]
    assert learning.learn() == 0
    assert not DirtyKey.objects.exists()
    closed("webinar", lost=True)
    out = StringIO()
    call_command("rollup", "--learn", stdout=out)
    assert "Channels whose weights were learned: 2" in out.getvalue()
    assert weights()["sem"] < 0.75


def test_the_house_chooses_how_far_back_the_chain_looks():
    """Bought after email then sem, never after sem then email: order 1 cannot tell them apart, orders 2 and 3 can."""
    paths = [("email", "sem"), ("email", "sem"), ("webinar",)]
    lost = [("sem", "email"), ("sem",), ("webinar", "sem")]
    for path in paths:
        closed(*path)
    for path in lost:
        closed(*path, lost=True)
    table = [Path(path, 1, nulls=0) for path in paths] + [Path(path, 0, nulls=1) for path in lost]
    learning.learn()
    for order in (2, 3, 1):
        Organisation.objects.update(markov_order=order)
        learning.learn_due()
        wanted = {
            name: effect for name, effect in removal_effects(table, order).removal.items() if effect > 1e-6
        }
        assert weights() == pytest.approx(wanted)
        assert {one.order for one in ChannelWeight.objects.all()} == {order}
        assert learning.learn_due() == 0
    assert removal_effects(table, 1).removal != pytest.approx(removal_effects(table, 2).removal)


def test_a_channel_that_nothing_is_learned_of_earns_beside_none_that_is_known():
    closed("sem"), closed("sem", lost=True)
    learning.learn()
    assert [amount for _touch, amount in credits(closed("email"), "markov")] == [100]
    mixed = closed("email", "sem")
    assert [amount for _touch, amount in credits(mixed, "markov")] == [100]


def test_finance_locks_the_model_of_a_fiscal_year(client, cast):
    Organisation.objects.update(fiscal_year_start=4, level=3)
    organisation.forget()
    client.force_login(cast.finance)
    for wrong in ({"model": "luck"}, {"year": "1900-01-01"}):
        form = {"model": "first", "year": "2026-06-10", **wrong}
        assert client.post("/dashboard/models/lock/", form).status_code == 422
    stood = "/dashboard/models/?period=last_quarter&model=linear&channel=sem&measure=credited"
    action = client.get(stood).context["lock_query"]
    answer = client.post(
        f"/dashboard/models/lock/?{action}", {"model": "first", "year": "2026-06-10"}, follow=True
    )
    assert answer.redirect_chain == [(stood, 302)]
    assert "The model is locked for this year." in answer.content.decode()
    (lock,) = ModelLock.objects.all()
    assert (lock.starts_on, lock.model, lock.locked_by) == (date(2026, 4, 1), "first", cast.finance)
    assert parse({}, axes(), NOON).model == "first"
    assert parse({"model": "last"}, axes(), NOON).model == "last"
    assert parse({"from": "2026-01", "to": "2026-03"}, axes(), NOON).model == "linear"
    client.post("/dashboard/models/lock/", {"model": "linear", "year": "2026-04-01"})
    assert parse({}, axes(), NOON).locked == "linear"
    client.post("/dashboard/models/lock/", {"model": "linear", "year": "2026-04-01", "unlock": "1"})
    assert not ModelLock.objects.exists()
    for user in (cast.marketer, cast.rep, cast.manager):
        client.force_login(user)
        assert (
            client.post("/dashboard/models/lock/", {"model": "first", "year": "2026-04-01"}).status_code
            == 403
        )


def test_a_lock_holds_for_its_months_when_the_fiscal_year_moves(client, cast):
    Organisation.objects.update(fiscal_year_start=1, level=3)
    organisation.forget()
    locks.lock("first", date(2026, 6, 1), cast.finance, NOON)
    client.force_login(cast.admin)
    Organisation.objects.update(fiscal_year_start=4)
    organisation.forget()
    months = {
        month: parse({"from": month, "to": month}, axes(), NOON).model
        for month in ("2025-12", "2026-01", "2026-06")
    }
    assert months == {"2025-12": "linear", "2026-01": "first", "2026-06": "first"}
    assert [closing.model_of(date(2026, month, 1)) for month in (3, 6)] == ["first", "first"]
    page = client.get("/dashboard/?from=2026-06&to=2026-06").content.decode()
    assert f"First touch is locked for {year_name(date(2026, 1, 1))}, the fiscal year of then." in page
    locks.lock(
        "u", date(2026, 6, 1), cast.finance, NOON
    )  # of the year as it is now: for its months that one gives way
    assert parse({"from": "2026-06", "to": "2026-06"}, axes(), NOON).model == "u"
    assert parse({"from": "2026-03", "to": "2026-03"}, axes(), NOON).model == "first"
    Organisation.objects.update(fiscal_year_start=1)
    organisation.forget()
    locks.lock("last", date(2026, 6, 1), cast.finance, NOON)
    assert list(ModelLock.objects.values_list("starts_on", "model")) == [(date(2026, 1, 1), "last")]
    assert (locks.unlock(date(2026, 12, 31)), ModelLock.objects.count()) == (1, 0)


def test_a_locked_model_is_said_on_the_page_and_whoever_looks_at_another_is_told(client, cast):
    locks.lock("first", organisation.today(make.NOON.now(make.NOON.tzinfo)), cast.finance, NOON)
    client.force_login(cast.finance)
    assert "First touch is locked for this fiscal year." in client.get("/dashboard/").content.decode()
    page = client.get("/dashboard/?model=last").content.decode()
    assert "Not the official figures: First touch is locked" in page


def test_models_and_locks_in_the_api(cast):
    closed("sem", "webinar")
    roll_all()
    _, body = Api(cast.finance).get("/reports/models/", period="all", measure="credited")
    assert {one["channel"]: one["models"]["first"] for one in body["channels"]} == {
        "sem": "1",
        "webinar": None,
    }
    assert (body["locked"], body["measure"], body["campaigns"]) == (None, "credited", [])
    api = Api(cast.finance)
    put = {"starts_on": "2026-06-10", "model": "shapley"}
    answer = api._send(api.client.put, "/reports/locks/", put, {})
    assert answer == (200, [{"starts_on": "2026-01-01", "model": "shapley"}])
    assert api._send(api.client.put, "/reports/locks/", put | {"model": None}, {}) == (200, [])
    rep = Api(cast.rep)
    assert rep.get("/reports/models/")[0] == 403
    assert rep._send(rep.client.put, "/reports/locks/", put, {})[0] == 403
