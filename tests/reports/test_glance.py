"""The first screens against a naive count; the week in words; the page, its statements and the API."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from accounts import organisation
from leads.models import Lead
from pipeline.models import Campaign, Company, Deal
from reports import behind, funnel, glance, returns
from reports.budget import budget
from reports.choice import axes, parse
from reports.glance import cards, week
from reports.glance import tiles as tiles_of
from reports.glance.drawn import chart
from reports.glance.figures import PAID_AND_EARNED
from reports.models import CountedDeal, Target
from reports.periods import shifted
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_tables
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def choose(**data):
    """This quarter, among what there is."""
    data = {name: str(value) for name, value in {"period": "quarter", **data}.items()}
    return parse(data, axes(data), NOON)


@pytest.fixture
def house(cast):
    """Wins of this quarter and of the last year's, new and existing; deals by source; a target; spend."""
    acme, other = make.company("Acme"), make.company("Other")
    win(100, company=acme, owner=cast.rep, signed_on=TODAY - DAY)
    win(30, company=acme, owner=cast.rep, signed_on=TODAY, kind="expansion")
    win(50, company=other, owner=cast.other_rep, signed_on=TODAY - 20 * DAY)
    win(40, company=other, owner=cast.rep, signed_on=date(2025, 5, 2))
    win(1_000, owner=cast.rep, signed_on=date(2025, 6, 20))  # later in last year's quarter than today
    campaign = make.campaign("Fair", channel="exhibition", budget=500, currency="EUR")
    spend(campaign, 90)
    spend(None, 10)
    for channel, brought_by, amount in (
        ("exhibition", campaign, 200),
        ("cold_call", None, 70),
        ("dealer", None, 20),
        ("seo", None, 5),
    ):
        deal = make.deal(amount=amount, base_amount=amount, opened_at=NOON - 3 * DAY, owner=cast.rep)
        lead = make.lead(campaign=brought_by, channel=channel, at=NOON - 30 * DAY)
        Lead.objects.filter(pk=lead.pk).update(
            deal=deal, mql_at=NOON - 30 * DAY, ready_at=NOON - 9 * DAY, sql_at=NOON - 4 * DAY
        )
        if amount == 70:
            make.touch(lead.contact, NOON - 90 * DAY, campaign=campaign)
        if amount == 20:
            make.touch(lead.contact, NOON - 300 * DAY, campaign=campaign)  # too long ago
    Target.objects.create(month=date(2026, 6, 1), measure="won", amount=360, set_by=cast.admin, set_at=NOON)
    roll_all()
    return campaign


def test_the_figures_are_those_of_a_naive_count(house, cast):
    found = glance.glance(cast.admin, choose(), NOON)
    assert (found.won.new, found.won.existing, found.won.deals) == (150, 30, 3)
    assert (found.won_before.new, found.won_before.existing) == (40, 0)  # up to the same day
    assert found.won.customers == 1  # Other had won the year before
    assert found.cac == 100
    assert found.created.sourced == {"marketing": 200, "sales": 70, "partner": 20, "other": 1225}
    assert (found.created.influenced, found.created.total) == (70, 1515)
    assert (found.forecast.target, found.forecast.closed, found.left) == (360, 180, 400)
    programme = make.campaign("Fairs", budget=1_000, currency="EUR", starts_on=TODAY)
    Campaign.objects.filter(pk=house.pk).update(parent=programme)
    spend(programme, 25, month=date(2026, 2, 1))
    roll_all()
    for data in ({}, {"period": "month"}, {"period": "all"}, {"channel": "exhibition"}):
        told = glance.glance(cast.admin, choose(**data), NOON)
        assert (told.left, told.budget) == (budget(choose(**data)).total.left, budget(choose(**data)).total)
    assert glance.glance(cast.admin, choose(), NOON).left == 1_000 - 90 - 25 - 10
    assert [deal["amount"] for deal in found.biggest] == [200, 70, 20, 5]
    assert glance.glance(cast.other_rep, choose(), NOON).biggest == []
    assert found.leak.name == "sql_deal"
    assert (found.leak.entered, found.leak.reached) == (4, 0)


