"""Each figure opens its list: cells of cohorts, shares of grades, weighted sums and returns, whole sets compared."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts import organisation
from leads.models import Lead
from pipeline.models import Company, Spend
from reports import behind
from reports.choice import axes, parse
from reports.cohorts import REACHED, cohorts, share
from reports.models import Credit
from reports.returns import returns
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON
from tests.downloads import read_csv
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.test_forecast import ahead, book  # noqa: F401
from tests.reports.test_returns import spend, won_by

pytestmark = pytest.mark.django_db
DAYS = {
    "to_mql": "mql_at",
    "to_ready": "ready_at",
    "to_sql": "sql_at",
    "to_deal": "deal_at",
    "to_won": "won_at",
}


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def choose(**data):
    """A Choice over all time, among what there is."""
    data = {name: str(value) for name, value in {"period": "all", **data}.items()}
    return parse(data, axes(data), NOON)


def listed(client, href):
    """The rows that an address opens, all of them."""
    answer = client.get(href)
    assert answer.status_code == 200, href
    return answer.context["table"].rows


def total(rows, name):
    """What a column of a list sums to."""
    return sum((row[name] for row in rows if row[name] is not None), Decimal())


def test_every_list_reads_what_it_is_paged_by(cast):
    for name in behind.LISTS:
        rows, order = behind.rows(name, cast.admin, choose())
        read = {*rows.query.values_select, *rows.query.annotation_select}
        assert {one.removeprefix("-") for one in order} <= read, name


def test_each_cell_of_the_cohorts_opens_the_passes_that_it_counts(client, cast):
    for number in range(12):
        at = NOON - number * 6 * DAY
        lead = make.lead(at=at, grade=("A", "B", "")[number % 3])
        far = list(DAYS.values())[: number % 6]
        proposed = "C" if number in (5, 11) else ""
        Lead.objects.filter(pk=lead.pk).update(mql_grade=proposed, **dict.fromkeys(far, at))
    roll_all()
    client.force_login(cast.marketer)
    page = client.get("/dashboard/funnel/?period=all").content.decode()
    found, leads = cohorts(choose()), list(Lead.objects.all())
    months = [month for month in found.funnel.months if month.leads]
    assert len(months) > 2
    for month in months:
        span = f"period=custom&from={month.month:%Y-%m}&to={month.month:%Y-%m}"
        for name in REACHED:
            href = f"/dashboard/behind/{name}/?{span}&model={choose().model}"
            assert page.count(f'href="{href.replace("&", "&amp;")}"') == 2  # drawn, and in the table
            wanted = {
                one.pk
                for one in leads
                if (one.captured_at.year, one.captured_at.month) == (month.month.year, month.month.month)
                and getattr(one, DAYS[name])
            }
            assert {row["lead_id"] for row in listed(client, href)} == wanted, href
            assert len(wanted) == getattr(month, name)
    table = next(
        table
        for heading, table in client.get("/dashboard/funnel/?period=all").context["sources"]
        if heading == "By grade"
    )
    assert [row["name"] for row in table.rows] == ["A", "B", "None", "C"]
    for row, (grade, counts) in zip(table.rows, found.sources["grade"].items(), strict=True):
        for name in REACHED:
            wanted = {
                one.pk for one in leads if (one.grade or one.mql_grade) == grade and getattr(one, DAYS[name])
            }
            assert {one["lead_id"] for one in listed(client, row[f"{name}_href"])} == wanted, (grade, name)
            assert row[name] == share(counts, name) == Decimal(len(wanted)) / row["leads"]
    lines = read_csv(client.get("/dashboard/behind/grade_a_to_mql/?period=all&format=csv"))
    assert len(lines) == 1 + len([one for one in leads if one.grade == "A" and one.mql_at])


@pytest.fixture
def earners(cast):
    """A programme with a campaign that runs, one that is over, one of another channel; a win of nobody's, one renewed."""
    segment, region = make.segment(), make.region()
    programme = make.campaign("Programme", owner=cast.marketer, budget=1_000, currency="EUR")
    fair = make.campaign("Fair", parent=programme, channel="exhibition", segment=segment)
    over = make.campaign("Over", parent=programme)
    mail = make.campaign("Mail", channel="email", region=region)
    for campaign, amount, kind, month in (
        (fair, 100, "paid", date(2026, 6, 1)), (fair, 30, "committed", date(2025, 3, 1)),
        (fair, 900, "planned", date(2026, 6, 1)), (over, 50, "paid", date(2024, 1, 1)),
        (mail, 20, "paid", date(2026, 6, 1)), (None, 7, "paid", date(2026, 6, 1)),
    ):  # fmt: skip
        spend(campaign, amount, kind, month)
    spend(programme, 3)
    make.lead(campaign=programme)
    for campaign, amount in ((fair, 300), (over, 200), (mail, 60), (programme, 11), (None, 20)):
        won_by(campaign, amount, cost=amount / 2)
    won_by(fair, 5_000, kind="renewal")
    win("5")
    roll_all()
    return {"programme": programme, "fair": fair, "mail": mail, "segment": segment, "region": region}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"period": "month"},
        {"model": "first"},
        {"channel": "email"},
        {"campaign": "programme"},
        {"segment": "segment", "period": "month"},
        {"region": "region"},
        {"team": "team"},
    ],
)
def test_a_return_opens_its_credited_deals_and_its_spend(client, cast, earners, query):
    data = {name: earners[value].pk if value in earners else value for name, value in query.items()}
    if "team" in data:
        data["team"] = cast.marketer.team_id
    choice = choose(**data)
    found = returns(choice).total
    credited, _order = behind.rows("revenue_roi", cast.marketer, choice)
    paid, _order = behind.rows("return_spend", cast.marketer, choice)
    credited, paid = list(credited), list(paid)
    assert (total(credited, "amount"), total(credited, "margin")) == (found.revenue, found.margin)
    assert total(paid, "base_amount") == found.spend
    assert found.revenue
    assert found.spend
    of = {line.campaign for line in returns(choice).lines if line.campaign}
    wins = Credit.objects.filter(campaign__in=of, model=choice.model, renewal=False, open=False)
    assert {row["id"] for row in credited} == set(wins.values_list("pk", flat=True))
    bills = Spend.objects.filter(campaign__in=of, kind__in=("paid", "committed"))
    assert {row["id"] for row in paid} == set(bills.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "period", ["all", "custom&from=2026-06&to=2026-06", "custom&from=2024-01&to=2024-02"]
)
def test_every_return_of_the_pages_opens_what_it_is_made_of(client, cast, earners, period):
    client.force_login(cast.marketer)
    page = client.get(f"/dashboard/campaigns/?period={period}").context
    rows = [row for row in (*page["table"].rows, *page["channels"].rows) if row.get("credited_href")]
    *channels, whole = page["channels"].rows
    for name in ("spend", "leads", "sqls", "pipeline", "credited", "open_pipeline", "revenue_linear"):
        assert whole[name] == sum(row.get(name) or 0 for row in channels), name
    if "2024" in period:  # what no campaign brought was won and paid later
        assert {row["name"] for row in channels} == {"Paid search"}
        return
    assert {row["name"].strip() for row in rows} >= {"Programme", "Fair", "Mail", "E-mail"}
    models = [name[8:-5] for name in rows[0] if name.startswith("revenue_") and name.endswith("_href")]
    assert len(models) > 1
    assert any("spend_href" not in row for row in rows), "unattributed credits cost nothing"
    for row in (*rows, *page["channels"].rows):
        if "spend_href" in row:
            assert total(listed(client, row["spend_href"]), "base_amount") == row["spend"], row["name"]
            assert len(listed(client, row["leads_href"])) == row["leads"], row["name"]
            assert len(listed(client, row["sqls_href"])) == row["sqls"], row["name"]
            assert total(listed(client, row["pipeline_href"]), "amount") == row["pipeline"], row["name"]
    for row in rows:
        assert round(total(listed(client, row["credited_href"]), "share"), 6) == row["credited"], row["name"]
        for model in models:
            assert total(listed(client, row[f"revenue_{model}_href"]), "amount") == row[f"revenue_{model}"], (
                row["name"]
            )
    for measure, name in (("revenue", "amount"), ("open_credited", "share")):
        said = client.get(f"/dashboard/models/?period={period}&measure={measure}").context
        for row in (*said["by_channel"].rows, *said["by_campaign"].rows):
            for model in models:
                assert round(total(listed(client, row[f"{model}_href"]), name), 6) == (row[model] or 0), row[
                    "name"
                ]
    for row in page["costs"].rows:
        assert total(listed(client, row["spend_href"]), "base_amount") == row["spend"], row["name"]
    for row in page["plan"].rows:
        assert total(listed(client, row["spend_href"]), "base_amount") == row["spend"], row["name"]
        assert total(listed(client, row["revenue_href"]), "amount") == row["revenue"], row["name"]
        assert len(listed(client, row["leads_href"])) == row["leads"], row["name"]
    assert len(page["plan"].rows) == 1
    board = client.get(f"/dashboard/?period={period}").context
    for row in board["campaigns"].rows:
        assert total(listed(client, row["credited_href"]), "amount") == row["revenue"], row["name"]
    tile = next(one for one in board["tiles"] if "ROI" in one.name)
    assert tile.href.startswith(
        "/dashboard/behind/margin_roi/" if "Margin" in tile.name else "/dashboard/behind/revenue_roi/"
    )
    answer = client.get(tile.href)
    (_name, beside), *_more = answer.context["beside"]
    assert beside.replace("&", "&amp;") in answer.content.decode()
    spent, earned = (
        total(listed(client, beside), "base_amount"),
        total(answer.context["table"].rows, "margin"),
    )
    assert tile.text == f"+{(earned - spent) / spent * 100:.2f}%".replace("+-", "−")


