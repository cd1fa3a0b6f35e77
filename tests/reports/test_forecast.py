"""The forecast against a naive count; what people say over it; how right they were; its page, lists, file and API."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from accounts import organisation
from pipeline.models import Company, Deal, DealStage
from reports import forecast
from reports.choice import axes, parse
from reports.forecast import about, showing, telling
from reports.models import CountedDeal, ForecastCall, Quota, Target
from reports.periods import between
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv, read_tables, worded
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win

pytestmark = pytest.mark.django_db
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
QUARTER = between(date(2026, 4, 1), JUNE)


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def opened(owner, amount, due, stage="proposal", **fields):
    """An open deal in a stage, due on a day."""
    return make.deal(
        owner=owner,
        amount=amount,
        base_amount=amount,
        expected_close=due,
        stage=DealStage.objects.get(code=stage),
        **fields,
    )


@pytest.fixture
def book(cast):
    """Deals of two teams in every category, some due later, some past their day, one without an amount; rolled up."""
    due = NOON.date() + timedelta(days=10)
    opened(cast.rep, 100, due, "negotiation")
    opened(cast.rep, 40, due)
    opened(cast.teammate, 60, due, "qualify")
    opened(cast.teammate, 1_000, due, "negotiation", category="omitted")
    opened(cast.other_rep, 30, due, "qualify", category="commit")
    opened(cast.other_rep, None, due)
    opened(cast.other_rep, 500, JULY + timedelta(days=40), "negotiation")
    opened(cast.rep, 9, NOON.date() - timedelta(days=100))
    opened(cast.rep, 8, None)
    opened(cast.rep, 11, NOON.date() - timedelta(days=1), "negotiation")
    opened(cast.rep, 3, NOON.date(), "negotiation", category="omitted")
    win(200, owner=cast.rep, signed_on=NOON.date() - timedelta(days=3))
    win(70, owner=cast.other_rep, signed_on=date(2026, 3, 31))
    Target.objects.create(month=JUNE, measure="won", amount=500, set_by=cast.admin, set_at=NOON)
    roll_all()


def choose(**data):
    """This quarter, among what there is."""
    data = {name: str(value) for name, value in {"period": "quarter", **data}.items()}
    return parse(data, axes(data), NOON)


def naive(deals, first, until):
    """{category: sum} and the weighted sum of deals due or won in a span, counted one by one."""
    sums, weighted = dict.fromkeys(forecast.CATEGORIES, Decimal()), Decimal()
    for deal in deals:
        amount = deal.base_amount or 0
        if deal.outcome == "won" and first <= deal.signed_on < until:
            sums["closed"] += amount
            weighted += amount
        category = deal.category or deal.stage.category
        if (
            deal.outcome == "open"
            and deal.expected_close
            and max(first, NOON.date()) <= deal.expected_close < until
            and category != "omitted"
        ):
            sums[category] += amount
            weighted += amount * deal.stage.probability / 100
    return sums, weighted


def ahead():
    """Put the open deals of this quarter where they stay ahead whenever a page is looked at."""
    Deal.objects.filter(expected_close=NOON.date() + timedelta(days=10)).update(
        expected_close=date(2099, 5, 10)
    )
    roll_all()


def told(sums):
    """A Sums as the naive count has it."""
    return {one: getattr(sums, one) for one in forecast.CATEGORIES}, sums.weighted


def test_the_sums_are_those_of_a_naive_count_however_grouped(book, cast):
    deals = list(Deal.objects.select_related("stage", "owner"))
    found = forecast.board(cast.admin, choose(), "rep", NOON)
    assert told(found.total) == naive(deals, QUARTER.first, QUARTER.until)
    for owner in (cast.rep, cast.teammate, cast.other_rep):
        assert told(found.groups[owner.pk]) == naive(
            [one for one in deals if one.owner == owner], QUARTER.first, QUARTER.until
        )
    assert [found.total.up_to(one) for one in forecast.CATEGORIES] == [200, 330, 370, 430]
    assert (found.total.coverage, found.overdue.deals, found.overdue.pipeline) == (Decimal(230) / 300, 3, 28)
    teams = forecast.board(cast.admin, choose(), "team", NOON).groups
    assert {key: one.up_to("pipeline") for key, one in teams.items()} == {
        cast.rep.team_id: 400,
        cast.other_rep.team_id: 30,
    }
    months = forecast.board(cast.admin, choose(), "month", NOON).groups
    assert {key: (one.closed, one.target) for key, one in months.items()} == {"2026-06-01": (200, 500)}
    assert (
        forecast.board(cast.admin, choose(team=cast.rep.team_id), "rep", NOON).total.up_to("pipeline") == 400
    )
    by_region = forecast.board(cast.admin, choose(), "region", NOON).groups
    assert (set(by_region), by_region[0].target) == ({0}, 500)
    # whoever sees the own people's deals has their quotas for a target
    for team, amount in ((cast.rep.team, 260), (cast.other_rep.team, 90)):
        Quota.objects.create(
            month=JUNE, measure="won", team=team, amount=amount, set_by=cast.admin, set_at=NOON
        )
    for user, target in ((cast.rep, 260), (cast.manager, 260), (cast.other_rep, 90), (cast.finance, 500)):
        found = forecast.board(user, choose(), "month", NOON)
        assert (found.total.target, found.groups["2026-06-01"].target) == (target, target)
    assert forecast.board(cast.rep, choose(), "month", NOON).total.coverage == Decimal(200) / 60
    for by, query in (("region", {}), ("rep", {"rep": cast.rep.pk})):
        found = forecast.board(cast.manager, choose(**query), by, NOON)
        assert {one.target for one in found.groups.values()} == {None}
    assert forecast.board(cast.rep, choose(rep=cast.rep.pk), "rep", NOON).total.target is None


def test_everybody_sees_the_deals_that_they_may_see(book, cast):
    sums = {
        name: forecast.board(user, choose(), "rep", NOON).total.up_to("pipeline")
        for name, user in cast.everybody().items()
        if name != "service"
    }
    everything = dict.fromkeys(("marketer", "marketing_head", "sales_head", "admin", "finance"), 430)
    assert sums == everything | dict.fromkeys(("rep", "teammate", "manager"), 400) | dict.fromkeys(
        ("other_rep", "other_manager"), 30
    )


def test_a_change_of_stage_owner_or_day_counts_at_once(book, cast):
    DealStage.objects.filter(code="qualify").update(probability=20, category="best_case")
    Deal.objects.filter(owner=cast.other_rep, category="commit").update(owner=cast.teammate)
    roll_all()
    found = forecast.board(cast.admin, choose(), "rep", NOON)
    assert told(found.total) == naive(Deal.objects.select_related("stage"), QUARTER.first, QUARTER.until)
    assert found.groups[cast.teammate.pk].commit == 30


def say(by, key, commit=400, best=450, reason="Two are signed in all but ink", at=NOON, period=QUARTER):
    """A forecast kept."""
    return forecast.call(
        key, period, commit=Decimal(commit), best_case=Decimal(best), reason=reason, by=by, at=at
    )


def test_who_may_speak_for_whom(cast):
    mine = {name: set(forecast.subjects(user)) for name, user in cast.everybody().items()}
    rep, mate, other = (f"rep:{one.pk}" for one in (cast.rep, cast.teammate, cast.other_rep))
    north, south = f"team:{cast.rep.team_id}", f"team:{cast.other_rep.team_id}"
    bosses = [f"rep:{one.pk}" for one in (cast.manager, cast.other_manager, cast.sales_head)]
    everything = {"house", north, south, rep, mate, other, *bosses}
    assert mine == {
        "rep": {rep}, "teammate": {mate}, "other_rep": {other}, "manager": {north, rep, mate, bosses[0]},
        "other_manager": {south, other, bosses[1]}, "sales_head": everything, "admin": everything,
        "marketer": set(), "marketing_head": set(), "finance": set(), "service": set(),
    }  # fmt: skip
    for by, key in (
        (cast.rep, mate),
        (cast.rep, "house"),
        (cast.manager, south),
        (cast.admin, "rep:x"),
        (cast.finance, rep),
    ):
        with pytest.raises(forecast.BadCall):
            say(by, key)


def test_what_was_said_is_kept_beside_what_the_deals_said(book, cast):
    key = f"rep:{cast.rep.pk}"
    first, second = say(cast.rep, key, 310, 350), say(cast.manager, key, 290, 300, at=NOON + DAY)
    assert (first.closed, first.summed_commit, first.summed_best_case, first.weighted) == (200, 300, 340, 295)
    found = forecast.board(cast.manager, choose(), "rep", NOON)
    assert [(one.by, one.commit, one.adjusted) for one in found.said] == [
        ("Manager", 290, -10),
        ("Rep", 310, 10),
    ]
    assert found.latest(rep=cast.rep.pk).commit == 290
    assert not forecast.board(cast.other_manager, choose(), "rep", NOON).said
    with pytest.raises(DatabaseError), transaction.atomic():
        ForecastCall.objects.filter(pk=second.pk).update(commit=1)
    for wrong in ({"reason": " "}, {"best": 399}, {"period": between(date(2026, 3, 1), date(2026, 5, 1))}):
        with pytest.raises(forecast.BadCall):
            say(cast.rep, key, **wrong)
    assert say(cast.rep, key, 300, 340, reason="").reason == ""  # nothing to explain


def test_what_was_said_is_narrowed_to_teams_and_people_and_stands_beside_no_part_of_their_deals(
    book, cast, client
):
    rep, mate, team = cast.rep.pk, cast.teammate.pk, cast.rep.team_id
    for by, key, commit in (
        (cast.sales_head, "house", 999), (cast.manager, f"team:{team}", 450), (cast.rep, f"rep:{rep}", 310),
        (cast.teammate, f"rep:{mate}", 70), (cast.other_rep, f"rep:{cast.other_rep.pk}", 40),
    ):  # fmt: skip
        say(by, key, commit, commit + 50)
    others = f"{team},{cast.other_rep.team_id}"
    expected = {
        (): ({999, 450, 310, 70, 40}, "the head says €999"),
        (("team", team),): ({450, 310, 70}, "Manager says €450"),
        (("rep", rep),): ({310}, "Rep says €310"),
        (("team", others),): ({450, 310, 70, 40}, "by the chance of each stage"),
        (("channel", "sem"),): ({999, 450, 310, 70, 40}, "by the chance of each stage"),
        (("channel", "sem"), ("rep", rep)): ({310}, "by the chance of each stage"),
    }
    client.force_login(cast.sales_head)
    for asked, (said, note) in expected.items():
        choice = choose(**{name: str(value) for name, value in asked})
        board = forecast.board(cast.sales_head, choice, "rep", NOON)
        assert {one.commit for one in board.said} == said, asked
        weighted = next(
            tile for tile in showing.tiles(board, choice, "reports:targets") if tile["name"] == "Weighted"
        )
        assert weighted["note"] == note, asked
        wider = "channel" in dict(asked)
        told = {row["said"] for row in showing.group_table(board, choice, "rep").rows}
        assert (told <= {None}) if wider else (told & {310}), asked
        assert bool(showing.said_note(choice)) == wider
    page = client.get("/dashboard/forecast/?period=quarter&channel=sem").content.decode()
    assert "What people said is of all their deals, whatever the channel." in page
    body = Api(cast.sales_head).get("/reports/forecast/", **{"from": "2026-04", "to": "2026-06", "rep": rep})[
        1
    ]
    assert [Decimal(one["commit"]) for one in body["said"]] == [310]


def held(call, side):
    """(amount, owner) of the deals that a forecast is about, the largest first."""
    return [(row["amount"], row["owner"]) for row in about.items(call, side).order_by(*about.ORDER)]


def test_what_was_said_opens_the_deals_as_they_stood(book, cast, client):
    """A person's word and the machine's snapshot keep their deals, whatever becomes of them; sums are those of the deals."""
    rep, mate, other = cast.rep.pk, cast.teammate.pk, cast.other_rep.pk
    mine, team = say(cast.rep, f"rep:{rep}"), say(cast.manager, f"team:{cast.rep.team_id}")
    forecast.keep(NOON.replace(month=7, day=1))
    for deal in Deal.objects.filter(amount__in=(100, 40, 500)):
        deal.owner, deal.amount, deal.base_amount, deal.expected_close = cast.other_rep, 1, 1, None
        deal.save()
    roll_all()
    assert [held(mine, side) for side in about.SIDES] == [
        [(200, rep), (100, rep)], [(200, rep), (100, rep), (40, rep)], [(200, rep), (100, rep), (40, rep)],
    ]  # fmt: skip
    assert held(team, about.WEIGHTED) == [(200, rep), (100, rep), (60, mate), (40, rep)]
    for call in ForecastCall.objects.all():
        for side, name in about.SUMMED.items():
            rows = about.items(call, side)
            worth = [
                (row["amount"] or 0) * (row["chance"] / 100 if side == about.WEIGHTED else 1) for row in rows
            ]
            assert sum(worth) == getattr(call, name), (call.rep, call.team, side)
        assert about.items(call, about.WEIGHTED).count() == call.deals
    quarter = ForecastCall.objects.get(by=None, months=3, rep=other)
    assert held(quarter, about.COMMIT) == [(500, other)]
    with pytest.raises(DatabaseError), transaction.atomic():
        mine.items.update(amount=1)
    ForecastCall.objects.create(first=JUNE, months=3, at=NOON, **dict.fromkeys(
        ("commit", "best_case", "summed_commit", "summed_best_case", "closed", "weighted"), Decimal(7)))  # fmt: skip
    its_deals_are_listed(mine, cast, client)


def its_deals_are_listed(mine, cast, client):
    """The page, its file and the API show the deals as they stood to whoever may see the forecast, in as many statements for 1 and 3."""
    client.force_login(cast.rep)
    board = forecast.board(cast.rep, choose(), "rep", NOON)
    (row,) = telling.said_table(board, choose()).rows[-1:]
    page = client.get(row["commit_href"])
    rows = page.context["table"].rows
    assert [(one["amount"], str(one["outcome"])) for one in rows] == [(200, "Won"), (100, "")]
    assert "The deals said €300.00. Said: €400.00 (+€100.00). Why: Two are" in page.content.decode()
    assert (rows[1]["href"], rows[1]["name"][:5]) == ("", "Deal ")  # another team's today: by its number only
    assert client.get(page.context["today"]).status_code == 200
    url = f"/dashboard/forecast/{mine.pk}/"
    assert client.get(f"{url}?side=luck").status_code == 400
    organisation.current()
    assert queries(client, url) == queries(client, f"{url}?side=best_case") <= 5 + 2
    status, told = Api(cast.manager).get(f"/reports/forecast/{mine.pk}/", side="best_case")
    assert (status, told["total"], told["deals"], [one["amount"] for one in told["results"]]) == (
        200, "340", 3, ["200", "100", "40"],
    )  # fmt: skip
    assert told["results"][1]["outcome"] == ""  # no longer theirs to see
    assert Api(cast.other_rep).get(f"/reports/forecast/{mine.pk}/")[0] == 404
    client.force_login(cast.finance)
    assert [line[5] for line in read_csv(client.get(f"{url}?format=csv"))[1:]] == ["200.0000", "100.0000"]
    old = ForecastCall.objects.get(deals=None)
    assert (
        "were not written down" in client.get(f"/dashboard/forecast/{old.pk}/?side=weighted").content.decode()
    )
    client.force_login(cast.other_manager)
    assert client.get(url).status_code == 404
    client.force_login(cast.service)
    assert client.get(url).status_code == 403


def test_accuracy_is_what_stood_on_day_one_against_what_was_won(client, cast):
    may = between(date(2026, 5, 1), date(2026, 5, 1))
    win(100, owner=cast.rep, signed_on=date(2026, 5, 20))
    win(60, owner=cast.other_rep, signed_on=date(2026, 5, 31))
    roll_all()
    before = NOON.replace(month=4, day=28)
    key = f"rep:{cast.rep.pk}"
    say(cast.rep, key, 90, 95, at=before, period=may)
    say(cast.rep, key, 120, 130, at=before.replace(month=5, day=1), period=may)
    say(cast.rep, key, 100, 130, at=before.replace(month=5, day=2), period=may)  # a day too late
    say(cast.sales_head, "house", 200, 200, at=before, period=may)
    forecast.keep(before.replace(month=5, day=1))
    found = forecast.board(cast.admin, choose(period="month"), "rep", NOON).past
    people = {(one.rep, one.team): (one.expected, one.final, one.error) for one in found if one.by}
    assert people == {
        (cast.rep.pk, None): (120, 100, Decimal("0.2")),
        (None, None): (200, 160, Decimal("0.25")),
    }
    machine = {(one.rep, one.team): one.expected for one in found if not one.by}
    assert machine == {
        (None, None): 160, (cast.rep.pk, None): 100, (cast.other_rep.pk, None): 60,
        (None, cast.rep.team_id): 100, (None, cast.other_rep.team_id): 60,
    }  # fmt: skip
    past = telling.past_table(
        forecast.board(cast.admin, choose(period="month"), "rep", NOON), choose(period="month")
    )
    client.force_login(cast.admin)
    for row in past.rows:
        held = client.get(row["final_href"]).context["table"].rows
        assert sum(one["amount"] for one in held) == row["final"], row["whose"]
    assert {one.rep for one in forecast.board(cast.rep, choose(period="month"), "rep", NOON).past} == {
        cast.rep.pk,
        None,
    }


def test_the_machine_keeps_a_month_once_and_a_quarter_in_its_first_month(book, cast):
    assert forecast.keep(NOON) == 1
    assert forecast.keep(NOON + DAY) == 0
    assert forecast.keep(NOON.replace(month=7, day=1)) == 2
    kept = ForecastCall.objects.filter(by=None, months=1, first=JUNE)
    assert kept.get(rep=None, team=None).weighted == 200 + 75 + 20 + 6 + 3
    assert ForecastCall.objects.filter(months=3, first=JULY).get(rep=None, team=None).summed_commit == 500


def test_the_page_its_lists_its_file_and_saying_a_forecast(book, cast, client):
    Organisation = type(organisation.current())
    Organisation.objects.update(level=2)
    organisation.forget()
    client.force_login(cast.manager)
    ahead()
    url = "/dashboard/forecast/?from=2026-04&to=2099-06"
    page = client.get(url)
    assert page.status_code == 200
    for words in ("€400", "3 open deals (€28) are past their expected close", "Say what you expect"):
        assert words in page.content.decode(), words
    for name, count in {
        "closed": 1,
        "commit": 2,
        "best_case": 3,
        "pipeline": 4,
        "weighted": 4,
        "overdue": 3,
    }.items():
        rows = client.get(f"/dashboard/behind/forecast_{name}/?from=2026-04&to=2099-06").context["table"].rows
        assert len(rows) == count, name
    due = client.get("/dashboard/behind/forecast_open/?from=2026-04&to=2099-06").context["table"].rows
    assert sorted(row["amount"] for row in due) == [40, 60, 100]
    narrow = client.get(
        f"/dashboard/behind/forecast_pipeline/?from=2026-04&to=2099-06&rep={cast.teammate.pk}"
    )
    assert [row["amount"] for row in narrow.context["table"].rows] == [60]
    tables = read_tables(client.get(f"{url}&format=csv"))
    assert list(tables)[1:] == ["By month of expected close", "What people said", "How right they were"]
    assert worded(tables) == []
    rows = tables[""]
    assert (len(rows), rows[0][0], {row[0] for row in rows[1:]}) == (1 + 2, "Rep", {"Rep", "Teammate"})
    wish = {"subject": f"team:{cast.rep.team_id}", "commit": "410", "best_case": "420", "reason": ""}
    far = url.replace("2026-04", "2099-04")
    answer = client.post(far, wish)
    assert (answer.status_code, "Say why you expect" in answer.content.decode()) == (422, True)
    assert client.post(far, {**wish, "reason": "A tender"}).status_code == 302
    assert "A tender" in client.get(far).content.decode()
    said = ForecastCall.objects.latest("pk").at
    for zone in (
        "Asia/Shanghai",
        "America/Los_Angeles",
    ):  # in a file, too, which is written when the page is over
        type(cast.manager).objects.filter(pk=cast.manager.pk).update(zone=zone)
        told = read_tables(client.get(f"{far}&format=csv"))["What people said"]
        (line,) = [dict(zip(told[0], row, strict=True)) for row in told[1:] if "A tender" in row]
        assert f"{said.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" in line.values()
    type(cast.manager).objects.filter(pk=cast.manager.pk).update(zone="")
    organisation.current()
    for by in forecast.BY:
        assert queries(client, f"{url}&by={by}") <= 5 + 2
    one = queries(client, url)
    for owner in (cast.rep, cast.teammate):
        opened(owner, 5, JUNE)
    roll_all()
    organisation.current()
    assert queries(client, url) == one
    assert client.get(f"{url}&by=moon").status_code == 400
    client.force_login(cast.marketer)
    assert client.post(far, {**wish, "reason": "x"}).status_code == 403
    client.force_login(cast.service)
    assert client.get(url).status_code == 403


def test_the_api_says_the_same(book, cast):
    ahead()
    status, body = Api(cast.rep).get(
        "/reports/forecast/", **{"from": "2026-04", "to": "2099-06", "by": "team"}
    )
    assert (status, body["total"]["commit"], body["groups"][0]["name"], body["overdue"]) == (
        200,
        "100",
        "North",
        3,
    )
    wish = {
        "subject": f"rep:{cast.rep.pk}",
        "first": "2099-04-01",
        "last": "2099-06-30",
        "commit": "5",
        "best_case": "9",
        "reason": "so",
    }
    status, made = Api(cast.rep).post("/reports/forecast/", wish)
    assert (status, made["months"], made["commit"]) == (201, 3, "5.0000")
    status, refused = Api(cast.rep).post("/reports/forecast/", {**wish, "subject": "house"})
    assert (status, "whom you lead" in str(refused)) == (400, True)
    assert Api(cast.marketer).post("/reports/forecast/", wish)[0] == 403


@pytest.mark.parametrize("today", [1, 10, 15, 16, 30])
def test_sums_that_are_kept_say_what_the_deals_say(book, cast, today):
    """By region and segment: of all, and of a team, a person and a campaign, each from another table; on any day of a month."""
    for due in (1, 2, 14, 15, 16, 17, 29, 30):
        opened(cast.rep, 100 + due, date(2026, 6, due))
    opened(cast.rep, None, date(2026, 6, 15))
    north, big = make.region("north"), make.segment("big")
    Company.objects.filter(deals__owner=cast.rep).update(region=north, segment=big)
    Deal.objects.filter(owner=cast.teammate, amount=60).update(company=make.company(region=north))
    roll_all()
    rows = CountedDeal.objects.select_related("deal")
    ends = (
        {"from": one, "to": other}
        for one, other in (("2026-06", "2026-06"), ("2026-01", "2026-05"), ("2026-07", "2026-12"))
    )
    for query in ({}, {"team": cast.rep.team_id}, {"rep": cast.rep.pk}, {"region": north.pk}, *ends):
        choice = replace(choose(**query), today=date(2026, 6, today))
        for by, key in (("region", "region"), ("segment", "segment")):
            wanted = {}
            for row in rows:
                won, day = row.outcome == "won", row.closed_on if row.outcome == "won" else row.due_on
                due = row.outcome == "open" and day is not None and day >= choice.today
                inside = day is not None and day in choice.period and (won or due)
                theirs = choice.owners is None or row.owner in choice.owners
                there = choice.region is None or row.region in choice.region.under
                if inside and theirs and there and (won or row.category != "omitted"):
                    chance = Decimal(100) if won else row.chance
                    one = wanted.setdefault(getattr(row, key), [0, 0, Decimal()])
                    one[0] += 1
                    one[1] += not won
                    one[2] += round((row.amount or 0) * chance / 100, 4)
            groups = forecast.board(cast.admin, choice, by, NOON).groups
            found = {key: [one.deals, one.open, one.weighted] for key, one in groups.items() if one.deals}
            assert found == wanted, (query, by)
            assert wanted or today == 30 or "to" in query


def test_coverage_opens_what_the_reader_may_open(client, cast):
    for user, page, status in (
        (cast.rep, "quotas", 403), (cast.manager, "quotas", 200), (cast.finance, "targets", 200),
    ):  # fmt: skip
        client.force_login(user)
        coverage = client.get("/dashboard/forecast/").context["tiles"][-1]["href"]
        assert coverage.startswith(f"/dashboard/{page}/")
        assert client.get(coverage).status_code == 200
        assert client.get("/dashboard/targets/").status_code == status
    Quota.objects.create(
        month=JUNE, measure="won", team=cast.rep.team, amount=260, set_by=cast.admin, set_at=NOON
    )
    client.force_login(cast.rep)
    rows = client.get("/dashboard/forecast/?from=2026-06&to=2026-06&by=month").context["table"].rows
    listed = client.get(rows[0]["target_href"]).context["table"].rows
    assert (rows[0]["target"], [row["amount"] for row in listed]) == (260, [260])
    # the other part of the ratio is what the reader's forecast is measured against, and named so
    listed, beside = "/dashboard/behind/forecast_open/?from=2026-06&to=2026-06", {}
    for user in (cast.rep, cast.manager, cast.finance):
        client.force_login(user)
        ((heading, href),) = client.get(listed).context["beside"]
        beside[user] = (heading, [row["amount"] for row in client.get(href).context["table"].rows])
    assert beside == {
        **dict.fromkeys((cast.rep, cast.manager), ("Quotas: Won revenue (North)", [260])),
        cast.finance: ("Targets: Won revenue", []),
    }
    assert client.get(f"{listed}&rep={cast.rep.pk}").context["beside"] == []  # nobody has a target alone