def test_what_campaigns_returned_is_what_their_page_tells(house, cast):
    lead = make.lead(campaign=house, at=NOON - 5 * DAY, sql_at=NOON - DAY)
    win(80, [lead.contact], owner=cast.rep, signed_on=TODAY, cost=30)
    make.touch(lead.contact, NOON - 5 * DAY, campaign=house)
    roll_all()
    for data in ({}, {"period": "all"}, {"channel": "exhibition"}, {"campaign": house.pk}, {"model": "last"}):
        told, whole = glance.glance(cast.admin, choose(**data), NOON).returns, returns.returns(choose(**data))
        assert [getattr(told.total, name) for name in PAID_AND_EARNED] == [
            getattr(whole.total, name) for name in PAID_AND_EARNED
        ]
        ratios = [
            (one.margin_roi, one.revenue_roi, one.roas, one.cost_per["sql"])
            for one in (told.total, whole.total)
        ]
        assert ratios[0] == ratios[1]
        assert (told.spent, told.committed, told.total.sqls > 0) == (whole.spent, whole.committed, True), data


def test_a_first_win_and_influence_follow_mergers_and_late_facts(house, cast):
    first = {deal.deal_id for deal in CountedDeal.objects.filter(first_win=True)}
    acme, other = Company.objects.get(name="Acme"), Company.objects.get(name="Other")
    assert len(first & set(Deal.objects.filter(company__in=[acme, other]).values_list("pk", flat=True))) == 2
    Company.objects.filter(pk=acme.pk).update(merged_into=other)
    roll_all()
    found = glance.glance(cast.admin, choose(), NOON)
    assert found.won.customers == 0  # both are one, that had won the year before
    Campaign.objects.update(track="sales")
    roll_all()
    found = glance.glance(cast.admin, choose(), NOON)
    assert (found.created.influenced, found.created.sourced["marketing"], found.created.sourced["sales"]) == (
        0,
        0,
        270,
    )


def test_the_week_is_told_in_words_that_agree_with_the_numbers(house, cast):
    for days in (1, 2, 8):
        make.lead(at=NOON - days * DAY)
    roll_all()
    found = glance.changes(cast.admin, choose())
    told = [sentence for sentence, _href in week.sentences(found, "EUR")]
    assert told == [
        "2 deals worth €130 were won; the week before 0, worth €0.",
        f"The biggest win was {Deal.objects.get(base_amount=100).name}, worth €100.",
        "4 deals worth €295 were opened; the week before 0, worth €0.",
        "2 leads came in, 1 more than the week before.",
        "Sales accepted 4 leads, 4 more than the week before.",
    ]
    with translation.override("ru"):
        assert any("2 лида" in sentence for sentence, _href in week.sentences(found, "EUR"))
        assert all(
            sentence[0].isupper() or sentence[0].isdigit() for sentence, _href in week.sentences(found, "EUR")
        )
    assert week.sentences(week.Week(), "EUR") == [("Nothing has changed since last week.", "")]
    assert not [one for one, _href in week.sentences(found, "EUR", money=False) if "€" in one]
    calm = week.Week({"leads": week.Count(3, 3)})
    assert week.sentences(calm, "EUR")[0][0] == "3 leads came in, as many as the week before."


def test_each_screen_opens_with_its_own_six_figures(house, cast, client):
    first = {name: glance.screen_of(user) for name, user in cast.everybody().items()}
    assert {first[name] for name in ("marketer", "marketing_head")} == {"marketing"}
    assert {first[name] for name in ("manager", "sales_head", "rep")} == {"sales"}
    assert {first[name] for name in ("admin", "finance")} == {"ceo"}
    client.force_login(cast.admin)
    for screen, keys in tiles_of.TILES.items():
        page = client.get(f"/dashboard/glance/?screen={screen}")
        assert [tile["key"] for tile in page.context["tiles"]] == list(keys)
        for tile in page.context["tiles"]:
            assert client.get(tile["href"]).status_code == 200, tile["key"]
        organisation.current()
        assert queries(client, f"/dashboard/glance/?screen={screen}") <= 5 + 2
    assert "owed by now" in client.get("/dashboard/glance/?screen=marketing").content.decode()
    assert client.get("/dashboard/glance/?screen=moon").status_code == 400
    for screen in glance.SCREENS:
        tables = read_tables(client.get(f"/dashboard/glance/?screen={screen}&format=csv"))
        shown = client.get(f"/dashboard/glance/?screen={screen}").context["cards"]
        assert list(tables) == [
            "",
            "What changed since last week",
            *(str(one.caption) for *_words, one in shown),
        ]
        file = tables[""]
        assert ("Speed to lead (working minutes)" in {row[0] for row in file}) == (screen == "sales")
        assert not [cell for _name, cell, _note in file[1:] if cell and not Decimal(cell).is_finite()]
    ever = glance.glance(
        cast.admin, choose(period="all"), NOON
    )  # nothing lies a year before, and it has no target
    assert {one.rate_before for one in ever.steps} == {None}
    assert (ever.forecast.target, "a year before" in cards.leak_words(ever)) == (None, False)
    one = queries(client, "/dashboard/glance/?period=all")
    make.deal(amount=9, base_amount=9, owner=cast.rep)
    win(5, owner=cast.rep, signed_on=TODAY)
    roll_all()
    assert queries(client, "/dashboard/glance/?period=all") == one
    client.force_login(cast.rep)
    assert client.get("/dashboard/glance/").status_code == 403


