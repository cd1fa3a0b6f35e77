"""Dealers as a channel: what went through one of them, and the shares of what was won."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from pipeline import dealers
from pipeline.models import Deal, DealRegistration
from tests.api import Api
from tests.cast import company, deal
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
DAY = timedelta(days=1)


@pytest.fixture
def dealer():
    return company("Dealer One", is_partner=True)


def sold(partner=None, outcome="won", amount=100, days=10, **fields):
    signed = TODAY - days * DAY if outcome == "won" else None
    closed = None if outcome == "open" else timezone.now()
    return deal(
        partner=partner, outcome=outcome, amount=amount, base_amount=amount, signed_on=signed,
        closed_at=closed, **{"company": company(), **fields},
    )  # fmt: skip


def test_business_and_shares_agree_with_a_naive_sum(cast, dealer):
    chance, other = Random(114), company("Dealer Two", is_partner=True)
    for _ in range(60):
        sold(
            partner=chance.choice([None, dealer, other]),
            outcome=chance.choice(["won", "lost", "open"]),
            amount=chance.randint(1, 900),
            days=chance.choice([0, 1, 364, 365, 400]),
            owner=chance.choice([None, cast.rep, cast.other_rep]),
        )
    for user in (cast.admin, cast.rep, cast.other_rep, cast.service):
        seen = list(Deal.objects.visible_to(user))
        own = [one for one in seen if one.partner_id == dealer.pk]
        sums = {
            outcome: (
                sum(one.outcome == outcome for one in own),
                sum((one.base_amount for one in own if one.outcome == outcome), Decimal(0)),
            )
            for outcome in ("open", "won", "lost")
        }
        told = dealers.business(dealer, user)
        assert (told.open, told.open_amount) == sums["open"]
        assert (told.won, told.won_amount) == sums["won"]
        assert told.lost == sums["lost"][0]
        ended = told.won + told.lost
        assert told.rate == (told.won / ended if ended else None)
        late = [one for one in seen if one.outcome == "won" and one.signed_on > TODAY - 365 * DAY]
        parts = dealers.shares(dealer, user, TODAY)
        assert parts.directly == sum(one.base_amount for one in late if one.partner_id is None)
        assert parts.through == sum(one.base_amount for one in late if one.partner_id)
        assert parts.this == sum(one.base_amount for one in late if one.partner_id == dealer.pk)
        if late:
            assert parts.direct + parts.dealers == 1


def test_what_was_cancelled_is_off(cast, dealer):
    won = sold(dealer, amount=100)
    Deal.with_cancellations.create(
        name="", cancels=won, stage=won.stage, outcome="won", opened_at=timezone.now(), closed_at=timezone.now(),
        signed_on=TODAY, amount=-40, base_amount=-40, currency=won.currency,
    )  # fmt: skip
    assert dealers.business(dealer, cast.admin).won_amount == 60
    assert dealers.shares(dealer, cast.admin, TODAY).through == 60


def test_nothing_won_has_no_share(cast, dealer):
    parts = dealers.shares(dealer, cast.admin, TODAY)
    assert (parts.direct, parts.dealers, parts.own) == (None, None, None)
    assert dealers.business(dealer, cast.admin).rate is None
    assert dealers.panel(company("Customer"), cast.admin, TODAY, 10) is None


def test_the_page_of_a_dealer_tells_it_at_the_same_cost(client, cast, dealer):
    client.force_login(cast.manager)

    def add():
        sold(dealer, owner=cast.rep)
        DealRegistration.objects.create(
            dealer=dealer, customer=company(), registered_on=TODAY, protected_until=TODAY
        )

    same_queries(client, f"/companies/{dealer.pk}/", add)
    page = client.get(f"/companies/{dealer.pk}/")
    assert len(page.context["dealt"].deals) == len(page.context["dealt"].registrations) == 3
    assert f"/deals/?partner={dealer.pk}" in page.content.decode()
    assert client.get(f"/companies/{company().pk}/").context["dealt"] is None


def test_deals_are_narrowed_to_a_dealer_and_to_a_way(client, cast, dealer):
    through, other, direct = sold(dealer), sold(company("Dealer Two", is_partner=True)), sold()
    client.force_login(cast.admin)
    for query, found in (
        (f"partner={dealer.pk}", {through.pk}),
        ("through=dealers", {through.pk, other.pk}),
        ("through=directly", {direct.pk}),
        ("", {through.pk, other.pk, direct.pk}),
    ):
        rows = client.get(f"/deals/?{query}").context["table"].rows
        assert {row["id"] for row in rows} == found
        named = dict([query.split("=")]) if query else {}
        assert {row["id"] for row in Api(cast.admin).get("/deals/", **named)[1]["results"]} == found
