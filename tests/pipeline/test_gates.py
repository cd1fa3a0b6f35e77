"""What a deal stage asks before a deal may come there: each thing of the vocabulary, the page, the API, who lets pass."""

from datetime import timedelta

import pytest

from leads import closing
from pipeline import gates
from pipeline.forms.stages import StageForm
from pipeline.models import (
    Attachment,
    CustomField,
    Deal,
    DealChange,
    DealContact,
    DealLine,
    DealStage,
    OutcomeReason,
    Product,
    Step,
)
from tests import cast as make
from tests.api import Api
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages():
    return list(DealStage.objects.open())


@pytest.fixture
def own():
    return CustomField.objects.create(on="deal", code="erp", name="ERP")


def give(deal, name):
    """The deal gets what is asked by this name."""
    made = {
        "decides": lambda: DealContact.objects.create(deal=deal, contact=make.contact(), role="decides"),
        "lines": lambda: DealLine.objects.create(deal=deal, product=product(), unit_price=1),
        "step": lambda: Step.objects.create(what="x", deal=deal, owner=deal.owner, due_at=NOON),
        "close": lambda: Deal.objects.filter(pk=deal.pk).update(expected_close=NOON.date()),
        "amount": lambda: Deal.objects.filter(pk=deal.pk).update(amount=5),
        "company": lambda: Deal.objects.filter(pk=deal.pk).update(company=make.company()),
        "product": lambda: Deal.objects.filter(pk=deal.pk).update(product=product()),
        "file": lambda: Attachment.objects.create(deal=deal, name="offer.pdf", file="x"),
        "field:erp": lambda: Deal.objects.filter(pk=deal.pk).update(attributes={"erp": "SAP"}),
    }
    made[name]()


def product():
    return Product.objects.get_or_create(name="Line", code="line")[0]


def lacks(deal, stage):
    return [str(what) for what, _where in gates.lacking(Deal.objects.get(pk=deal.pk), stage)]


def test_each_thing_is_missed_until_it_is_there(cast, stages, own):
    assert set(gates.vocabulary()) == {*gates.ASKS, "field:erp"}
    for name in gates.vocabulary():
        deal, other = make.deal(owner=cast.rep), make.deal(owner=cast.rep)
        stages[1].asks = [name]
        assert len(lacks(deal, stages[1])) == 1, name
        give(deal, name)
        assert (lacks(deal, stages[1]), len(lacks(other, stages[1]))) == ([], 1), name


def test_what_is_there_and_does_not_count(cast, stages, own):
    deal = make.deal(owner=cast.rep, amount=0, attributes={"erp": ""})
    DealContact.objects.create(deal=deal, contact=make.contact(), role="uses")
    Step.objects.create(what="x", deal=deal, owner=cast.rep, due_at=NOON, done_at=NOON)
    stages[1].asks = ["decides", "step", "amount", "field:erp", "field:gone"]
    assert len(lacks(deal, stages[1])) == 4  # nothing is asked of a field that is gone
    CustomField.objects.update(active=False)
    assert len(lacks(deal, stages[1])) == 3


def test_a_move_is_refused_until_nothing_is_missing_and_going_back_asks_nothing(cast, stages):
    DealStage.objects.filter(pk__in=[one.pk for one in stages]).update(asks=["decides", "amount"])
    first, second, *_rest = DealStage.objects.open()
    deal = make.deal(owner=cast.rep, stage=first)
    with pytest.raises(
        closing.Stopped, match="somebody who decides is known, the amount is more than nothing"
    ):
        closing.move(deal, second, by=cast.rep, at=NOON)
    closing.move(deal, first, by=cast.rep, at=NOON)  # where it stands
    give(deal, "decides")
    give(deal, "amount")
    assert closing.move(deal, second, by=cast.rep, at=NOON).stage == second
    DealContact.objects.all().delete()
    assert closing.move(deal, first, by=cast.rep, at=NOON).stage == first


def test_who_leaps_over_a_gate_passes_it(cast, stages):
    first, second, third, *_rest = DealStage.objects.open()
    DealStage.objects.filter(pk=second.pk).update(asks=["lines", "close"])
    DealStage.objects.filter(pk=third.pk).update(asks=["close", "file"])
    deal = make.deal(owner=cast.rep, stage=first, expected_close=None)
    third.refresh_from_db()
    assert [name for name in gates.ASKS if str(gates.ASKS[name][0]) in lacks(deal, third)] == [
        "lines",
        "close",
        "file",
    ]
    assert len(lacks(deal, third)) == 3
    Deal.objects.filter(pk=deal.pk).update(stage=second)  # as a head let it pass
    assert len(lacks(deal, third)) == 2
    assert lacks(deal, first) == []


def test_a_head_of_sales_lets_it_pass_with_a_sentence_that_stays(client, cast, stages):
    DealStage.objects.filter(pk=stages[1].pk).update(asks=["lines"])
    deal = make.deal(owner=cast.rep)
    sent = {"stage": stages[1].code, "passing": "The price list is being redone"}
    gate = f"/deals/{deal.pk}/gate/?stage={stages[1].code}"
    client.force_login(cast.rep)
    assert client.post(f"/deals/{deal.pk}/move/", sent).url == gate  # the sentence is not a rep's to say
    page = client.get(gate).content.decode()
    assert f'href="/deals/{deal.pk}/#lines"' in page
    assert "passing" not in page
    board = client.post(f"/deals/{deal.pk}/move/", {"stage": stages[1].code}, headers={"hx-request": "true"})
    assert board.headers["HX-Redirect"] == gate
    client.force_login(cast.sales_head)
    assert 'name="passing"' in client.get(gate).content.decode()
    assert client.post(f"/deals/{deal.pk}/move/", sent).status_code == 302
    deal.refresh_from_db()
    change = DealChange.objects.get(deal=deal, field="stage")
    assert (deal.stage, change.reason, change.actor) == (stages[1], sent["passing"], cast.sales_head)


