"""What was cancelled of won deals, in every figure: off the money of its own month, and off no count."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts import organisation
from leads import closing
from leads.models import Audience, AudienceMember
from pipeline.models import Deal, DealContact, DealStage
from reports import attribution, leagues, lift, quotas, returns, targets, wins
from reports.attribution.learning import closed_paths
from reports.behind import rows
from reports.choice import axes, parse
from reports.effects import midnight
from reports.forecast import calls, sums
from reports.glance import glance
from reports.glance.week import changes, sentences
from reports.models import Credit, Measure
from reports.months import closing as books
from reports.months import official
from reports.months.changes import changes as changed
from reports.periods import Period
from reports.rollups import rebuild, roll_all
from reports.segments import segments
from reports.verify import differences
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv
from tests.reports.attribution.test_credits import DAY, win

pytestmark = pytest.mark.django_db
MARCH, MAY = date(2026, 3, 10), date(2026, 5, 20)


def asked(**query):
    query = {name: str(value) for name, value in query.items()}
    return parse(query, axes(query), NOON)


def month(number, **more):
    return asked(**{"period": "custom", "from": f"2026-{number:02}", "to": f"2026-{number:02}", **more})


def span(number):
    return Period("custom", "", date(2026, number, 1), date(2026, number + 1, 1))


def cancel(deal, cast, amount="40", on=MAY, at=NOON):
    return closing.cancel(deal, amount=Decimal(amount), on=on, reason="bankrupt", by=cast.manager, at=at)


@pytest.fixture
def world(cast):
    """A rep's deal won in March for 100, at a cost of 30, by touches of two campaigns; 40 of it is cancelled in May."""
    organisation.forget()
    region, segment = make.region(), make.segment()
    first, second = (make.campaign(owner=cast.marketer) for _ in range(2))
    contact = make.contact(company=make.company(region=region, segment=segment))
    for days, campaign in (
        (105, first),
        (100, second),
        (98, second),
        (30, first),
    ):  # the last one after the win
        make.touch(contact, NOON - days * DAY, campaign=campaign)
    more = {"owner": cast.rep, "company": contact.company, "cost": 30}
    deal = win(Decimal(100), [contact], signed_on=MARCH, **more)
    Deal.objects.filter(pk=deal.pk).update(opened_at=NOON - 97 * DAY)
    make.lead(at=NOON - 110 * DAY, contact=contact, campaign=first, deal=deal)
    gone = cancel(deal, cast)
    roll_all()
    made = {
        "first": first,
        "second": second,
        "deal": deal,
        "gone": gone,
        "region": region,
        "segment": segment,
    }
    return SimpleNamespace(**vars(cast), **made, contact=contact)


def listed(name, choice, user=None):
    """{deal: amount} of a list behind a figure."""
    return {row["deal_id"]: row["amount"] for row in rows(name, user, choice)[0]}


def lies():
    with connection.cursor() as cursor:
        found = differences(cursor).found
    return {name: list(map(str, some)) for name, some in found.items() if some}


# -- sums and counts -----------------------------------------------------------------------------------------
def test_the_month_of_the_win_stays_and_its_own_is_less(world):
    march, may, year = (wins.wins(one).now for one in (month(3), month(5), asked(period="year")))
    assert (march.won, march.won_amount, march.margin, march.opened) == (1, 100, 70, 1)
    assert (may.won, may.won_amount, may.margin, may.opened, may.opened_amount) == (0, -40, -28, 0, 0)
    assert (may.cancelled, may.cancelled_amount, may.cancelled_margin) == (1, -40, -28)
    assert (year.won, year.won_amount, year.margin) == (1, 60, 42)
    for where in ("campaign", "rep", "team", "region", "segment", "channel"):
        whose = {"campaign": world.first.pk, "rep": world.rep.pk, "team": world.rep.team_id,
                 "region": world.region.pk, "segment": world.segment.pk, "channel": "sem"}[where]  # fmt: skip
        assert wins.wins(month(5, **{where: whose})).now.won_amount == -40, where