@pytest.mark.parametrize("name", ["segment", "region", "none", "channel"])
def test_a_narrowed_return_opens_all_that_its_campaigns_brought(client, cast, earners, name):
    """A campaign for a segment counts with all its passes, whatever segment these are of; and so do its lists."""
    make.lead(campaign=earners["fair"], segment=make.segment("else"), region=make.region("else"))
    make.lead(campaign=earners["mail"])
    make.lead(channel="referral")  # of no campaign
    roll_all()
    client.force_login(cast.marketer)
    query = {"none": "segment=none", "channel": "channel=none"}.get(name) or f"{name}={earners[name].pk}"
    page = client.get(f"/dashboard/campaigns/?period=all&{query}").context
    rows = [row for row in (*page["table"].rows, *page["channels"].rows) if "leads_href" in row]
    assert sum(row["leads"] for row in rows) > 0
    for row in rows:
        assert len(listed(client, row["leads_href"])) == row["leads"], row["name"]
        assert len(listed(client, row["sqls_href"])) == row["sqls"], row["name"]
        assert total(listed(client, row["pipeline_href"]), "amount") == row["pipeline"], row["name"]
        assert total(listed(client, row["spend_href"]), "base_amount") == row["spend"], row["name"]
    for row in page["plan"].rows if "plan" in page else ():
        assert len(listed(client, row["leads_href"])) == row["leads"], row["name"]


