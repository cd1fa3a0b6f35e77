"""Why leads come back: by campaign, rep and score rule against a walk over every offer, and the lists behind the figures."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from leads import handoffs, returned
from leads.models import Handoff, ReturnReason, ScoreModel, ScoreRule
from tests import cast as make
from tests.api import Api
from tests.leads.ready import offered, ready, rep
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


def naive(key, handoffs):
    """{key: (answered, Counter of reasons)} by walking every offer."""
    found = {}
    for one in handoffs:
        if (
            one.kind in ("own_find", "claim")
            or one.lead.is_test
            or not (one.accepted_at or one.end in ("returned", "expired"))
        ):
            continue
        answered, reasons = found.get(key(one), (0, Counter()))
        if one.end == "returned":
            reasons[one.reason.code] += 1
        found[key(one)] = answered + 1, reasons
    return found


def told(tallies):
    return {tally.key: (tally.answered, tally.reasons) for tally in tallies}


@pytest.fixture
def world(cast):
    """Two campaigns and two reps; some take, some give back with different reasons, one waits."""
    at = timezone.now() - timedelta(days=3)
    sellers = [
        rep("seller", capacity=50, team=cast.rep.team),
        rep("closer", capacity=50, team=cast.other_rep.team),
    ]
    fairs = [make.campaign("Fair"), make.campaign("Web")]
    fates = [
        "spam",
        "wrong_product",
        "take",
        "wrong_product",
        "take",
        "no_budget",
        "test",
        "wait",
        "wrong_region",
        "late",
    ]
    for n, fate in enumerate(fates):
        person = make.contact(job_title="Student" if n % 2 else "Buyer")
        lead = ready(
            by=cast.marketer, at=at, campaign=fairs[n % 3 == 0], is_test=fate == "test", contact=person
        )
        one = offered(lead, at)
        if fate == "take":
            handoffs.accept(one.pk, by=one.rep, at=at)
        elif fate == "late":
            Handoff.objects.filter(pk=one.pk).update(ended_at=at, end="expired")
        elif fate != "wait":
            reason = ReturnReason.objects.get(code="no_budget" if fate == "test" else fate)
            handoffs.return_lead(one.pk, by=one.rep, at=at, reason=reason, note=f"because {fate}")
    return sellers, fairs


def test_the_figures_are_what_a_walk_counts(cast, world):
    at = timezone.now()
    span = at - returned.SPAN, at
    walked = list(Handoff.objects.select_related("lead__contact", "reason", "rep"))
    offers = returned.offers(*span)
    assert told(returned.tallies("campaign", offers)) == naive(lambda one: one.lead.campaign_id, walked)
    assert told(returned.tallies("rep", offers)) == naive(lambda one: one.rep_id, walked)
    model = ScoreModel.objects.get(in_force=True)
    rules = [
        ScoreRule.objects.create(model=model, field="contact.job_title", operator="is", value=title, points=1)
        for title in ("Student", "Buyer", "Nobody")
    ]
    by_rule = returned.by_rule(model, *span)
    titles = naive(lambda one: one.lead.contact.job_title, walked)
    for rule in rules:
        tally = by_rule[rule.pk]
        assert (tally.answered, tally.reasons) == titles.get(rule.value, (0, Counter()))
        behind = returned.came_back(returned.meeting(rule, offers))
        assert behind.count() == tally.returned
    whole = returned.whole(offers)
    assert (whole.answered, whole.returned) == (8, 5)
    why = whole.why(returned.names())[0]
    assert (why.code, why.name, why.count, why.share) == ("wrong_product", "Wrong product", 2, 0.4)
    assert not returned.tallies("rep", returned.offers(at - timedelta(days=1), at))


def test_pages_and_lists_behind_the_figures(client, cast, world):
    _sellers, (_fair, web) = world
    client.force_login(cast.marketer)
    model = ScoreModel.objects.get(in_force=True)
    rule = ScoreRule.objects.create(
        model=model, field="contact.job_title", operator="is", value="Student", points=1
    )
    shown = client.get(f"/scoring/{model.pk}/").content.decode()
    assert f"/handoffs/returned/?rule={rule.pk}" in shown
    listed = client.get(f"/handoffs/returned/?rule={rule.pk}").context["table"].rows
    assert {row["note"] for row in listed} == {"because wrong_product", "because no_budget"}
    assert len(client.get("/handoffs/returned/?reason=wrong_product").context["table"].rows) == 2
    assert len(client.get(f"/handoffs/returned/?span=all&campaign={web.pk}").context["table"].rows) == 2
    ranking = client.get("/handoffs/returned/campaigns/").content.decode()
    assert f"/handoffs/returned/?campaign={web.pk}" in ranking
    said = client.get(f"/campaigns/{web.pk}/said/").content.decode()
    assert f"?span=all&amp;campaign={web.pk}&amp;reason=spam" in said
    assert "50" in said
    for wrong, status in (("rule=x", 400), ("rule=9999", 404), ("reason=nothing", 404), ("rep=9999", 404)):
        assert client.get(f"/handoffs/returned/?{wrong}").status_code == status

    back = Handoff.objects.filter(end="returned", lead__is_test=False).select_related("rep").first()
    team = client.get(f"/teams/{back.rep.team_id}/returns/").content.decode()
    assert f"?rep={back.rep_id}" in team
    client.force_login(cast.other_rep if back.rep.team_id == cast.rep.team_id else cast.rep)
    assert client.get(f"/teams/{back.rep.team_id}/returns/").context["rows"] == []
    seen = {row["rep__full_name"] for row in client.get("/handoffs/returned/").context["table"].rows}
    assert back.rep.full_name not in seen
    for person in (cast.rep, cast.other_rep, cast.marketer):  # who may not dispute a return is not led to it
        client.force_login(person)
        rows = client.get("/handoffs/returned/").context["table"].rows
        links = [row["dispute_href"] for row in rows if row["dispute_words"]]
        assert {client.get(link).status_code for link in links} <= {200}
        assert links or person != cast.marketer
    client.force_login(cast.finance)
    assert client.get("/handoffs/returned/").status_code == 403


def test_the_api_tells_the_same(cast, world):
    api = Api(cast.marketing_head)
    status, body = api.get("/handoffs/returns/", by="campaign")
    at = timezone.now()
    assert status == 200
    assert body == [
        tally.as_dict() for tally in returned.tallies("campaign", returned.offers(at - returned.SPAN, at))
    ]
    model = ScoreModel.objects.get(in_force=True)
    assert [row["key"] for row in api.get("/handoffs/returns/", by="rule", model=model.pk)[1]] == [
        rule.pk for rule in model.rules.all()
    ]
    assert api.get("/handoffs/returns/", by="rule")[0] == 400
    assert api.get("/handoffs/returns/", by="weather")[0] == 400
    assert Api(cast.finance).get("/handoffs/returns/", by="rule", model=model.pk)[0] == 403
    assert Api(cast.finance).get("/handoffs/returns/", by="rep")[1] == []
    rows = api.get("/handoffs/", end="returned", reason="wrong_product")[1]["results"]
    assert {row["note"] for row in rows} == {"because wrong_product"}


def test_returns_cost_the_same_with_one_and_with_three(client, cast):
    rep("seller", capacity=50)
    client.force_login(cast.marketer)
    at = timezone.now() - timedelta(days=1)

    def one_back():
        one = offered(ready(by=cast.marketer, at=at, campaign=make.campaign()), at)
        reason = ReturnReason.objects.get(code="no_budget")
        handoffs.return_lead(one.pk, by=one.rep, at=at, reason=reason)

    same_queries(client, "/handoffs/returned/", one_back)
    same_queries(client, "/handoffs/returned/campaigns/", one_back)