def test_against_the_target_and_the_year_before(house, cast):
    tiles = {
        tile["key"]: tile
        for tile in tiles_of.tiles(glance.glance(cast.admin, choose(), NOON), choose(), "ceo")
    }
    assert tiles["won"]["note"] == "50% of the target"  # nothing is known of April 2025
    win(7, owner=cast.rep, signed_on=date(2025, 3, 2))
    roll_all()
    tiles = {
        tile["key"]: tile
        for tile in tiles_of.tiles(glance.glance(cast.admin, choose(), NOON), choose(), "ceo")
    }
    assert tiles["won"]["note"] == "50% of the target · +350% against last year"
    assert (tiles["new"]["text"], tiles["new"]["note"]) == ("€150", "+275% against last year")
    assert (tiles["existing"]["text"], tiles["existing"]["note"]) == ("€30", "")
    assert tiles["cac"]["note"] == "€100 for 1 new customer"
    for narrow in ({"team": cast.other_rep.team_id}, {"rep": cast.other_rep.pk}, {"rep": "none"}):
        found = glance.glance(cast.admin, choose(**narrow), NOON)
        (cac,) = [tile for tile in tiles_of.tiles(found, choose(**narrow), "ceo") if tile["key"] == "cac"]
        told = (cac["text"], cac["note"])
        assert told == ("–", "not told of a part of sales: spend belongs to campaigns"), narrow


def test_the_api_says_the_same(house, cast):
    status, body = Api(cast.admin).get("/reports/glance/", **{"from": "2026-04", "to": "2026-06"})
    assert (status, body["screen"], body["now"]["influenced"], body["year_before"]["won_new"]) == (
        200,
        "ceo",
        "70",
        "1040",
    )
    assert Decimal(body["cac"]) == 100
    assert Api(cast.admin).get("/reports/glance/", team=cast.other_rep.team_id)[1]["cac"] is None
    assert body["week"]
    assert Api(cast.rep).get("/reports/glance/")[0] == 403
    assert timedelta(days=7) == week.WEEK


def test_each_list_holds_exactly_what_its_figure_counts(house, cast):
    found, choice = glance.glance(cast.admin, choose(), NOON), choose()

    def amounts(name):
        return sorted(row["amount"] for row in behind.rows(name, cast.admin, choice)[0])

    assert sum(amounts("won_new")) == found.won.new == 150
    assert sum(amounts("won_existing")) == found.won.existing == 30
    lists = {
        "marketing": "sourced",
        "sales": "sourced_sales",
        "partner": "sourced_partner",
        "other": "sourced_other",
    }
    for source, name in lists.items():
        assert sum(amounts(name)) == found.created.sourced[source], name
    assert amounts("week_won") == [30, 100]
    assert (len(amounts("week_won")), len(amounts("week_opened"))) == (
        found.week["won"].now,
        found.week["opened"].now,
    )
    for step in found.steps:
        assert (
            behind.rows(f"stuck_{step.name}", cast.admin, choice)[0].count() == step.entered - step.reached
        ), step
    spent = behind.rows("spend", cast.admin, choice)[0]
    assert sum(row["base_amount"] for row in spent) == found.returns.spent == 100
    credited = behind.rows("credits", cast.admin, choose(campaign=house.pk, period="all"))[0]
    assert sum(row["amount"] for row in credited) == sum(
        line.money.revenue for line in found.returns.lines if line.campaign == house.pk
    )


