"""What sales says of a campaign: acceptance against a naive count, reasons, words, and who is silent."""

from datetime import timedelta

import pytest

from leads import assignment, handoffs, verdict
from leads.capture import log_touch
from leads.models import Handoff, Lead, ReturnReason
from tests import cast as make
from tests.cast import NOON
from tests.leads.ready import offered, ready, rep
from tests.pages import queries, same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(cast):
    return make.campaign("Fair")


def returned(one, code="no_budget", note="Next year"):
    handoff = offered(one)
    reason = ReturnReason.objects.filter(code=code).first() or ReturnReason.objects.order_by("position")[0]
    handoffs.return_lead(handoff.pk, by=handoff.rep, reason=reason, note=note, at=NOON + timedelta(hours=1))
    return reason


def accepted(one):
    handoff = offered(one)
    handoffs.accept(handoff.pk, by=handoff.rep, at=NOON)
    return handoff


def naive(campaign):
    """(answered, accepted, waiting) by walking each lead."""
    final = {}
    waiting = 0
    for one in Handoff.objects.filter(lead__campaign=campaign, lead__is_test=False).order_by("pk"):
        if one.accepted_at:
            final[one.lead_id] = True
        elif one.end in ("returned", "expired"):
            final[one.lead_id] = False
        elif not one.end:
            waiting += 1
    return len(final), sum(final.values()), waiting


def test_the_verdict_adds_up(cast, fair):
    by = cast.marketer
    seller = rep("seller", capacity=50)
    taken = [ready(by=by, campaign=fair) for _one in range(3)]
    back, open_one, foreign = ready(by=by, campaign=fair), ready(by=by, campaign=fair), ready(by=by)
    ready(by=by, campaign=fair, is_test=True)
    first = [accepted(one) for one in taken]
    reason = returned(back)
    offered(open_one)
    returned(foreign)
    log_touch(taken[0].contact, "call", by=seller, at=NOON + timedelta(hours=2), outbound=True, reached=True,
              note="Wants a demo")  # fmt: skip
    at = NOON + timedelta(days=9)
    said = verdict.of_campaign(fair, at)
    assert (said.answered, said.accepted, said.waiting) == naive(fair) == (4, 3, 1)
    assert said.acceptance == 0.75
    assert [(why.name, why.count, why.share) for why in said.reasons] == [(str(reason), 1, 1.0)]
    assert [(note.text, note.returned) for note in said.notes] == [
        ("Wants a demo", False),
        ("Next year", True),
    ]
    late = Handoff.objects.filter(pk__in=[one.pk for one in first], contacted_at=None, contact_due_at__lt=at)
    assert sum(one.count for one in said.silent) == late.count() == 2


def test_a_lead_that_was_returned_and_then_taken_counts_as_taken(cast, fair):
    rep("seller", capacity=50)
    one = ready(by=cast.marketer, campaign=fair)
    handoff = offered(one)
    Handoff.objects.filter(pk=handoff.pk).update(ended_at=NOON, end="expired")
    one.__class__.objects.filter(pk=one.pk).update(route_at=NOON)
    assignment.assign_due(at=NOON)
    accepted_one = Handoff.objects.open().get(lead=one)
    handoffs.accept(accepted_one.pk, by=accepted_one.rep, at=NOON)
    said = verdict.of_campaign(fair, NOON)
    assert (said.answered, said.accepted, said.waiting) == naive(fair) == (1, 1, 0)


@pytest.mark.parametrize("answer", ["", "expired", "returned"])
def test_a_farmers_answer_is_none_to_the_campaign(cast, fair, answer):
    one = ready(by=cast.marketer, campaign=fair)
    handoff = accepted(one)
    Handoff.objects.filter(pk=handoff.pk).update(ended_at=NOON, end="finished")
    fields = {"kind": "farmer", "agreement": handoff.agreement, "offered_at": NOON, "rep": cast.other_rep}
    if answer:
        fields |= {"end": answer, "ended_at": NOON, "reason": ReturnReason.objects.first()}
    Handoff.objects.create(lead=one, **fields)
    said = verdict.of_campaign(fair, NOON)
    assert (said.answered, said.accepted, said.waiting) == (1, 1, 0)
    became = verdict.became(Lead.objects.all()).values_list("rep", "accepted_at", "end").get()
    assert became == (handoff.rep.full_name, NOON, "finished")


def test_what_became_of_each_lead(client, cast, fair):
    rep("seller", capacity=50)
    client.force_login(cast.marketer)
    new, back, won = (
        make.lead(campaign=fair),
        ready(by=cast.marketer, campaign=fair),
        ready(by=cast.marketer, campaign=fair),
    )
    returned(back)
    accepted(won)
    path = f"/campaigns/{fair.pk}/became/"
    rows = {row["id"]: row["answer"] for row in client.get(path).context["table"].rows}
    assert rows == {new.pk: "Not offered yet", back.pk: "Returned", won.pk: "Accepted"}
    for answer, expected in (
        ("never", {new.pk}),
        ("returned", {back.pk}),
        ("accepted", {won.pk}),
        ("waiting", set()),
    ):
        shown = client.get(path, {"answer": answer}).context["table"].rows
        assert {row["id"] for row in shown} == expected
    same_queries(client, path, lambda: make.lead(campaign=fair))
    assert queries(client, f"/campaigns/{fair.pk}/said/") <= 9
    client.force_login(cast.rep)
    mine = Lead.objects.visible_to(cast.rep).filter(campaign=fair).values_list("pk", flat=True)
    assert {row["id"] for row in client.get(path).context["table"].rows} == set(mine)


def test_a_campaign_without_offers_says_what_to_do_next(client, cast, fair):
    client.force_login(cast.marketer)
    page = client.get(f"/campaigns/{fair.pk}/said/").content.decode()
    assert f"/desk/?campaign={fair.pk}" in page
