"""Credits and working minutes against naive oracles."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.calendars import Clock
from accounts.models import CalendarDay, Organisation, Team, WorkingCalendar
from leads.models import Agreement, Handoff, Touch
from pipeline.models import Product
from reports import attribution
from reports.models import CountedOffer
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON
from tests.reports.test_attribution import DAY, win

CAREFULLY = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
hours = st.integers(-200 * 24, 30 * 24)


# -- the oracle of credits: as docs/attribution.md says it -------------------------------------------------
def naive_path(deal, wins, zone, lookback):
    """The touches on the path of a deal."""

    def midnight(day):
        return datetime.combine(day, time(), zone)

    since = midnight(deal.opened_at.astimezone(zone).date() - timedelta(days=lookback))
    for other in wins:
        same = other.company_id == deal.company_id and other.product_id == deal.product_id is not None
        if same and other.signed_on < deal.signed_on:
            since = max(since, midnight(other.signed_on + DAY))
    people = {one.contact_id for one in deal.deal_contacts.all()}
    touches = [
        touch
        for touch in Touch.objects.filter(automatic=False)
        if touch.contact_id in people and since <= touch.at < midnight(deal.signed_on + DAY)
    ]
    return sorted(touches, key=lambda touch: (touch.at, touch.pk))


def naive_credits(path, amount, model):
    """[(touch id, amount), …] of a path; the cents left over go to the largest remainders, the earlier first."""
    weights = {
        "first": [int(i == 0) for i in range(len(path))],
        "last": [int(i == len(path) - 1) for i in range(len(path))],
        "linear": [1] * len(path),
    }[model]
    earning = [(touch.pk, weight) for touch, weight in zip(path, weights, strict=True) if weight]
    if not earning:
        return [(None, amount)]
    cents, whole = int(amount * 100), sum(weight for _touch, weight in earning)
    shares = [divmod(cents * weight, whole) for _touch, weight in earning]
    by_rest = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
    over = set(by_rest[: cents - sum(share for share, _rest in shares)])
    return [
        (touch, Decimal(share + (i in over)) / 100)
        for i, ((touch, _weight), (share, _rest)) in enumerate(zip(earning, shares, strict=True))
    ]


class Credits(TestCase):
    @CAREFULLY
    @given(
        touches=st.lists(st.tuples(st.integers(0, 2), hours), max_size=8),
        deals=st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(-40, 20), st.integers(0, 99_999)),
            min_size=1,
            max_size=4,
        ),
        zone=st.sampled_from(ZONES),
        lookback=st.sampled_from([10, 100, 365]),
    )
    def test_credits_are_those_of_the_oracle(self, touches, deals, zone, lookback):
        Organisation.objects.update(zone=zone, lookback_days=lookback)
        people = [make.contact() for _ in range(3)]
        companies = [make.company(), make.company()]
        products = [Product.objects.create(code="p", name="P"), None]
        for person, at in touches:
            make.touch(people[person], NOON + timedelta(hours=at))
        won = [
            win(
                Decimal(cents) / 100,
                [people[person], people[0]][: 1 + (person > 0)],
                signed_on=NOON.date() + timedelta(days=day),
                company=companies[which],
                product=products[cents % 2],
            )
            for person, which, day, cents in deals
        ]
        roll_all()
        for deal in won:
            path = naive_path(deal, won, ZoneInfo(zone), lookback)
            for model in attribution.MODELS:
                found = [(one.touch_id, one.amount) for one in attribution.credits_of(deal, model)]
                assert found == naive_credits(path, Decimal(deal.base_amount), model)


class WorkingMinutes(TestCase):
    @CAREFULLY
    @given(
        zone=st.sampled_from(ZONES),
        start=st.integers(0, 400 * 24 * 60),
        waits=st.lists(st.integers(0, 12 * 24 * 60), min_size=1, max_size=4),
        holiday=st.integers(0, 400),
    )
    def test_an_answer_takes_the_minutes_that_the_clock_counts(self, zone, start, waits, holiday):
        cast = make.gather()
        calendar = WorkingCalendar.objects.create(name="Theirs", zone=zone)
        first = datetime(2026, 1, 1, tzinfo=UTC)
        CalendarDay.objects.create(calendar=calendar, day=(first + timedelta(days=holiday)).date(), hours=[])
        Team.objects.filter(pk=cast.rep.team_id).update(calendar=calendar)
        offered, expected = first + timedelta(minutes=start), {}
        for wait in waits:
            answered = offered + timedelta(minutes=wait)
            handoff = Handoff.objects.create(
                lead=make.lead(),
                rep=cast.rep,
                agreement=Agreement.objects.get(),
                offered_at=offered,
                accepted_at=answered,
            )
            expected[handoff.pk] = int(Clock(calendar).minutes_between(offered, answered))
        roll_all()
        assert dict(CountedOffer.objects.values_list("handoff_id", "answer")) == expected
