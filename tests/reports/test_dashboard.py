"""The joint dashboard: its figures, who sees which of them, and what it costs."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts import organisation
from leads.models import Agreement, Handoff, Lead
from pipeline.models import Step
from reports import drawing
from reports.behind import LISTS
from reports.choice import Axes, parse
from reports.dashboard import dashboard
from reports.rollups import roll_all
from reports.tabs import TABS
from tests import cast as make
from tests.cast import NOON
from tests.downloads import read_tables, worded
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.test_returns import spend, won_by

pytestmark = pytest.mark.django_db
NOTHING = Axes({}, {})
URL = "/dashboard/?period=all"


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def firm(cast):
    """A campaign, three passes that came differently far, offers, a win, a loss and an open deal; rolled up."""
    campaign = make.campaign()
    spend(campaign, 100)
    new, accepted, won = (make.lead(at=NOON - days * DAY, campaign=campaign) for days in (1, 10, 40))
    Lead.objects.filter(pk=accepted.pk).update(mql_at=NOON - 9 * DAY, sql_at=NOON - 7 * DAY, stage="sql")
    Lead.objects.filter(pk=won.pk).update(
        mql_at=NOON - 38 * DAY, sql_at=NOON - 36 * DAY, deal_at=NOON - 30 * DAY, won_at=NOON, stage="won"
    )
    hour = timedelta(hours=1)
    terms = {"rep": cast.rep, "agreement": Agreement.objects.get()}
    Handoff.objects.create(
        lead=accepted,
        offered_at=NOON - 8 * DAY,
        answer_due_at=NOON - 8 * DAY + hour,
        accepted_at=NOON - 8 * DAY + hour / 2,
        contacted_at=NOON - 8 * DAY + hour,
        **terms,
    )
    Handoff.objects.create(lead=new, offered_at=NOON, answer_due_at=NOON + hour / 2, grade="A", **terms)
    won_by(campaign, 300, cost=50)
    lost = win("40")
    lost.outcome, lost.signed_on = "lost", None
    lost.save()
    deal = make.deal(owner=cast.rep, amount=70, base_amount=70)
    Step.objects.create(what="Call", owner=cast.rep, due_at=NOON, deal=deal)
    make.deal(owner=cast.rep, amount=30, base_amount=30)
    roll_all()
    return campaign


def board(user, **data):
    """The Dashboard of a choice for a user."""
    return dashboard(user, parse({"period": "all", **data}, NOTHING, NOON), NOON)


def test_the_eight_figures(cast):
    firm(cast)
    found = {tile.figure.name: tile.value for tile in board(cast.marketer).tiles}
    assert found == {
        "won": 300,
        "margin_roi": Decimal("1.5"),
        "pipeline": 100,
        "spend": 100,
        "leads": 3,
        "sqls": 2,
        "win_rate": Decimal("0.5"),
        "speed": None,
    }
    # a month that is not over is no better or worse than the whole one before
    for at, told in (
        (NOON, ("2 in the whole period before", None)),
        (NOON.replace(day=30), ("−50.0%", False)),
    ):
        choice = parse({"period": "month"}, NOTHING, at)
        tiles = drawing.tiles(dashboard(cast.marketer, choice, at), choice, may_see_money=True)
        leads = next(one for one in tiles if one.name == "New leads")
        assert (leads.change, leads.better) == told
        assert ("not over" in leads.against) == (at == NOON)


def test_the_funnel_by_entry_with_the_days_of_its_steps(cast):
    firm(cast)
    stages = board(cast.marketer).funnel
    now = stages.now
    assert (now.leads, now.to_mql, now.to_sql, now.to_deal, now.to_won) == (3, 2, 2, 1, 1)
    step = stages.steps["mql_sql"]
    assert (step.entered, step.reached, step.median, step.p90) == (2, 2, 2, 2)
    assert stages.steps["new_won"].median == 40


def test_a_filter_narrows_every_figure(cast):
    firm(cast)
    found = {tile.figure.name: tile.value for tile in board(cast.marketer, channel="webinar").tiles}
    assert (found["leads"], found["won"], found["spend"]) == (0, 0, 0)


def test_answer_times_and_what_became_of_the_offers(cast):
    firm(cast)
    times = board(cast.marketer).answers
    assert (times.now.offers, times.now.accepted, times.now.waiting, times.in_time) == (2, 1, 1, 1)
    assert [count for _low, _high, count in times.bins()] == [1, 0, 0, 0, 0, 0, 1]


def test_exceptions_are_those_the_user_may_see(cast):
    firm(cast)
    found = board(cast.rep).exceptions
    assert [offer.grade for offer in found.expiring] == ["A"]
    assert len(found.waiting) == 1
    assert [deal.amount for deal in found.stepless] == [30]
    strangers = board(cast.other_rep).exceptions
    assert not strangers.any
    assert not strangers.offers
    assert board(cast.finance).exceptions is None


def test_who_sees_the_page_and_its_money(client, cast):
    firm(cast)
    for name, user in cast.everybody().items():
        client.force_login(user)
        response = client.get(URL)
        if name == "service":
            assert response.status_code == 403
            continue
        page = response.content.decode()
        sees_money = name not in ("rep", "teammate", "other_rep")
        assert ("Won revenue" in page, "Marketing spend" in page) == (sees_money, sees_money), name
        assert "New leads" in page


def test_the_page_costs_the_same_with_one_row_and_with_three(client, cast):
    client.force_login(cast.marketer)
    firm(cast)
    organisation.current()
    one = queries(client, URL)
    for _again in range(2):
        spend(make.campaign(), 5)
        make.lead()
        make.deal(owner=cast.rep, amount=30, base_amount=30)
        roll_all()
    organisation.current()
    assert queries(client, URL) == one
    assert one <= 5 + 2  # session and user


def test_htmx_gets_the_board_alone(client, cast):
    client.force_login(cast.marketer)
    answer = client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in answer
    assert "Marketing spend" in answer


@pytest.mark.parametrize(
    "query", ["period=never", "model=none", "channel=tv", "region=1", "from=x", "strange=1", "segment=0x1"]
)
def test_what_a_report_does_not_know_is_refused(client, cast, query):
    client.force_login(cast.marketer)
    assert client.get(f"/dashboard/?{query}").status_code == 400


def test_every_list_opens(client, cast):
    firm(cast)
    client.force_login(cast.marketer)
    for name in LISTS:
        url = reverse("reports:behind", args=[name])
        for query in ("period=all", "period=month&channel=sem"):
            assert client.get(f"{url}?{query}").status_code == 200, (name, query)


def test_a_list_has_as_many_rows_as_its_figure_says(client, cast):
    firm(cast)
    client.force_login(cast.marketer)
    for name, count in {
        "leads": 3,
        "sqls": 2,
        "to_won": 1,
        "won": 1,
        "win_rate": 2,
        "pipeline": 2,
        "spend": 1,
    }.items():
        page = client.get(f"/dashboard/behind/{name}/?period=all")
        assert len(page.context["table"].rows) == count, name
    graded = (
        client.get(f"/dashboard/behind/grade_{one}/?period=all") for one in ("a", "b", "c", "d", "none")
    )
    assert sum(len(page.context["table"].rows) for page in graded) == 3


def test_lists_of_money_are_closed_to_reps(client, cast):
    client.force_login(cast.rep)
    assert client.get("/dashboard/behind/spend/").status_code == 403
    assert client.get("/dashboard/campaigns/").status_code == 403


def test_campaigns_side_by_side_and_one_of_them_as_a_panel(client, cast):
    campaign = firm(cast)
    client.force_login(cast.marketer)
    page = client.get("/dashboard/campaigns/?period=all").content.decode()
    assert campaign.name in page
    assert "+200.00%" in page
    panel = client.get(f"/campaigns/{campaign.pk}/return/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel
    assert "+200.00%" in panel


def test_the_overview_comes_as_a_file(client, cast):
    firm(cast)
    client.force_login(cast.finance)
    tables = read_tables(client.get(f"{URL}&format=csv"))
    assert list(tables) == ["", "Time in each step", "By channel", "Campaigns by revenue"]
    page = client.get(URL).context["board"]
    spent = {row[0]: Decimal(row[1]) for row in tables["By channel"][1:]}
    assert sum(spent.values()) == page.returns.total.spend
    assert [row[1] for row in tables["Time in each step"][1:]] == [
        str(page.funnel.steps[step].entered) for step in drawing.STEP_NAMES
    ]
    rows = {row[0]: row[1] for row in tables[""]}
    assert (rows["New leads"], rows["Accepted SQLs"]) == ("3", "2")
    assert Decimal(rows["Marketing spend"]) == 100
    workbook = client.get(f"{URL}&format=xlsx")
    book = load_workbook(io.BytesIO(b"".join(workbook.streaming_content)), read_only=True)
    assert book.sheetnames == ["Overview", *list(tables)[1:]]
    client.force_login(cast.sales_head)
    for tab in TABS:
        answer = client.get(f"{reverse(f'reports:{tab.page}')}?period=all&format=csv")
        assert worded(read_tables(answer)) == [], tab.page
    client.force_login(cast.rep)
    assert client.get(f"{URL}&format=csv").status_code == 403
