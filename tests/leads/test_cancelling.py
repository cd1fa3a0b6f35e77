"""A won deal is cancelled, whole or in part: the verb, the page, the API, and what it keeps from being done."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts import organisation
from leads import closing
from pipeline import cancellations, companies, migrations
from pipeline.models import Deal, ExchangeRate, Receipt
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.reports.attribution.test_credits import win

pytestmark = pytest.mark.django_db
SIGNED = date(2026, 3, 10)
MAY = date(2026, 5, 20)
FORM = {"amount": "40", "on": "2026-05-20", "reason": "The customer went bankrupt"}


@pytest.fixture
def deal(cast):
    """A rep's deal won in March for 100, at a cost of 30."""
    organisation.forget()
    return win(Decimal(100), owner=cast.rep, company=make.company(), signed_on=SIGNED, cost=30)


def cancel(deal, amount="40", by=None, **more):
    said = {"on": MAY, "reason": "bankrupt", "at": NOON, "by": by, **more}
    return closing.cancel(deal, amount=Decimal(amount), **said)


def test_the_journal_of_former_releases_tells_the_day_of_what_still_stands(cast, deal, owner):
    cancel(deal, "10", cast.manager)
    gone = cancel(deal, "20", cast.finance, on=SIGNED, at=NOON + timedelta(minutes=1))
    closing.take_back(gone, by=cast.finance, at=NOON + timedelta(minutes=2))
    told = deal.changes.filter(field="cancels").order_by("pk").values_list("of_day", flat=True)
    assert list(told) == [MAY, SIGNED, SIGNED]
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tandem.erasing', 'on', true)")
        cursor.execute("UPDATE pipeline_dealchange SET of_day = NULL")
        tell = next(Path(migrations.__path__[0]).glob("*_days_of_former_cancellations.py")).stem
        cursor.execute(import_module(f"pipeline.migrations.{tell}").TELL)
    assert list(told.all()) == [MAY, None, None]


def left(deal):
    return cancellations.of_deal(deal).left


class TestTheVerb:
    def test_cancels_in_parts_until_nothing_is_left(self, cast, deal):
        first = cancel(deal, "33.33", cast.manager)
        second = cancel(deal, "66.67", cast.finance, on=SIGNED)
        assert [
            (one.amount, one.base_amount, one.cost, one.signed_on, one.outcome) for one in (first, second)
        ] == [
            (Decimal("-33.33"), Decimal("-33.33"), Decimal("-9.999"), MAY, "won"),
            (Decimal("-66.67"), Decimal("-66.67"), Decimal("-20.001"), SIGNED, "won"),
        ]
        assert (left(deal), cancellations.of_deal(deal).base) == (0, 100)
        with pytest.raises(closing.Refused, match=r"more than €0\.00 is left"):
            cancel(deal, "0.01")
        deal.refresh_from_db()
        assert (deal.amount, deal.signed_on, deal.outcome) == (100, SIGNED, "won")
        assert list(
            deal.changes.filter(field="cancels").values_list("before", "after", "reason", "actor", "of_day")
        ) == [
            ("", "33.3300", "bankrupt", cast.manager.pk, MAY),
            ("33.3300", "100.0000", "bankrupt", cast.finance.pk, SIGNED),
        ]

    def test_is_taken_back(self, cast, deal):
        made = cancel(deal)
        closing.take_back(made, by=cast.manager, at=NOON)
        assert left(deal) == 100
        assert deal.changes.filter(field="cancels").order_by("-pk").values_list(
            "before", "after", "of_day"
        ).first() == ("40.0000", "", MAY)
        with pytest.raises(closing.Refused, match="taken back already"):
            closing.take_back(made, by=cast.manager, at=NOON)

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"amount": "100.01"}, "No more than €100.00"),
            ({"amount": "0"}, "more than nothing"),
            ({"amount": "-1"}, "more than nothing"),
            ({"amount": "NaN"}, "more than nothing"),
            ({"on": SIGNED - timedelta(days=1)}, "cannot be cancelled before that"),
            ({"on": NOON.date() + timedelta(days=1)}, "cannot be in the future"),
            ({"on": None}, "Say when"),
            ({"reason": " "}, "Say why"),
        ],
    )
    def test_refuses_what_cannot_be(self, deal, wrong, why):
        with pytest.raises(closing.Refused, match=why):
            cancel(deal, **wrong)
        assert not Deal.with_cancellations.cancellations().exists()

    def test_only_what_is_won_with_an_amount(self, deal):
        with pytest.raises(closing.Refused, match="Only a deal that is won"):
            cancel(make.deal(amount=100))
        with pytest.raises(closing.Refused, match="without an amount"):
            cancel(win(None))

    def test_counts_by_the_rate_of_its_own_day(self, cast):
        for on, rate in ((SIGNED, "0.9"), (MAY, "0.8")):
            ExchangeRate.objects.create(currency="USD", on=on, rate=rate)
        deal = win(Decimal(100), currency="USD", signed_on=SIGNED)
        assert cancel(deal).base_amount == -32
        assert (left(deal), cancellations.of_deal(deal).base) == (60, 32)