def test_rates_and_means_know_the_wins_alone(world):
    win(Decimal(50), signed_on=MAY, owner=world.rep)
    lost = make.deal(owner=world.rep, amount=150, base_amount=150, outcome="lost", closed_at=NOON - 21 * DAY,
                     stage=DealStage.objects.get(outcome="lost"))  # fmt: skip
    roll_all()
    may = wins.wins(month(5)).now
    assert (may.won, may.lost, may.won_amount, may.mean_won) == (1, 1, 10, 50)
    assert (may.win_rate, may.value_rate) == (Decimal("0.5"), Decimal("0.25"))
    for more in ({}, {"region": world.region.pk}):
        (entry,) = leagues.leagues(world.sales_head, asked(period="year", **more))[leagues.REPS].few
        assert (entry.good, entry.cases) == ((2, 3) if not more else (1, 1))
    assert lost.pk in listed("win_rate", month(5))
    assert world.gone.pk not in listed("win_rate", month(5))


def test_campaigns_earn_so_much_less_by_the_path_of_the_win(world):
    for model in attribution.MODELS:
        won, gone = (
            list(Credit.objects.filter(deal=one, model=model).order_by("position"))
            for one in (world.deal, world.gone)
        )
        assert sum(one.amount for one in won) == 100
        assert (sum(one.amount for one in gone), sum(one.margin for one in gone)) == (-40, -28)
        assert [(one.touch_id, one.share, one.touches) for one in gone] == [
            (one.touch_id, one.share, one.touches) for one in won
        ]
        assert {(one.cancelled, one.month) for one in gone} == {(True, date(2026, 5, 1))}
    linear = {
        line.campaign: line
        for line in returns.returns(asked(period="all", model="linear")).lines
        if line.campaign
    }
    money = {pk: linear[pk].money for pk in (world.first.pk, world.second.pk)}
    assert {pk: (one.revenue, round(one.credited, 6)) for pk, one in money.items()} == {
        world.first.pk: (Decimal("20.00"), Decimal("0.333333")),
        world.second.pk: (Decimal("40.00"), Decimal("0.666667")),
    }
    assert [one.amounts["linear"] for one in attribution.path(world.deal)] == [
        Decimal("33.34"), Decimal("33.33"), Decimal("33.33"),
    ]  # fmt: skip


def test_nothing_is_learned_from_it(world):
    with connection.cursor() as cursor:
        (path,) = closed_paths(cursor)
    assert (path.channels, path.conversions, path.nulls) == (("sem",) * 3, 1, 0)


def test_targets_and_quotas_are_attained_so_much_less(world):
    ours = organisation.current()
    for measure, march, may in (
        (Measure.WON, 100, -40),
        (Measure.MARGIN, 70, -28),
        (Measure.PIPELINE, 100, 0),
    ):
        for number, amount in ((3, march), (5, may)):
            told = targets.matrix(measure, span(number), NOON.date(), ours.fiscal_year_start)
            assert told.total.attained == amount, (measure, number)
            told = quotas.quotas(
                world.admin, measure, span(number), NOON.date(), ours.fiscal_year_start, True
            )
            people = {row.id: row.promise.attained for team in told for row in team.people}
            assert people[world.rep.pk] == amount
            assert people[world.marketer.pk] == amount


def test_the_forecast_and_what_came_of_it(world):
    for by in sums.BY:
        board = sums.board(world.sales_head, month(5), by, NOON)
        assert (board.total.closed, board.total.weighted, board.total.deals) == (-40, -40, 0)
        assert sum(one.closed for one in board.groups.values()) == -40
    assert sums.board(world.rep, month(5), "rep", NOON).total.closed == -40
    told = calls.summed(calls.Subject(), span(5), MAY)
    assert (told["closed"], told["deals"]) == (-40, 0)
    assert sum(listed("forecast_closed", month(5)).values()) == -40


