"""Amounts in the report currency: by the day's rate, the same in Python and in SQL."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts import organisation
from accounts.models import Organisation
from pipeline import money
from pipeline.models import ExchangeRate

DAY = date(2026, 6, 10)


@pytest.fixture
def rates(db):
    for on, rate in ((DAY, "0.9"), (DAY + timedelta(days=10), "0.8")):
        ExchangeRate.objects.create(currency="USD", on=on, rate=rate)


@pytest.mark.parametrize("days, rate", [(-1, "0.9"), (0, "0.9"), (9, "0.9"), (10, "0.8"), (999, "0.8")])
def test_the_newest_rate_not_after_the_day_holds(days, rate, rates):
    assert money.rate("USD", DAY + timedelta(days=days)) == Decimal(rate)


def test_the_report_currency_is_one(rates):
    assert money.rate("EUR", DAY) == 1
    Organisation.objects.update(currency="USD")
    organisation.forget()
    assert money.rate("USD", DAY) == 1


def test_an_unknown_currency_is_named(rates):
    with pytest.raises(money.NoRate, match="RUB"):
        money.to_base(Decimal(5), "RUB", DAY)


def test_to_base(rates):
    assert money.to_base(Decimal("10.005"), "USD", DAY) == Decimal("9.0045")
    assert money.to_base(None, "XXX", DAY) is None


@pytest.mark.parametrize(
    "amount, currency, shown",
    [("1.005", "EUR", "1.01"), ("1.5", "JPY", "2"), ("1.23456", "KWD", "1.235"), ("-0.005", "EUR", "-0.01")],
)
def test_rounded_at_the_edge_by_currency(amount, currency, shown):
    assert str(money.rounded(Decimal(amount), currency)) == shown


AMOUNTS = st.decimals(-10_000_000, 10_000_000, places=4)
RATES = st.lists(
    st.tuples(st.sampled_from(["USD", "CNY"]), st.integers(0, 30), st.decimals("0.0001", 200, places=8)),
    max_size=6,
    unique_by=lambda one: one[:2],
)


@pytest.mark.django_db
@given(
    RATES,
    st.lists(st.tuples(AMOUNTS, st.sampled_from(["EUR", "USD", "CNY"]), st.integers(0, 30)), max_size=8),
)
def test_sql_says_the_same(rates, rows):
    ExchangeRate.objects.all().delete()
    ExchangeRate.objects.bulk_create(
        ExchangeRate(currency=currency, on=DAY + timedelta(days=days), rate=rate)
        for currency, days, rate in rates
    )
    expected = []
    for amount, currency, days in rows:
        try:
            expected.append(money.to_base(amount, currency, DAY + timedelta(days=days)))
        except money.NoRate:
            expected.append(None)
    found = []
    with connection.cursor() as cursor:
        for amount, currency, days in rows:
            cursor.execute(
                f"SELECT {money.base_sql('t.amount', 't.currency', 't.day')} "
                "FROM (SELECT %s::numeric AS amount, %s::text AS currency, %s::date AS day) t",
                ["EUR", amount, currency, DAY + timedelta(days=days)],
            )
            found.append(cursor.fetchone()[0])
    assert found == expected
