"""Signs of use follow from readings and rules, recomputed here one unit at a time; their owners are told once."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leads import usage
from leads.models import Notice, UsageRule, UsageSign
from leads.usage.wording import sentence
from pipeline.models import Product, Reading, Unit
from pipeline.models.units import NEVER
from tests.cast import NOON, company, deal
from tests.leads.usage.making import product, read, unit

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
DAY = timedelta(days=1)


def ago(first, last=0):
    """The days from `first` days ago to `last` days ago."""
    return [TODAY - n * DAY for n in range(first, last - 1, -1)]


def open_signs():
    return {(one.unit_id, one.kind): one.facts for one in UsageSign.objects.filter(ended_at=None)}


def judged(at=NOON):
    usage.judge_anew()
    usage.judge_due(at=at)
    return open_signs()


def test_use_that_fell_against_its_own_past(cast):
    one, steady, young = unit(), unit(), unit()
    read(one, ago(112, 29), usage=Decimal(40) / 7)
    read(one, ago(28, 1), usage=Decimal(9) / 7)
    read(steady, ago(112, 1), usage=2)
    read(young, ago(40, 29), usage=9)
    read(young, ago(28, 1), usage=1)
    facts = {"before": 40.0, "now": 9.0, "since": str(TODAY - 28 * DAY), "days": 28}
    assert judged() == {(one.pk, "falling"): facts}
    sign = UsageSign.objects.select_related("unit__product").get()
    assert sentence(sign) == "Use fell from 40 to 9 hours a week since 13 May 2026"


def test_what_fell_is_compared_with_what_it_fell_from_until_it_is_used_again(cast):
    one = unit()
    read(one, ago(100, 29), usage=10)
    read(one, ago(28, 1), usage=2)
    first = judged()[one.pk, "falling"]
    # half a year on, the past has grown used to it
    read(one, [TODAY + n * DAY for n in range(180)], usage=2)
    later = judged(NOON + 180 * DAY)[one.pk, "falling"]
    assert (later["before"], later["since"]) == (first["before"], first["since"])
    Reading.objects.filter(day__gt=TODAY + 140 * DAY).update(usage=9)
    assert judged(NOON + 180 * DAY) == {}
    assert UsageSign.objects.get().ended_at == NOON + 180 * DAY


def test_silence_errors_and_ends_of_life(cast):
    silent, failing, old, served = unit(), unit(), unit(), unit()
    read(silent, ago(60, 22), usage=3)
    read(silent, ago(21), usage=0)
    read(failing, ago(6), usage=1, errors=2)
    Product.objects.filter(pk=old.product_id).update(life_months=36)
    Unit.objects.filter(pk=old.pk).update(since=date(2023, 8, 1))
    ends = TODAY + 200 * DAY
    Product.objects.filter(pk=served.product_id).update(service_ends_on=ends, sale_ends_on=TODAY - DAY)
    assert judged() == {
        (silent.pk, "silent"): {"since": str(TODAY - 22 * DAY)},
        (failing.pk, "errors"): {"errors": 14, "days": 7},
        (old.pk, "ending"): {"on": "2026-08-01", "why": "life"},
    }
    said = {sentence(one) for one in UsageSign.objects.select_related("unit__product")}
    assert said == {
        "Not used since 19 May 2026",
        "14 errors in the last 7 days",
        "Its life ends on 1 Aug 2026",
    }
    Unit.objects.filter(pk=old.pk).update(retired_on=TODAY)
    assert set(judged(NOON + 40 * DAY)) >= {(served.pk, "ending")}
    assert (old.pk, "ending") not in open_signs()


def test_the_rule_of_a_product_goes_before_the_one_for_all(cast):
    one, other = unit(), unit()
    for each in (one, other):
        read(each, ago(60, 30), usage=3)
    UsageRule.objects.create(kind="silent", product=one.product, days=40)
    assert set(judged()) == {(other.pk, "silent")}
    UsageRule.objects.filter(product=None).update(active=False)
    assert judged() == {}


def test_owners_are_told_once_a_customer_and_those_who_left_never(cast):
    firm = company(sales_owner=cast.rep)
    pair = [unit(company=firm), unit(company=firm)]
    cast.teammate.is_active = False
    cast.teammate.save()
    sold = company()
    deal(company=sold, owner=cast.teammate, outcome="won", signed_on=TODAY, closed_at=NOON)
    orphan = unit(company=sold)
    for one in (*pair, orphan):
        read(one, ago(60, 30))
    assert usage.judge_due(at=NOON) == 3
    assert usage.judge_due(at=NOON) == 0
    assert dict(UsageSign.objects.values_list("unit", "owner")) == {
        pair[0].pk: cast.rep.pk,
        pair[1].pk: cast.rep.pk,
        orphan.pk: None,
    }
    notice = Notice.objects.get()
    assert (notice.user, notice.facts["rule"]) == (cast.rep, "Not used for long")
    judged(NOON + DAY)
    assert Notice.objects.count() == 1


def test_units_are_looked_at_once_a_day_and_again_when_something_was_reported(cast):
    one = unit()
    assert [usage.judge_due(at=NOON + n * DAY) for n in (0, 0, 1)] == [1, 0, 1]
    Unit.objects.filter(pk=one.pk).update(judged_on=NEVER, retired_on=TODAY)
    assert [usage.judge_due(at=NOON + n * DAY) for n in (1, 1, 2)] == [1, 0, 0]


# -- the oracle --------------------------------------------------------------------------------------------
RULES = st.fixed_dictionaries(
    {
        "falling": st.tuples(st.integers(2, 10), st.integers(2, 12), st.integers(30, 80)),
        "silent": st.integers(2, 12),
        "errors": st.tuples(st.integers(1, 8), st.integers(1, 12)),
        "ending": st.integers(1, 40),
    }
)
READINGS = st.lists(
    st.tuples(st.integers(-1, 30), st.sampled_from([0, 0, 1, "2.5", 7, 8]), st.integers(0, 3)), max_size=30
)
ENDS = st.one_of(st.none(), st.integers(-30, 60))


def tenth(number):
    return float(number.quantize(Decimal("0.1"), ROUND_HALF_UP))


def expected(rules, readings, life, service, sale):
    """The signs of one unit on TODAY, by the words of the rules."""
    found, seen = {}, [(n, Decimal(used), errors) for n, used, errors in readings if n >= 0]
    used = [n for n, amount, _errors in seen if amount > 0]
    if used and min(used) >= rules["silent"]:
        found["silent"] = {"since": str(TODAY - min(used) * DAY)}
    days, before_days, percent = rules["falling"]
    if seen and "silent" not in found:
        end = max(1, min(n for n, *_rest in seen))
        begin = end + days - 1
        first = min(max(n for n, *_rest in seen), begin + before_days)
        had = first - begin
        now = sum((amount for n, amount, _errors in seen if end <= n <= begin), Decimal())
        past = sum((amount for n, amount, _errors in seen if begin < n <= first), Decimal())
        if had >= min(days, before_days):
            now, past = tenth(now * 7 / days), tenth(past * 7 / had)
            if past > 0 and now * 100 <= past * percent:
                found["falling"] = {
                    "before": past,
                    "now": now,
                    "since": str(TODAY - begin * DAY),
                    "days": days,
                }
    span, most = rules["errors"]
    errors = sum(errors for n, _amount, errors in seen if n < span)
    if any(n < span for n, *_rest in seen) and errors >= most:
        found["errors"] = {"errors": errors, "days": span}
    ends = [
        (life, 0, "life"),
        (service, 1, "service"),
        (sale if sale is not None and sale >= 0 else None, 2, "sale"),
    ]
    first = min(((n, order, why) for n, order, why in ends if n is not None), default=None)
    if first and first[0] <= rules["ending"]:
        found["ending"] = {"on": str(TODAY + first[0] * DAY), "why": first[2]}
    return found


class Oracle(TestCase):
    @settings(max_examples=40)
    @given(RULES, st.lists(st.tuples(READINGS, ENDS, ENDS, ENDS), min_size=1, max_size=3))
    def test_signs_are_what_the_rules_say(self, rules, units):
        days, before_days, percent = rules["falling"]
        UsageRule.objects.filter(kind="falling").update(days=days, before_days=before_days, percent=percent)
        UsageRule.objects.filter(kind="silent").update(days=rules["silent"])
        UsageRule.objects.filter(kind="errors").update(days=rules["errors"][0], errors=rules["errors"][1])
        UsageRule.objects.filter(kind="ending").update(days=rules["ending"])
        wanted = {}
        for readings, life, service, sale in units:
            dated = [end if end is None else TODAY + end * DAY for end in (life, service, sale)]
            made = unit(ends_on=dated[0], product=product(service_ends_on=dated[1], sale_ends_on=dated[2]))
            for number, (n, amount, errors) in enumerate(readings):
                Reading.objects.create(
                    unit=made,
                    day=TODAY - n * DAY,
                    usage=amount,
                    errors=errors,
                    source="s",
                    external_id=f"{made.pk}/{number}",
                )
            wanted |= {
                (made.pk, kind): facts
                for kind, facts in expected(rules, readings, life, service, sale).items()
            }
        usage.judge_due(at=NOON)
        assert open_signs() == wanted