def test_the_first_screens_tell_it(world):
    found = glance(world.admin, asked(period="year"), NOON)
    assert (found.won.new, found.won.existing, found.won.deals, found.won.customers) == (60, 0, 1, 1)
    may = glance(world.admin, month(5), NOON)
    assert (may.won.new, may.won.deals, may.won.customers) == (-40, 0, 0)
    cancel(world.deal, world, "10", NOON.date())
    roll_all()
    week = changes(world.admin, asked(period="year"))
    assert (week["won"].now, week["cancelled"].now, week["cancelled"].amount) == (0, 1, -10)
    assert next(text for text, _href in sentences(week, "EUR")).startswith("1 cancellation took back €10")


def test_segments_have_it_whatever_narrows_them(world):
    for more in ({}, {"rep": world.rep.pk}, {"campaign": world.first.pk}):
        for number, told in ((3, (1, 100, 70, 0)), (5, (0, -40, -28, 0))):
            choice = month(number, **more)
            found = segments(choice, axes({}), Decimal("0.1"))
            (one,) = (one for one in found.rows if one.id == world.segment.pk)
            assert (one.won, one.revenue, one.margin, one.uncosted) == told, (more, number)


def test_who_was_reached_and_bought_has_bought_for_less(world):
    audience = Audience.objects.create(
        campaign=world.first, held_percent=0, seed="seed", days=120, drawn_on=date(2026, 3, 1)
    )
    AudienceMember.objects.create(audience=audience, contact=world.contact, held=False)
    DealContact.objects.create(deal=world.deal, contact=(other := make.contact()))
    AudienceMember.objects.create(audience=audience, contact=other, held=True)
    for days, drawn_on, bought in (
        (120, date(2026, 3, 1), (1, 30)),
        (40, date(2026, 3, 1), (1, 30)),  # cancelled after the days: it is no increment either
        (120, date(2026, 4, 1), (0, 0)),  # won before them, and cancelled in them
    ):
        Audience.objects.filter(pk=audience.pk).update(days=days, drawn_on=drawn_on)
        audience.refresh_from_db()
        found = lift.lift(audience, midnight, NOON.date())
        for arm in (found.reached, found.held):
            assert (arm.won, arm.revenue, arm.squares) == (*bought, bought[1] ** 2)


# -- lists ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["won", "won_new", "margin", "forecast_closed"])
def test_the_lists_sum_to_their_figures(world, name):
    assert listed(name, month(3)) == {world.deal.pk: 100}
    assert listed(name, month(5)) == {world.gone.pk: -40}
    assert listed(name, month(5), world.rep) == {world.gone.pk: -40}
    assert listed(name, month(5), world.other_rep) == {}


def test_lists_of_wins_and_openings_leave_it_out(world):
    for name in ("created", "new_customers", "week_won", "lost", "win_rate", "renewal_rate", "won_existing"):
        assert world.gone.pk not in listed(name, asked(period="all")), name
    sums_of = {}
    for row in rows("credits", None, month(5))[0]:
        sums_of[row["deal_id"]] = sums_of.get(row["deal_id"], 0) + row["amount"]
    assert sums_of == {world.gone.pk: -40}


def test_the_pages_name_it(client, world):
    client.force_login(world.sales_head)
    page = client.get("/dashboard/behind/won/?period=custom&from=2026-05&to=2026-05").content.decode()
    assert f'href="/deals/{world.gone.pk}/"' in page
    for words in ("Cancellation", "−€40.00", world.contact.company.name, "Rep"):
        assert words in page, words
    page = client.get("/dashboard/behind/credits/?period=custom&from=2026-05&to=2026-05").content.decode()
    assert f"{world.contact.company.name} · Cancellation" in page
    head, *lines = read_csv(
        client.get("/dashboard/behind/credits/?period=custom&from=2026-05&to=2026-05&format=csv")
    )
    assert {line[head.index("Company")] for line in lines} == {
        world.contact.company.name
    }  # as elsewhere, to join by


