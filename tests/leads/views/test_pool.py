"""The pool as a page."""

import pytest
from django.utils import timezone

from accounts.models import RepProfile
from leads import pool
from leads.models import Lead
from pipeline.stages import Stage
from tests import cast as make
from tests.api import Api
from tests.leads.ready import fresh, ready
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


def pooled(cast, **fields):
    one = ready(by=cast.marketer, contact=make.contact(company=make.company()), **fields)
    pool.put([one.pk], make.NOON)
    return one


def test_a_rep_claims_a_lead(client, cast):
    one = pooled(cast)
    client.force_login(cast.rep)
    page = client.get("/pool/")
    assert [row["id"] for row in page.context["page"].rows] == [one.pk]
    assert page.context["left"] == (5, 60)
    assert client.post(f"/leads/{one.pk}/claim/").url == f"/leads/{one.pk}/"
    assert (fresh(one).stage, fresh(one).owner) == (Stage.SQL, cast.rep)


def test_a_refused_claim_says_why(client, cast):
    one = pooled(cast)
    RepProfile.objects.filter(user=cast.rep).update(capacity=0)
    client.force_login(cast.rep)
    assert not client.get("/pool/").context["may_claim"]
    page = client.post(f"/leads/{one.pk}/claim/", follow=True)
    assert "hands are full" in page.content.decode()


def test_the_pool_costs_the_same_with_one_and_with_three(client, cast):
    client.force_login(cast.rep)
    same_queries(client, "/pool/", lambda: pooled(cast))


def test_filters_narrow_the_pool(client, cast):
    here, there = pooled(cast, region=make.region("north")), pooled(cast, grade="D")
    client.force_login(cast.rep)

    def shown(**params):
        return {row["id"] for row in client.get("/pool/", params).context["page"].rows}

    assert shown() == {here.pk, there.pk}
    assert shown(region=make.region("north").pk) == {here.pk}
    assert shown(grade="D") == {there.pk}


@pytest.mark.parametrize(
    "who, status", [("rep", 200), ("manager", 200), ("marketing_head", 200), ("admin", 200), ("finance", 403)]
)
def test_whoever_works_sees_the_pool_and_who_sells_claims(client, cast, who, status):
    client.force_login(getattr(cast, who))
    pooled(cast)
    answer = client.get("/pool/")
    assert answer.status_code == status
    assert (b"/claim/" in answer.content) == (who in ("rep", "manager") and bool(answer.context["left"]))
    assert ("/pool/" in client.get("/desk/").content.decode()) == (who in ("marketing_head", "admin"))


def test_only_what_is_in_the_pool_is_claimed(client, cast):
    one = make.lead(owner=cast.rep)
    client.force_login(cast.rep)
    assert "is not in the pool" in client.post(f"/leads/{one.pk}/claim/", follow=True).content.decode()
    Lead.objects.filter(pk=one.pk).update(owner=cast.other_rep)
    for pk in (one.pk, one.pk + 999):  # what is hidden answers as what is not there
        answer = client.post(f"/leads/{pk}/claim/", follow=True)
        assert answer.redirect_chain == [("/pool/", 302)]
        assert "is not in the pool" in answer.content.decode()
    client.force_login(cast.marketer)
    assert client.post(f"/leads/{one.pk}/claim/").status_code == 403


def test_who_comes_too_late_is_told_who_was_faster(client, cast):
    one = pooled(cast)
    pool.claim(one.pk, by=cast.other_rep, at=timezone.now())
    client.force_login(cast.rep)
    answer = client.post(f"/leads/{one.pk}/claim/", follow=True)
    said = "Other Rep has taken this lead (just now): it is no longer in the pool."
    assert (answer.redirect_chain, said in answer.content.decode()) == ([("/pool/", 302)], True)
    assert Api(cast.rep).post(f"/leads/{one.pk}/claim/")[0] == 409
    assert fresh(one).owner == cast.other_rep
    client.force_login(cast.other_rep)  # from a second tab: it is theirs
    again = client.post(f"/leads/{one.pk}/claim/", follow=True)
    assert again.redirect_chain == [(f"/leads/{one.pk}/", 302)]
    assert "You have this lead already." in again.content.decode()