def test_one_campaign_opens_what_each_model_credits(client, cast, earners):
    client.force_login(cast.marketer)
    rows = client.get(f"/campaigns/{earners['programme'].pk}/return/").context["table"].rows
    assert len(rows) > 1
    for row in rows:
        assert total(listed(client, row["credited_href"]), "amount") == row["revenue"] == 511
        assert total(listed(client, row["spend_href"]), "base_amount") == 183


def test_lists_of_returns_are_files_and_closed_to_reps(client, cast, earners):
    client.force_login(cast.marketer)
    lines = read_csv(client.get("/dashboard/behind/revenue_roi/?period=all&format=csv"))
    assert len(lines) == 1 + 4
    client.force_login(cast.rep)
    for name in ("revenue_roi", "margin_roi", "channel_roi", "return_spend"):
        assert client.get(f"/dashboard/behind/{name}/").status_code == 403


def test_weighted_sums_open_the_deals_that_they_weigh(client, cast, book):  # noqa: F811
    client.force_login(cast.admin)
    region = make.region()
    due = NOON.date() + timedelta(days=10)
    company = Company.objects.create(name="Northern", region=region)
    make.deal(owner=cast.rep, amount=400, base_amount=400, expected_close=due, company=company)
    ahead()
    page = client.get("/dashboard/forecast/?period=custom&from=2026-04&to=2099-06&by=rep").context
    rows = [row for row in page["table"].rows if row["weighted_href"]]
    assert len(rows) == 3
    glance = client.get("/dashboard/glance/?period=custom&from=2026-04&to=2099-06&screen=sales").context
    regions = next(table for heading, _words, table in glance["cards"] if heading == "Coverage by region")
    rows += [row for row in regions.rows if row["weighted_href"]]
    assert len(rows) == 5
    for row in rows:
        assert total(listed(client, row["weighted_href"]), "weighted") == row["weighted"], row["name"]


def test_lists_behind_figures_are_of_the_deals_that_ones_people_own(client, cast):
    account = make.company(sales_owner=cast.rep)
    own, hunters = (win(company=account, owner=who) for who in (cast.rep, cast.other_rep))
    roll_all()
    for user, counted in (
        (cast.rep, {own.pk}),
        (cast.other_rep, {hunters.pk}),
        (cast.admin, {own.pk, hunters.pk}),
    ):
        rows, _order = behind.rows("won", user, choose())
        assert {row["deal_id"] for row in rows} == counted