def test_no_contract_ends_that_was_cancelled_in_full(world):
    Deal.objects.filter(pk=world.deal.pk).update(contract_until=MAY)
    roll_all()
    assert (glance(world.admin, month(5), NOON).renewals.deals, listed("renewal_rate", month(5))) == (
        1,
        {world.deal.pk: 100},
    )
    cancel(world.deal, world, "60")
    roll_all()
    assert (glance(world.admin, month(5), NOON).renewals.deals, listed("renewal_rate", month(5))) == (0, {})


# -- months that are closed ------------------------------------------------------------------------------------
def told(number, measure="won"):
    """(official, late) won revenue of a month, and how many wins."""
    found = official.books(asked(period="year"))
    one = next(one for one in found.months if one.month.month == number)
    return tuple(
        sum(getattr(one, side).get(name, official.NOTHING).amount for name in (measure, "cancelled"))
        for side in ("official", "late", "restated")
    )


def test_a_cancellation_of_a_closed_month_counts_in_the_first_open_one(cast, world):
    for number in (3, 4, 5):
        books.close(date(2026, number, 1), cast.finance, NOON)
    assert (told(3), told(5), told(6)) == ((100, 0, 0), (-40, 0, 0), (0, 0, 0))
    late = cancel(world.deal, cast, "25", date(2026, 4, 15), NOON + timedelta(minutes=5))
    roll_all()
    assert (told(4), told(6)) == ((0, 0, -25), (-25, -25, 0))
    shut = official.books(asked(period="year")).shut[date(2026, 4, 1)]
    (one,) = (one for one in changed(shut).rows if one.measure == "cancelled")
    assert (one.item, one.what, one.now.amount, one.name) == (late.pk, "came", -25, world.deal.name)
    teller = (cast.manager.full_name, NOON + timedelta(minutes=5))
    credits = [one for one in changed(shut).rows if one.measure == "credit"]
    assert {(row.item, row.who, row.at) for row in (one, *credits)} == {(late.pk, *teller)}
    assert credits
    cancel(world.deal, cast, "1", date(2026, 6, 1), NOON + timedelta(minutes=7))  # which is another story
    (one,) = (one for one in changed(shut).rows if one.measure == "cancelled")
    assert (one.who, one.at) == teller
    assert Api(cast.sales_head).delete(f"/cancellations/{world.gone.pk}/")[0] == 204
    roll_all()
    assert (told(5), told(6)) == ((-40, 0, 40), (14, 15, 0))
    shut = official.books(asked(period="year")).shut[date(2026, 5, 1)]
    (one,) = (one for one in changed(shut).rows if one.measure == "cancelled")
    assert (one.item, one.what, one.was.amount, one.name) == (world.gone.pk, "gone", -40, world.deal.name)
    assert (one.who, one.at is None) == (cast.sales_head.full_name, False)
    assert lies() == {}


# -- kept in step ----------------------------------------------------------------------------------------------
def test_it_follows_its_deal_wherever_that_stands(world):
    Deal.objects.filter(pk=world.deal.pk).update(owner=world.other_rep, kind="expansion")
    roll_all()
    assert wins.wins(month(5, rep=world.other_rep.pk)).now.won_amount == -40
    assert wins.wins(month(5, rep=world.rep.pk)).now.won_amount == 0
    assert wins.wins(month(5)).kinds["expansion"].won_amount == -40
    assert lies() == {}
    closing.take_back(world.gone, by=world.admin, at=NOON)
    roll_all()
    assert wins.wins(month(5)).now.won_amount == 0
    assert not Credit.objects.filter(deal_id=world.gone.pk).exists()
    assert lies() == {}
    rebuild()
    assert lies() == {}


def test_more_cancelled_than_was_won_is_named(world):
    Deal.objects.filter(pk=world.deal.pk).update(amount=39, base_amount=39)
    assert lies() == {
        "amounts": [f"Deal {world.deal.pk}: stored 40.0000 cancelled, the source says won for 39.0000"]
    }