class TestWhatItKeepsFromBeingDone:
    def test_the_deal_is_not_opened_again(self, cast, deal):
        made = cancel(deal)
        with pytest.raises(closing.Refused, match=r"€40.00 of this deal is cancelled. Take that back first"):
            closing.reopen(deal, reason="too early", by=cast.manager, at=NOON)
        closing.take_back(made, by=cast.manager, at=NOON)
        assert closing.reopen(deal, reason="too early", by=cast.manager, at=NOON).outcome == "open"

    def test_the_deal_is_not_deleted(self, deal):
        cancel(deal)
        with pytest.raises(ProtectedError):
            deal.delete()

    @pytest.mark.parametrize(
        "wrong", [{"amount": 1}, {"cancels": None}, {"outcome": "open"}, {"amount": None}, {"company": True}]
    )
    def test_the_database_knows_what_a_cancellation_is(self, deal, wrong):
        made = cancel(deal)
        if "company" in wrong:
            wrong = {"company": make.company()}
        with (
            pytest.raises(IntegrityError, match=r"deal_below_nothing_cancels|deal_closed_has_date"),
            transaction.atomic(),
        ):
            Deal.with_cancellations.filter(pk=made.pk).update(**wrong)
        with pytest.raises(IntegrityError, match="deal_below_nothing_cancels"), transaction.atomic():
            Deal.objects.filter(pk=deal.pk).update(amount=-1)

    def test_no_renewal_opens_for_what_is_cancelled_in_full(self, deal):
        organisation.current()
        Deal.objects.filter(pk=deal.pk).update(contract_until=NOON.date() + timedelta(days=20))
        made = cancel(deal, "100")
        assert closing.renew_due(at=NOON) == 0
        closing.take_back(made, by=None, at=NOON)
        cancel(deal, "99")
        assert closing.renew_due(at=NOON) == 1


