"""My numbers: six figures at most, those of the post and no more; leagues that do not call noise talent."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from accounts import organisation
from accounts.models import RepProfile, Role, Track
from leads.models import Lead
from leads.proportions import interval
from reports import goals, minding, mine, own_file, ranking
from reports.choice import axes, parse
from reports.funnel import funnel
from reports.leagues import CAMPAIGNS, REPS, league, leagues
from reports.models import Quota, Target
from reports.rollups import roll_all
from reports.scorecard.figures import Score
from reports.wins import wins
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.test_whose_pass import hand

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def read_sheet(answer):
    """Rows of an Excel download."""
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True)
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def closed(owner, won, lost):
    """So many deals won and lost in June."""
    for number in range(won + lost):
        deal = win(10, owner=owner, signed_on=NOON.date() - DAY)
        if number >= won:
            deal.outcome, deal.signed_on = "lost", None
            deal.save()


@pytest.fixture
def firm(cast):
    """A good, a bad and a new rep; an online and an offline campaign of the marketer; passes that sales answered."""
    closed(cast.rep, 18, 4)
    closed(cast.other_rep, 4, 18)
    closed(cast.teammate, 3, 0)
    fair = make.campaign("Fair", channel="exhibition", owner=cast.marketer)
    ads = make.campaign("Ads", channel="sem", owner=cast.marketer)
    others = make.campaign("Others", channel="sem")
    for number, campaign in enumerate([fair] * 3 + [ads] * 5 + [others]):
        at = NOON - number * DAY / 10
        lead = make.lead(at=at, campaign=campaign, owner=cast.rep, channel=campaign.channel)
        Lead.objects.filter(pk=lead.pk).update(mql_at=at, sql_at=at if number % 2 else None)
    roll_all()
    return fair, ads


def choose(**data):
    """June, among what there is."""
    data = {name: str(value) for name, value in {"from": "2026-06", "to": "2026-06", **data}.items()}
    return parse(data, axes(data), NOON)


def test_places_are_as_wide_as_chance_makes_them():
    entries = [
        (1, "Good", 90, 100),
        (2, "Also good", 85, 100),
        (3, "Bad", 20, 100),
        (4, "New", 3, 3),
        (5, "None", 0, 0),
    ]
    found = league(entries)
    assert [(one.name, one.places) for one in found.ranked] == [
        ("Good", (1, 2)),
        ("Also good", (1, 2)),
        ("Bad", (3, 3)),
    ]
    assert [(one.name, one.places) for one in found.few] == [("New", None)]
    assert (found.apart, found.pairs) == (2, 3)
    assert (found.ranked[0].low, found.ranked[0].high) == interval(90, 100)
    assert "2 of 3 pairs" in ranking.verdict(found)
    assert "All ranges overlap" in ranking.verdict(league([(1, "A", 15, 30), (2, "B", 16, 30)]))
    alone = league([(1, "A", 19, 19), (2, "B", 1, 19), (3, "C", 9, 20)])
    assert "nobody is ranked" in ranking.verdict(alone)
    assert [(one.name, one.places) for one in alone.ranked] == [("C", None)]
    table = ranking.league_table("reps", alone, choose())
    assert [row["place"] for row in table.rows] == ["–", "too few", "too few"]


def test_the_leagues_are_those_of_a_naive_count(firm, cast):
    found = leagues(cast.admin, choose())
    assert {one.name: (one.good, one.cases) for one in found[REPS].ranked} == {
        "Rep": (18, 22),
        "Other Rep": (4, 22),
    }
    assert [(one.name, one.good, one.cases) for one in found[REPS].few] == [("Teammate", 3, 3)]
    assert found[REPS].apart == 1
    mine_only = leagues(cast.other_rep, choose())[REPS]
    assert [one.name for one in (*mine_only.ranked, *mine_only.few)] == ["Other Rep"]
    assert not found[CAMPAIGNS].ranked


def test_each_post_has_its_six_figures_and_each_figure_its_meaning_and_list(firm, cast, client):
    held = {name: mine.posts(user) for name, user in cast.everybody().items()}
    assert {name: posts[:1] for name, posts in held.items()} == {
        "marketer": ["online"], "marketing_head": ["marketing_head"], "rep": ["rep"], "teammate": ["rep"],
        "other_rep": ["rep"], "manager": ["manager"], "other_manager": ["manager"], "sales_head": ["sales_head"],
        "admin": ["sales_head"], "finance": [], "service": [],
    }  # fmt: skip
    assert mine.posts(make.person("newcomer", Role.MARKETING)) == ["desk", "online", "offline"]
    assert (cast.marketing_head.head_of, mine.MOST) == (Track.MARKETING, 6)
    for name, posts in held.items():
        client.force_login(cast.everybody()[name])
        for post in posts:
            page = client.get(f"/dashboard/mine/?from=2026-06&to=2026-06&post={post}")
            tiles = page.context["tiles"]
            assert [tile["key"] for tile in tiles] == list(mine.FIGURES_OF[post])
            assert 0 < len(tiles) <= mine.MOST
            for tile in tiles:
                assert tile["meaning"], tile
                assert client.get(tile["href"]).status_code == 200, (name, post, tile["key"])
    for stranger in (cast.finance, cast.service):
        client.force_login(stranger)
        assert client.get("/dashboard/mine/").status_code == 403


def test_a_rep_answers_for_the_own_deals_and_a_marketer_for_the_own_campaigns(firm, cast, client):
    assert wins(choose(rep=cast.rep.pk)).now.won == 18
    assert funnel(choose(rep=cast.marketer.pk)).now.leads == 8
    client.force_login(cast.rep)
    page = client.get("/dashboard/mine/?from=2026-06&to=2026-06")
    told = {tile["key"]: (tile["text"], tile["note"]) for tile in page.context["tiles"]}
    assert told["won"] == ("€180", "18 deals")
    assert told["win_rate"] == ("82%", "18 of 22 · 61% to 93%")
    assert "Rep (you)" in page.content.decode()
    assert len(client.get(page.context["tiles"][0]["href"]).context["table"].rows) == 18
    client.force_login(cast.marketer)
    tiles = client.get("/dashboard/mine/?from=2026-06&to=2026-06").context["tiles"]
    assert tiles[0]["text"] == "8"
    assert client.get("/dashboard/mine/?post=rep").status_code == 400
    for lead, answer in zip(Lead.objects.order_by("pk")[:2], ({}, {"accepted": True}), strict=True):
        hand(lead, cast.rep, 39, **answer)
    roll_all()
    desk = client.get("/dashboard/mine/?from=2026-06&to=2026-06&post=desk").context["tiles"]
    (offered,) = [tile for tile in desk if tile["key"] == "offered"]
    assert offered["text"] == "2"  # with what nobody has answered yet
    assert len(client.get(offered["href"]).context["table"].rows) == 2
    client.force_login(cast.manager)
    told = {
        tile["key"]: tile["text"]
        for tile in client.get("/dashboard/mine/?from=2026-06&to=2026-06").context["tiles"]
    }
    assert told["won"] == "€210"
    everybodys = "/dashboard/behind/won/?from=2026-06&to=2026-06"  # shorter than its figure, and says so
    assert client.get(everybodys).context["told"] == "There are 25 in all; you may see 21 of them."
    assert client.get(f"{everybodys}&team={cast.rep.team_id}").context["told"] == ""
    for kind, read in (("csv", read_csv), ("xlsx", read_sheet)):  # and so do its files, in a last line
        rows = read(client.get(f"{everybodys}&format={kind}"))
        assert (len(rows), rows[-1][0]) == (1 + 21 + 1, "There are 25 in all; you may see 21 of them.")
        assert not any(rows[-1][1:])
        assert len(read(client.get(f"{everybodys}&team={cast.rep.team_id}&format={kind}"))) == 1 + 21
    client.force_login(cast.finance)
    assert client.get(everybodys).context["told"] == ""  # of deals, all
    leads = client.get("/dashboard/behind/leads/?from=2026-06&to=2026-06").context
    assert (leads["told"], leads["table"].rows) == ("There are 9 in all; you may see 0 of them.", [])
    client.force_login(cast.manager)
    # a manager answers for every team that they head, and their lists hold as much
    other = cast.other_rep.team
    other.head = cast.manager
    other.save()
    (tile,) = [
        one
        for one in client.get("/dashboard/mine/?from=2026-06&to=2026-06").context["tiles"]
        if one["key"] == "won"
    ]
    assert tile["text"] == "€250"
    assert len(client.get(tile["href"]).context["table"].rows) == 25
    both = f"{cast.rep.team_id},{other.pk}"
    assert wins(choose(team=both)).now.won == wins(choose(team=both, channel="none")).now.won == 25
    for wrong in (
        f"{both},{both}",
        f"{other.pk},9999",
        f"{other.pk},",
        f"{other.pk},{cast.marketer.team_id}",
    ):
        status = client.get(f"/dashboard/mine/?team={wrong}").status_code
        assert status == (200 if wrong.startswith(both) else 400), wrong
    figures = Api(cast.manager).get("/reports/mine/", **{"from": "2026-06", "to": "2026-06"})[1]["figures"]
    assert [one["text"] for one in figures if one["figure"] == "won"] == ["€250"]


def test_its_file_its_statements_and_the_api(firm, cast, client):
    client.force_login(cast.admin)
    url = "/dashboard/mine/?from=2026-06&to=2026-06"
    rows = read_csv(client.get(f"{url}&format=csv"))
    assert len(rows) == 1 + 6 + 3
    assert rows[1][:3] == ["Head of sales", "", "Won revenue"]
    assert Decimal(rows[1][3]) == wins(choose()).now.won_amount
    for post, figures in mine.FIGURES_OF.items():
        assert set(figures) <= set(own_file.EXACT), post
    for *_words, table in client.get(url).context["leagues"]:
        assert table.columns[0].name == "name"  # what a card on the phone is headed by
        for row in table.rows:
            good, cases = (len(client.get(row[name]).context["table"].rows) for name in ("good_href", "href"))
            assert (good, cases) == (row["good"], row["cases"]), row["name"]
    organisation.current()
    one = queries(client, url)
    closed(cast.teammate, 2, 1)
    roll_all()
    organisation.current()
    assert queries(client, url) == one <= 5 + 2
    query = {"from": "2026-06", "to": "2026-06"}
    status, body = Api(cast.rep).get("/reports/mine/", **query)
    assert (status, body["post"], len(body["figures"])) == (200, "rep", 6)
    assert [(one["name"], one["first"], one["last"]) for one in body["reps"]["results"]] == [
        ("Rep", None, None),
        ("Teammate", None, None),
    ]
    assert Api(cast.finance).get("/reports/mine/")[0] == 403


def test_narrowed_to_a_team_the_leagues_open_just_what_they_count(firm, cast, client):
    fair, _ads = firm
    for number, rep in enumerate([cast.rep] * 3 + [cast.teammate] * 2 + [cast.other_rep] * 4):
        lead = make.lead(at=NOON - DAY, campaign=fair)
        hand(lead, rep, 39, **({"accepted": True} if number % 2 else {"end": "returned"}))
        deal = win(10, owner=rep, signed_on=NOON.date() - DAY)
        Lead.objects.filter(pk=lead.pk).update(deal=deal, stage="won")
    roll_all()
    client.force_login(cast.sales_head)
    north, south, desk = cast.rep.team_id, cast.other_rep.team_id, cast.marketer.team_id
    passes = {}
    for team in (north, south, f"{north},{south}", desk, f"{desk}-own"):
        page = client.get(f"/dashboard/mine/?from=2026-06&to=2026-06&team={team}")
        for *_words, table in page.context["leagues"]:
            for row in table.rows:
                counts = [len(client.get(row[name]).context["table"].rows) for name in ("good_href", "href")]
                assert counts == [row["good"], row["cases"]], (team, row["name"])
        passes[team] = [(row["good"], row["cases"]) for row in table.rows]
    assert passes == {
        north: [(2, 5)], south: [(2, 4)], f"{north},{south}": [(4, 9)], desk: [(4, 9)], f"{desk}-own": []
    }  # fmt: skip


@pytest.fixture
def farmer(cast):
    RepProfile.objects.update_or_create(user=cast.teammate, defaults={"kind": "farmer"})
    for kind, amount in (("expansion", 40), ("renewal", 60), ("new", 7)):
        win(amount, owner=cast.teammate, signed_on=NOON.date() - DAY, kind=kind, cost=10)
    roll_all()
    return cast.teammate


def test_a_farmer_has_figures_of_keeping_customers(farmer, client):
    assert mine.posts(farmer) == ["farmer", "rep"]
    client.force_login(farmer)
    page = client.get("/dashboard/mine/?from=2026-06&to=2026-06")
    tiles = {tile["key"]: tile for tile in page.context["tiles"]}
    assert list(tiles) == list(mine.FIGURES_OF["farmer"])
    choice = parse({"rep": str(farmer.pk)}, axes({"rep": str(farmer.pk)}), NOON)
    found = mine.mine(farmer, choice, "farmer", choice)
    assert (found.margin_kept, found.wins.kinds["expansion"].won_amount) == (80, 40)
    behind = {
        name: len(client.get(tiles[name]["href"]).context["table"].rows)
        for name in ("margin_kept", "expansions")
    }
    assert behind == {"margin_kept": 2, "expansions": 1}


def test_a_farmer_answers_for_the_contracts_of_the_own_accounts_whoever_sold_them(farmer, client, cast):
    def contract(amount, company, owner, **more):
        ends = {"signed_on": NOON.date() - 300 * DAY, "contract_until": NOON.date()}
        return win(amount, company=company, owner=owner, **ends | more)

    taken, given = (
        make.company("Taken", sales_owner=farmer),
        make.company("Given", sales_owner=cast.other_rep),
    )
    sold, renewed = contract(300, taken, cast.rep), contract(500, taken, cast.rep)
    contract(70, given, farmer)  # signed by the farmer, who gave the account away
    contract(11, taken, cast.rep, contract_until=NOON.date() - 400 * DAY)
    renewal = win(520, company=taken, owner=farmer, kind="renewal", signed_on=NOON.date())
    type(renewal).objects.filter(pk=renewal.pk).update(renews=renewed)
    roll_all()
    narrowed = {"rep": str(farmer.pk)}
    choice = parse(narrowed, axes(narrowed), NOON)
    held = mine.mine(farmer, choice, "farmer", choice).renewals
    assert (held.deals, held.due, held.renewed) == (2, 800, 500)
    assert mine.mine(farmer, choice, "rep", choice).renewals.deals == 1
    client.force_login(farmer)
    tile = client.get("/dashboard/mine/?from=2026-06&to=2026-06").context["tiles"][0]
    listed = client.get(tile["href"])
    assert {row["deal_id"] for row in listed.context["table"].rows} == {sold.pk, renewed.pk}
    assert "Contracts of the own accounts that end" in listed.content.decode()
    client.force_login(cast.other_rep)
    assert client.get(tile["href"]).context["table"].rows == []


def test_each_figure_stands_to_the_quota_of_whom_it_is(farmer, cast):
    for person, measure, amount in ((farmer, "kept", 100), (farmer, "won", 50), (cast.rep, "kept", 9)):
        Quota.objects.create(
            person=person,
            measure=measure,
            month=date(2026, 6, 1),
            amount=amount,
            set_by=cast.admin,
            set_at=NOON,
        )
    narrow = {"rep": str(farmer.pk), "from": "2026-06", "to": "2026-06"}
    choice = parse(narrow, axes(narrow), NOON)
    found = mine.mine(farmer, choice, "farmer", choice)
    assert {name: (goal.target, goal.attained) for name, goal in found.goals.items()} == {
        "margin_kept": (100, 80),
        "won": (50, 107),
    }
    quarter = {**narrow, "from": "2026-04"}  # of three months only one has a goal: it is none of theirs
    assert mine.mine(farmer, parse(quarter, axes(quarter), NOON), "farmer", choice).goals == {}
    tile = next(one for one in minding.tiles(found, choice) if one["key"] == "margin_kept")
    passed = goals.made(found, choice, {})
    assert (tile["standing"], passed) == ("on_the_way", {})
    taken = hand(make.lead(owner=farmer, channel="sem"), farmer, 0, accepted=True)
    type(taken).objects.filter(pk=taken.pk).update(
        offered_at=NOON, accepted_at=NOON, answer_due_at=NOON + DAY
    )
    roll_all()
    narrowed = {**narrow, "channel": "sem"}
    assert (
        mine.mine(farmer, parse(narrowed, axes(narrowed), NOON), "farmer", choice).answers.in_time is not None
    )
    assert mine.mine(farmer, parse(narrowed, axes(narrowed), NOON), "farmer", choice).goals == {}


def test_the_heads_figures_stand_to_the_targets_and_a_teams_to_its_quota(firm, cast):
    region, month = make.region(), date(2026, 6, 1)
    for place, amount in ((region, 30), (None, 20)):
        Target.objects.create(
            measure="won", month=month, region=place, amount=amount, set_by=cast.admin, set_at=NOON
        )
    Quota.objects.create(
        team=cast.manager.team, measure="won", month=month, amount=9_999, set_by=cast.admin, set_at=NOON
    )

    def told(user, post, **data):
        data = {"from": "2026-06", "to": "2026-06", **mine.narrowing(user, post), **data}
        choice = parse(data, axes(data), NOON)
        return {
            name: goal.target
            for name, goal in mine.mine(user, choice, post, choice).goals.items()
            if not goal.of_clock
        }

    assert told(cast.sales_head, "sales_head") == {"won": 50}
    assert told(cast.sales_head, "sales_head", region=str(region.pk)) == {"won": 30}
    assert told(cast.manager, "manager") == {"won": 9_999}
    assert told(cast.sales_head, "desk") == {}


@pytest.mark.parametrize(
    ("attained", "due", "standing"),
    [
        (10, 1, "reached"),
        ("4.5", "0.5", "on_the_way"),
        ("4.4", "0.5", "behind"),
        (9, 1, "on_the_way"),
        (8, 1, "behind"),
    ],
)
def test_a_figure_stands_as_on_the_scorecard_of_the_chiefs(attained, due, standing):
    amounts = Decimal(10), Decimal(attained), Decimal(due)
    assert goals.Goal(*amounts).standing == Score("won", *amounts).standing == standing