def test_a_year_before_stands_where_both_have_had_their_time(cast):
    """Against a naive count, over periods that are over and that run, of all, of a channel and of a rep; as their lists hold them."""
    stages = [f"{one}_at" for one in ("captured", "mql", "ready", "sql", "deal", "won")]
    passes = []
    for number in range(120):
        at = NOON - (330 + number * 9 % 240) * DAY
        lead = make.lead(at=at, channel=("seo", "sem")[number % 2])
        days = [at]
        for step in range(number % 6):
            days.append(days[-1] + (1 + number * (step + 3) % 47) * DAY)
        told = dict(zip(stages, days, strict=False))
        Lead.objects.filter(pk=lead.pk).update(owner=cast.rep if number % 3 else None, **told)
        passes.append((Lead.objects.get(pk=lead.pk), days))
    roll_all()
    asked = (
        {"period": "month"}, {}, {"period": "year"}, {"period": "12m"}, {"period": "last_quarter"}, {"period": "last_month"},
        {"from": "2026-01", "to": "2026-02", "period": "custom"}, {"from": "2026-09", "to": "2026-12", "period": "custom"},
        {"channel": "seo"}, {"rep": cast.rep.pk}, {"channel": "sem", "rep": cast.rep.pk, "period": "last_quarter"},
    )  # fmt: skip
    seen, shown = set(), set()
    for data in asked:
        choice = choose(**data)
        first, until = (shifted(one, -12) for one in (choice.period.first, choice.period.until))
        grown = {name: not one.young for name, one in funnel.funnel(choice).steps.items()}
        for place, step in enumerate(glance.glance(cast.admin, choice, NOON).steps):
            entered = [
                days
                for lead, days in passes
                if data.get("channel", lead.channel) == lead.channel
                and data.get("rep", lead.owner_id) == lead.owner_id
                and len(days) > place
                and first <= days[place].date() < until
            ]
            reached = [days for days in entered if len(days) > place + 1]
            known = (
                choice.period.until <= TODAY
                and grown[step.name]
                and (
                    min(
                        days[0].date()
                        for lead, days in passes
                        if data.get("channel", lead.channel) == lead.channel
                        and data.get("rep", lead.owner_id) == lead.owner_id
                    ).replace(day=1)
                    <= first
                )
            )
            told = (len(entered), len(reached)) if known else (None, None)
            assert (step.entered_before, step.reached_before) == told, (data, step)
            share = len(reached) / len(entered) if known and len(entered) >= 20 else None
            assert (step.rate_before and float(step.rate_before)) == share, (data, step)
            shown.add((known, share is None))
            for name, held in ((f"then_{step.name}", reached), (f"entered_then_{step.name}", entered)):
                assert behind.rows(name, cast.admin, choice)[0].count() == len(held), (data, name)
            seen.add((len(entered) > len(reached), bool(reached)))
    assert seen == {(False, False), (True, False), (False, True), (True, True)}
    assert shown == {(True, False), (True, True), (False, True)}


def test_renewal_rate_is_of_the_value_that_ends(house, cast):
    """Renewed by its own renewal, by one that history links to nothing, and not at all; won by another product counts not."""
    choice, firm = choose(), make.company("Loyal")
    linked = win(
        100, company=make.company("Linked"), signed_on=date(2025, 6, 10), contract_until=date(2026, 6, 10)
    )
    by_itself = win(60, company=firm, signed_on=date(2025, 6, 10), contract_until=date(2026, 6, 10))
    win(40, company=make.company("Gone"), signed_on=date(2025, 5, 10), contract_until=date(2026, 5, 10))
    win(1_000, company=firm, signed_on=date(2024, 5, 10), contract_until=date(2025, 5, 10))  # ended long ago
    renewal = win(90, kind="renewal", signed_on=TODAY)
    Deal.objects.filter(pk=renewal.pk).update(renews=linked)
    win(70, company=firm, kind="renewal", signed_on=date(2026, 6, 1))
    roll_all()
    found = glance.glance(cast.admin, choice, NOON)
    assert (found.renewals.deals, found.renewals.due, found.renewals.renewed) == (3, 200, 160)
    assert found.renewals.rate == Decimal("0.8")
    listed = {row["deal_id"] for row in behind.rows("renewal_rate", cast.admin, choice)[0]}
    assert len(listed) == 3
    assert listed >= {linked.pk, by_itself.pk}


def test_regions_stand_to_their_targets_by_the_one_rule(house, cast):
    """180 won of a quarter; what is due of the target by its days so far, today included."""
    days, over = 91, (TODAY - date(2026, 4, 1)).days + 1
    edge = Decimal(180) * days / over / Decimal("0.9")  # just on the way
    for goal, said in ((edge - 1, "on the way"), (edge + 1, "behind"), (180, "reached")):
        Target.objects.update(amount=round(goal, 2))
        drawn = str(chart(glance.glance(cast.admin, choose(), NOON), choose(), "sales")[1])
        assert f">{said}</small>" in drawn