class TestThePage:
    def test_records_shows_and_takes_back(self, client, cast, deal):
        client.force_login(cast.finance)
        at = f"/deals/{deal.pk}/cancel/"
        assert "€100.00 is left of the deal" in client.get(at).content.decode()
        assert client.post(at, FORM | {"amount": "101"}).status_code == 422
        assert client.post(at, FORM | {"on": "2026-03-01"}).status_code == 422
        assert client.post(at, FORM).status_code == 302
        made = Deal.with_cancellations.cancellations().get()
        page = client.get(f"/deals/{deal.pk}/").content.decode()
        assert "€60.00 left of the deal" in page
        assert "The customer went bankrupt" in page
        assert "€60.00 still to come" in page
        Receipt.objects.create(deal=deal, on=MAY, amount=75, base_amount=75)
        assert "€15.00 to be paid back" in client.get(f"/deals/{deal.pk}/").content.decode()
        assert client.get(f"/deals/{made.pk}/").headers["Location"] == f"/deals/{deal.pk}/"
        page = client.post(f"{at}{made.pk}/remove/", follow=True)
        assert (page.status_code, left(deal)) == (200, 100)
        journal = page.content.decode().partition('id="changes"')[2]
        assert "€40.00 → – · cancellation of 20 May 2026<" in journal
        assert "€40.00 · cancellation of 20 May 2026 · The customer went bankrupt" in journal

    def test_who_may(self, client, cast, deal):
        may, sees = set(), set()
        for name, user in cast.everybody().items():
            client.force_login(user)
            answer = client.post(f"/deals/{deal.pk}/cancel/", FORM | {"amount": "1"})
            assert answer.status_code in (302, 403, 404)
            may |= {name} if answer.status_code == 302 else set()
        for name, user in cast.everybody().items():
            client.force_login(user)
            page = client.get(f"/deals/{deal.pk}/")
            sees |= (
                {name} if page.status_code == 200 and 'id="cancellations"' in page.content.decode() else set()
            )
            assert (b"/cancel/" in page.content) == (name in may)
        assert may == {"manager", "sales_head", "marketing_head", "admin", "finance"}
        assert sees == may | {"rep", "teammate", "marketer"}

    def test_a_stranger_learns_nothing_of_a_cancellation(self, client, cast, deal):
        made = cancel(deal)
        client.force_login(cast.other_rep)
        assert client.get(f"/deals/{made.pk}/", follow=True).status_code == 404
        assert client.post(f"/deals/{deal.pk}/cancel/{made.pk}/remove/").status_code == 404

    def test_the_companys_page_tells_what_is_left(self, client, cast, deal):
        cancel(deal)
        assert companies.figures([deal.company_id], cast.rep)[deal.company_id].won_amount == 60
        client.force_login(cast.rep)
        page = client.get(f"/companies/{deal.company_id}/").content.decode()
        assert "€60.00" in page
        assert "€40.00 cancelled" in page
        cancel(win(Decimal(7), company=deal.company, owner=cast.rep, signed_on=SIGNED), "7")
        assert companies.figures([deal.company_id], cast.rep)[deal.company_id].won_amount == 60

    def test_is_no_deal_of_any_list(self, client, cast, deal):
        cancel(deal)
        client.force_login(cast.sales_head)
        for at in ("/deals/", "/deals/board/", f"/companies/{deal.company_id}/"):
            assert client.get(at).content.decode().count(f">{deal.name}<") <= 1


class TestTheApi:
    def test_cancels_reads_and_takes_back(self, cast, deal):
        status, made = Api(cast.manager).post(f"/deals/{deal.pk}/cancel/", FORM)
        assert (status, made["deal"], made["on"], made["reason"]) == (
            201,
            deal.pk,
            "2026-05-20",
            FORM["reason"],
        )
        assert (Decimal(made["amount"]), Decimal(made["base_amount"])) == (-40, -40)
        assert Api(cast.manager).post(f"/deals/{deal.pk}/cancel/", FORM | {"amount": "61"})[0] == 400
        assert Api(cast.rep).post(f"/deals/{deal.pk}/cancel/", FORM)[0] == 403
        assert Api(cast.other_manager).post(f"/deals/{deal.pk}/cancel/", FORM)[0] == 404
        read = Api(cast.rep).get("/cancellations/", deal=deal.pk)[1]["results"]
        assert read == [made]
        assert Api(cast.other_rep).get("/cancellations/")[1]["results"] == []
        assert [one["id"] for one in Api(cast.finance).get("/deals/")[1]["results"]] == [deal.pk]
        assert Api(cast.rep).delete(f"/cancellations/{made['id']}/")[0] == 403
        assert Api(cast.other_rep).delete(f"/cancellations/{made['id']}/")[0] == 404
        assert Api(cast.manager).delete(f"/cancellations/{made['id']}/")[0] == 204
        assert left(deal) == 100
