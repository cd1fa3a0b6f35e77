"""Credits and working minutes against naive oracles."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.calendars import Clock
from accounts.models import CalendarDay, Organisation, Team, WorkingCalendar
from leads.models import Agreement, Handoff, Touch
from pipeline.models import DealContact, Product
from reports import attribution
from reports.attribution import positions
from reports.attribution.shares import apportion
from reports.models import CountedOffer
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON
from tests.reports.attribution.test_credits import DAY, win

CAREFULLY = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
CHANNELS = ("sem", "webinar", "unknown")
FOREVER = date(2999, 1, 1)
UNASKED = (
    "complaint",
    "service_visit",
    "chat",
    "feedback",
)  # kinds that bring nothing in where no campaign asked
hours = st.integers(-200 * 24, 30 * 24)


# -- the oracle of credits: as docs/attribution.md says it -------------------------------------------------
def naive_path(deal, wins, zone, lookback):
    """The touches on the path of a deal."""

    def midnight(day):
        return datetime.combine(day, time(), zone)

    signed_on = deal.signed_on or FOREVER  # an open deal's path has no end

    since = midnight(deal.opened_at.astimezone(zone).date() - timedelta(days=lookback))
    for other in wins:
        same = other.company_id == deal.company_id and other.product_id == deal.product_id is not None
        if same and other.signed_on < signed_on:
            since = max(since, midnight(other.signed_on + DAY))
    people = {one.contact_id for one in deal.deal_contacts.all()}
    touches = [
        touch
        for touch in Touch.objects.filter(automatic=False).exclude(kind__in=UNASKED)
        if touch.contact_id in people and since <= touch.at < midnight(signed_on + DAY)
    ]
    return sorted(touches, key=lambda touch: (touch.at, touch.pk))


def naive_weights(path, deal):
    """{model: [weight, …]} of a path; nobody here came by a pass, so that only the touch of the opening is known."""
    count = len(path)
    opened = max(sum(touch.at <= deal.opened_at for touch in path) - 1, 0)
    ages = [(path[-1].at - touch.at).total_seconds() / 86_400 for touch in path]
    channels = [touch.channel for touch in path]
    return {
        "first": positions.first(count),
        "last": positions.last(count),
        "linear": positions.linear(count),
        "u": positions.u_shape(count),
        "w": positions.w_shape(count, deal=opened),
        "z": positions.z_shape(count, deal=opened),
        "decay": [Fraction(f"{2.0 ** (-age / 7):.15g}") for age in ages],
        "shapley": [10**12 // channels.count(channel) for channel in channels],
        "markov": [10**12 // channels.count(channel) for channel in channels],  # nothing is learned yet
    }


def naive_credits(path, deal, model):
    """[(touch id, amount), …] of a path; the cents left over go to the largest remainders, the earlier first."""
    weights = naive_weights(path, deal)[model]
    earning = [(touch.pk, weight) for touch, weight in zip(path, weights, strict=True) if weight]
    if not earning:
        return [(None, deal.base_amount)]
    parts = apportion(int(deal.base_amount * 100), [weight for _touch, weight in earning])
    return [(touch, Decimal(part) / 100) for (touch, _weight), part in zip(earning, parts, strict=True)]


class Credits(TestCase):
    @CAREFULLY
    @given(
        touches=st.lists(st.tuples(st.integers(0, 2), hours, st.sampled_from(CHANNELS)), max_size=8),
        deals=st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(-40, 20), st.integers(0, 99_999)),
            min_size=1,
            max_size=4,
        ),
        zone=st.sampled_from(ZONES),
        lookback=st.sampled_from([10, 100, 365]),
        kinds=st.lists(st.sampled_from(["meeting", *UNASKED]), max_size=8),
    )
    def test_credits_are_those_of_the_oracle(self, touches, deals, zone, lookback, kinds):
        Organisation.objects.update(zone=zone, lookback_days=lookback)
        people = [make.contact() for _ in range(3)]
        companies = [make.company(), make.company()]
        products = [Product.objects.create(code="p", name="P"), None]
        for person, at, channel in touches:
            make.touch(people[person], NOON + timedelta(hours=at), channel=channel)
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
        waiting = make.deal(
            at=NOON - 60 * DAY, company=companies[0], product=products[0], amount=99_999, base_amount=99_999
        )
        DealContact.objects.create(deal=waiting, contact=people[0])
        roll_all()
        for touch, kind in zip(Touch.objects.order_by("pk"), kinds, strict=False):  # set right later
            Touch.objects.filter(pk=touch.pk).update(kind=kind)
            roll_all()
        for deal in [*won, waiting]:
            path = naive_path(deal, won, ZoneInfo(zone), lookback)
            for model in attribution.MODELS:
                found = [(one.touch_id, one.amount) for one in attribution.credits_of(deal, model)]
                assert found == naive_credits(path, deal, model)


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
