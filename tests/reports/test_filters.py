"""Campaign, team and person as filters: what the rows say is what the cube says, on every page and list."""

from dataclasses import replace

import pytest
from django.db import connection

from accounts import organisation
from accounts.models import Region, Segment, Team, Track, User
from leads.models import Agreement, Handoff, Lead, ReturnReason
from pipeline.models import Campaign, Deal, Receipt
from reports.answers import answers
from reports.cells import KEPT, TOTALS, cells
from reports.choice import Axis, axes, parse
from reports.choice import Team as Chosen
from reports.cohorts import cohorts
from reports.funnel import funnel
from reports.models import FunnelMonth, FunnelSplit, OfferDay, ReasonMonth
from reports.reading import read
from reports.returns import returns
from reports.rollups import rebuild, roll_all
from reports.rollups.arms import added_up
from reports.verify import differences as verified
from reports.wins import wins
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
TABS = (
    "",
    "glance/",
    "scorecard/",
    "mine/",
    "funnel/",
    "campaigns/",
    "forecast/",
    "agreement/",
    "budget/",
    "targets/",
    "quotas/",
    "months/",
    "segments/",
    "shifts/",
    "models/",
    "delays/",
)


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


@pytest.fixture
def firm(cast):
    """Two campaigns under one programme, a third of nobody's; passes, offers, wins and losses of two teams."""
    programme = make.campaign("Programme", owner=cast.marketer)
    fair = make.campaign("Fair", parent=programme, owner=cast.marketer, channel="exhibition")
    mail = make.campaign("Mail", channel="email")
    segment, region = make.segment(), make.region()
    people = (cast.rep, cast.teammate, cast.other_rep, None)
    for number in range(16):
        owner, campaign = people[number % 4], (programme, fair, mail, None)[number // 4]
        at = NOON - number * 5 * DAY
        lead = make.lead(at=at, campaign=campaign, owner=owner, channel=campaign.channel if campaign else "sem",
                         segment=segment if number % 3 else None, region=region if number % 2 else None)  # fmt: skip
        if number % 5:
            Lead.objects.filter(pk=lead.pk).update(
                mql_at=at + DAY, sql_at=at + 3 * DAY if number % 3 else None
            )
        if owner:
            Handoff.objects.create(lead=lead, rep=owner, agreement=Agreement.objects.get(), offered_at=at,
                                   accepted_at=at + DAY / 24 if number % 3 else None, answer_due_at=at + DAY)  # fmt: skip
        deal = win(100 + number, signed_on=(NOON - number * DAY).date(), owner=owner)
        Receipt.objects.create(deal=deal, on=(NOON - number * DAY).date(), amount=9, base_amount=9)
        if number % 4 == 1:
            Deal.objects.filter(pk=deal.pk).update(outcome="lost", signed_on=None)
        Lead.objects.filter(pk=lead.pk).update(deal=deal)
    Handoff.objects.filter(accepted_at=None).update(
        end="returned", ended_at=NOON, reason=ReturnReason.objects.first()
    )
    for number, campaign in enumerate((programme, fair, mail, None)):
        spend(campaign, 10 * (number + 1))
    roll_all()
    return programme, fair, mail


def choose(**data):
    """A Choice over all time, among what there is."""
    data = {name: str(value) for name, value in {"period": "all", **data}.items()}
    return parse(data, axes(data), NOON)


@pytest.mark.parametrize("query", [{}, {"channel": "email"}, {"period": "quarter"}])
def test_the_rows_of_all_campaigns_say_what_the_cube_says(firm, query):
    plain = choose(**query)
    by_row = replace(
        plain,
        campaign=Axis(-1, "All", (0, *Campaign.objects.values_list("pk", flat=True))),
        rep=Chosen(-1, "All", owners=(0, *User.objects.values_list("pk", flat=True))),
    )
    assert by_row.by_row
    assert by_row.whose is None
    for figure in (funnel, wins, answers, cohorts):
        assert figure(plain) == figure(by_row)


@pytest.mark.parametrize(
    "who", ["campaign", "programme", "rep", "sales team", "marketing team", "channel", "segment"]
)
def test_sums_that_are_kept_are_those_of_the_rows(firm, cast, who):
    rebuild()
    chosen = {
        "campaign": {"campaign": firm[1].pk},
        "programme": {"campaign": firm[0].pk},
        "rep": {"rep": cast.rep.pk},
        "sales team": {"team": cast.rep.team_id},
        "marketing team": {"team": cast.marketer.team_id},
        "channel": {"channel": "email"},
        "segment": {"segment": Segment.objects.get().pk},
    }[who]
    choice = choose(**chosen)
    assert choice.whose
    where, params = choice.narrow()
    for model in KEPT:
        table, total = TOTALS[model]
        if total.cube and not choice.by_row:
            continue
        for axis in (None, *(("channel", "segment", "region") if model is FunnelMonth else ())):
            sums = ("leads", "to_mql", "to_won") if axis else total.measured()
            keys = ", ".join([*total.keys, *([axis] if axis else [])])
            kept, bound = cells(model, choice, axis, only=sums if axis else ())
            rows = added_up(
                total,
                total.arms,
                f"(SELECT * FROM {table} WHERE {where}) AS rows",
                by=(axis,) if axis else (),
            )
            some = " + ".join(f"abs(sum({one}))" for one in sums)
            grouped = (
                f"SELECT {keys}, {', '.join(f'sum({one})::float AS {one}' for one in sums)} FROM {{}} "
                f"GROUP BY {keys} HAVING {some} <> 0 ORDER BY {keys}"
            )
            if model is FunnelSplit:
                grouped = grouped.replace("GROUP BY", "WHERE axis IN ('owner', 'grade') GROUP BY")
            found = read(
                {
                    "kept": (grouped.format(kept), bound),
                    "rows": (grouped.format(f"({rows}) AS x"), params * rows.count(where)),
                }
            )
            assert found["kept"] == found["rows"], (model, axis)
            assert found["kept"] or (model in (OfferDay, ReasonMonth) and who == "segment")


def test_a_team_that_changes_takes_its_passes_and_campaigns_along(firm, cast):
    north, desk = cast.rep.team_id, cast.marketer.team_id
    other = Team.objects.create(name="Elsewhere", track=Track.SALES)
    assert [funnel(choose(team=one)).now.leads for one in (north, desk)] == [8, 8]
    User.objects.filter(pk__in=(cast.rep.pk, cast.marketer.pk)).update(team=other)
    roll_all()
    assert [funnel(choose(team=one)).now.leads for one in (north, desk, other.pk)] == [4, 0, 4]
    assert [wins(choose(team=one)).now.won for one in (north, other.pk)] == [0, 4]
    Campaign.objects.update(owner=cast.marketer)
    User.objects.filter(pk=cast.marketer.pk).update(team=desk)
    roll_all()
    assert funnel(choose(team=desk)).now.leads == 12
    Campaign.objects.filter(pk=firm[2].pk).update(owner=None)
    roll_all()
    assert funnel(choose(team=desk)).now.leads == 8
    assert not differences()


def differences():
    """What `verify` finds of the rollups."""
    with connection.cursor() as cursor:
        return verified(cursor).found["rollups"]


def test_a_campaign_counts_with_what_is_under_it(firm):
    programme, fair, mail = firm
    assert [funnel(choose(campaign=one.pk)).now.leads for one in (programme, fair, mail)] == [8, 4, 4]
    assert [wins(choose(campaign=one.pk)).now.won_amount for one in (programme, mail)] == [
        sum(100 + number for number in range(8) if number % 4 != 1),
        sum(100 + number for number in range(8, 12) if number % 4 != 1),
    ]
    found = returns(choose(campaign=programme.pk))
    assert (found.total.spend, found.spent, {line.name for line in found.lines}) == (
        30,
        30,
        {"Programme", "Fair"},
    )
    assert funnel(choose(campaign=programme.pk, channel="exhibition")).now.leads == 4


def test_a_sales_team_is_what_its_people_own_and_a_marketing_team_what_its_campaigns_brought(firm, cast):
    north, desk = cast.rep.team_id, cast.marketer.team_id
    assert funnel(choose(team=north)).now.leads == 8
    assert answers(choose(team=north)).now.offers == 8
    assert wins(choose(team=north)).now.won == 4
    assert returns(choose(team=north)).total.spend == 0
    assert funnel(choose(team=desk)).now.leads == 8
    assert returns(choose(team=desk)).total.spend == 30
    assert funnel(choose(rep=cast.rep.pk)).now.leads == 4
    assert funnel(choose(rep=cast.other_rep.pk, team=north)).now.leads == 0
    assert axes({"team": str(desk)}).teams[desk].owners is None
    assert cast.rep.team.track == Track.SALES


def test_filters_go_along_to_every_tab_and_list(firm, cast, client):
    client.force_login(cast.admin)
    query = f"campaign={firm[0].pk}&team={cast.rep.team_id}"
    organisation.current()
    for tab in ("", "funnel/", "campaigns/", "budget/"):
        page = client.get(f"/dashboard/{tab}?period=all&{query}").content.decode()
        assert page.count(query.replace("&", "&amp;")) > 3, tab
    rows = client.get(f"/dashboard/behind/leads/?period=all&{query}").context["table"].rows
    assert len(rows) == 4
    assert (
        len(client.get(f"/dashboard/behind/spend/?period=all&campaign={firm[0].pk}").context["table"].rows)
        == 2
    )
    organisation.current()
    for tab in ("", "funnel/"):
        assert queries(client, f"/dashboard/{tab}?period=all&{query}") <= 5 + 2
    status, body = Api(cast.admin).get("/reports/funnel/", period="all", team=cast.rep.team_id)
    assert (status, body["flow"]["leads"]) == (200, 8)
    for strange in ("campaign=0", "team=99999", "rep=x"):
        assert client.get(f"/dashboard/?{strange}").status_code == 400


def test_what_stands_nowhere_and_a_region_without_its_parts_open_their_lists(firm, cast, client):
    """Each row of the funnel's and the forecast's tables, nobody's too, opens as many passes or deals as it counts."""
    region = Region.objects.get()
    inner = Region.objects.create(code="inner", name="Inner", parent=region)
    moved = Lead.objects.filter(region=region).order_by("pk").values_list("pk", flat=True)[:2]
    Lead.objects.filter(pk__in=list(moved)).update(region=inner)
    roll_all()
    client.force_login(cast.admin)

    def counted(href):
        return len(client.get(href).context["table"].rows)

    sources = dict(client.get("/dashboard/funnel/?period=all").context["sources"])
    assert {"By segment", "By region", "By rep"} <= set(sources)
    for heading, table in sources.items():
        for row in table.rows:
            assert counted(row["leads_href"]) == row["leads"], (heading, row["name"])
            assert counted(row["to_sql_href"]) == round(row["to_sql"] * row["leads"]), (heading, row["name"])
    names = {row["name"].strip() for row in sources["By region"].rows}
    assert names == {"None", region.name, "Inner"}
    for by in ("rep", "team", "region", "segment"):
        page = client.get(f"/dashboard/forecast/?period=year&by={by}").context["table"]
        for row in page.rows:
            deals = client.get(row["closed_href"]).context["table"].rows
            assert sum(one["amount"] for one in deals) == row["closed"], (by, row["name"])
    for query, where in (
        ({"region": "none"}, {"region": None}),
        ({"region": f"{region.pk}-own"}, {"region": region}),
        ({"region": region.pk}, {"region__in": [region, inner]}),
        ({"rep": "none"}, {"owner": None}),
        ({"segment": "none", "campaign": "none"}, {"segment": None, "campaign": None}),
        ({"campaign": f"{firm[0].pk}-own"}, {"campaign": firm[0]}),
        ({"team": "none"}, {"owner": None}),
    ):
        choice, wanted = choose(**query), Lead.objects.filter(**where).count()
        assert (
            0 < wanted == funnel(choice).now.leads == counted(f"/dashboard/behind/leads/?{choice.query()}")
        ), query
        for tab in TABS:
            assert client.get(f"/dashboard/{tab}?{choice.query(period='quarter')}").status_code == 200, (
                tab,
                query,
            )
    spent = client.get("/dashboard/behind/spend/?period=all&campaign=none").context["table"].rows
    assert [row["base_amount"] for row in spent] == [40]
    assert returns(choose(campaign="none")).spent == 40
    for strange in ("segment=1-own", "region=none-own", "region=-own"):
        assert client.get(f"/dashboard/?{strange}").status_code == 400


def test_rows_by_whom_open_what_those_of_marketing_brought(firm, cast, client):
    """A row by rep or team of a page narrowed to somebody of marketing keeps to that, and so do its list and its own page."""
    client.force_login(cast.admin)

    def listed(href):
        return client.get(href).context["table"].rows

    seen = 0
    for who in (f"rep={cast.marketer.pk}", f"team={cast.marketer.team_id}"):
        tables = client.get(f"/dashboard/funnel/?period=all&{who}").context["sources"]
        for row in dict(tables)["By rep"].rows:
            assert len(listed(row["leads_href"])) == row["leads"] < 5, (who, row["name"])
            if row["href"]:
                again = dict(client.get(row["href"]).context["sources"])["By rep"].rows
                assert [(one["name"], one["leads"]) for one in again] == [(row["name"], row["leads"])]
        for by in ("rep", "team"):
            page = client.get(f"/dashboard/forecast/?period=12m&by={by}&{who}").context
            for row in page["table"].rows:
                closed = sum(one["amount"] for one in listed(row["closed_href"]))
                assert closed == row["closed"], (who, by, row["name"])
                seen += closed > 0
            for row in client.get(f"/dashboard/delays/?period=all&by={by}&{who}").context["table"].rows:
                assert len(listed(row["passes_href"])) == row["passes"], (who, by, row["name"])
    assert seen > 4
    assert client.get(f"/dashboard/funnel/?rep={cast.rep.pk}.{cast.rep.pk}").status_code == 400
    assert client.get(f"/dashboard/funnel/?team={cast.rep.team_id}.x").status_code == 400


def test_paper_says_the_months_and_what_the_page_is_narrowed_to(firm, cast, client):
    north = Region.objects.order_by("pk").first()
    client.force_login(cast.admin)
    asked = f"?period=custom&from=2026-04&to=2026-06&region={north.pk}&channel=seo"
    told = client.get(f"/dashboard/campaigns/{asked}").context["on_paper"]
    assert told == f"Apr 2026 – Jun 2026 · channel: Organic search, region: {north.name}"
    assert client.get("/dashboard/campaigns/?period=all").context["on_paper"] == ""
    listed = client.get(f"/dashboard/behind/leads/{asked}").context["on_paper"]
    assert listed == told