def test_the_api_answers_409_with_the_names(cast, stages):
    DealStage.objects.filter(pk=stages[1].pk).update(asks=["lines", "close"])
    deal = make.deal(owner=cast.rep)
    path, move = f"/deals/{deal.pk}/move/", {"stage": stages[1].code}
    status, body = Api(cast.rep).post(path, move)
    assert (status, "product lines, the day of expected close" in str(body)) == (409, True)
    assert Api(cast.rep).post(path, {**move, "passing": "x"})[0] == 403
    assert Api(cast.sales_head).post(path, {**move, "passing": "x"})[0] == 200


def test_the_form_tells_how_many_open_deals_would_stop(cast, stages):
    first, second, third, *_rest = stages
    for stage in (first, first, second, third):
        make.deal(owner=cast.rep, stage=stage)
    give(Deal.objects.filter(stage=first)[0], "amount")
    make.deal(owner=cast.rep, stage=first, outcome="lost", closed_at=NOON + timedelta(days=1))
    lack, n = gates.would_stop(third.position)
    assert (n, lack["amount"], lack["lines"]) == (3, 2, 3)
    assert gates.would_stop()[1] == 4
    labels = dict(StageForm(instance=third).fields["asks"].choices)
    assert labels["amount"] == "the amount is more than nothing (would stop 2 of 3 open deals)"
    api = Api(cast.admin)
    status, body = api.patch(f"/stages/{third.pk}/", {"asks": ["lines", "amount"]})
    assert (status, body["asks"]) == (200, ["lines", "amount"])
    assert api.patch(f"/stages/{third.pk}/", {"asks": ["weather"]})[0] == 400
    lost = StageForm(instance=DealStage.objects.get(outcome="lost")).fields["asks"]
    assert dict(lost.choices)["amount"] == "the amount is more than nothing (would stop 3 of 4 open deals)"
    assert "step" not in dict(lost.choices)


@pytest.fixture
def ends():
    """What a deal is won with, and what it is lost with."""
    reasons = {one.outcome: one for one in OutcomeReason.objects.order_by("-pk")}
    return {"reason": reasons["won"], "signed_on": NOON.date()}, {"reason": reasons["lost"]}


def test_a_win_asks_what_the_stages_on_the_way_ask_and_no_next_step(cast, ends):
    first, _second, third, *_rest = DealStage.objects.open()
    DealStage.objects.filter(pk=first.pk).update(asks=["company"])
    DealStage.objects.filter(pk=third.pk).update(asks=["lines", "step"])
    won = DealStage.objects.get(outcome="won")
    won.asks = ["file"]
    won.save()
    deal = make.deal(owner=cast.rep, stage=first, amount=5)
    with pytest.raises(closing.Stopped, match="Before “Won”: the deal has product lines, a file is attached"):
        closing.win(deal, **ends[0], by=cast.rep, at=NOON)
    give(deal, "lines")
    give(deal, "file")
    assert closing.win(deal, **ends[0], by=cast.rep, at=NOON).outcome == "won"
    late = make.deal(owner=cast.rep, stage=DealStage.objects.open().last(), amount=5)
    assert lacks(late, won) == ["a file is attached"]  # it has passed the third


def test_a_loss_asks_its_own_and_the_house_ends_without_being_asked(cast, ends, stages):
    DealStage.objects.filter(pk=stages[1].pk).update(asks=["lines"])
    DealStage.objects.filter(outcome="lost").update(asks=["company", "step"])
    deal, other = make.deal(owner=cast.rep), make.deal(owner=cast.rep)
    with pytest.raises(closing.Stopped, match=r"Before “Lost”: the company is known\.$"):
        closing.lose(deal, **ends[1], by=cast.rep, at=NOON)
    assert closing.lose(other, **ends[1], by=cast.rep, at=NOON, asked=False).outcome == "lost"
    give(deal, "company")
    assert closing.lose(deal, **ends[1], by=cast.rep, at=NOON).outcome == "lost"


def test_the_pages_and_the_api_of_a_win_tell_what_is_lacking_and_a_head_lets_it_pass(
    client, cast, ends, stages
):
    DealStage.objects.filter(pk=stages[1].pk).update(asks=["lines"])
    deal, other = make.deal(owner=cast.rep, amount=5), make.deal(owner=cast.rep, amount=5)
    sent = {"reason": ends[0]["reason"].pk, "signed_on": "2026-01-15", "passing": "Signed at the fair"}
    win = f"/deals/{deal.pk}/win/"
    client.force_login(cast.rep)
    page = client.get(win).content.decode()
    assert (f'href="/deals/{deal.pk}/#lines"' in page, "passing" in page) == (True, False)
    assert client.post(win, sent).status_code == 422  # the sentence is not a rep's to say
    client.force_login(cast.sales_head)
    assert client.post(win, {**sent, "passing": ""}).status_code == 422
    assert client.post(win, sent).status_code == 302
    change = DealChange.objects.get(deal=deal, field="stage")
    assert change.reason == f"{ends[0]['reason'].name} · Signed at the fair"
    said = {"reason": ends[0]["reason"].code, "signed_on": "2026-01-15"}
    path = f"/deals/{other.pk}/win/"
    assert Api(cast.rep).post(path, said)[0] == 409
    assert Api(cast.rep).post(path, {**said, "passing": "x"})[0] == 403
    assert Api(cast.sales_head).post(path, {**said, "passing": "x"})[0] == 200
