"""Quotas of teams and people: what is set, what is attained, who may set and see which."""

from datetime import date
from decimal import Decimal

import pytest

from accounts import organisation
from accounts.models import Organisation, Role, User
from reports import periods, targets
from reports.models import Measure
from reports.quotas import quotas, set_quotas
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_tables
from tests.pages import queries
from tests.reports.attribution.test_credits import win

pytestmark = pytest.mark.django_db
QUARTER = periods.between(date(2026, 4, 1), date(2026, 6, 1))
URL = "/dashboard/quotas/?from=2026-04&to=2026-06"


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    Organisation.objects.update(level=2)
    organisation.forget()


def rows(user, measure=Measure.WON, everybody=True):
    """{name: (quota, attained)} of teams and people, with None for the totals of nobody."""
    roll_all()
    found = quotas(user, measure, QUARTER, NOON.date(), 1, everybody)
    return {
        row.name: (row.promise.target, row.promise.attained)
        for one in found
        for row in (one.team, *one.people)
    }


def test_sales_attain_what_they_own_and_marketing_what_its_campaigns_brought(cast):
    fair = make.campaign("Fair", owner=cast.marketer)
    lead = make.lead(campaign=fair, owner=cast.rep, stage="sql", sql_at=NOON)
    for owner, amount, cost, day in (
        (cast.rep, 300, 100, date(2026, 5, 2)), (cast.teammate, 50, 20, date(2026, 4, 1)), (cast.rep, 7, 1, date(2026, 3, 31)),
        (cast.other_rep, 11, None, date(2026, 6, 30)),
    ):  # fmt: skip
        win(str(amount), owner=owner, cost=cost, signed_on=day)
    lead.deal = win("90", owner=cast.rep, cost=10, signed_on=date(2026, 6, 1))
    lead.save()
    set_quotas(Measure.WON, QUARTER, {("team", cast.rep.team_id): Decimal(1000), ("person", cast.rep.pk): Decimal("600.01")}, cast.sales_head, NOON)  # fmt: skip
    found = rows(cast.sales_head)
    assert found == {
        "Desk": (None, 90), "Marketer": (None, 90), "Marketing Head": (None, 0),
        "North": (1000, 440), "Rep": (Decimal("600.01"), 390), "Teammate": (None, 50), "Manager": (None, 0),
        "South": (None, 11), "Other Rep": (None, 11), "Other Manager": (None, 0),
    }  # fmt: skip
    User.objects.filter(pk__in=(cast.teammate.pk, cast.other_manager.pk)).update(is_active=False)
    gone = rows(cast.sales_head)
    assert gone == {
        name: one for name, one in found.items() if name != "Other Manager"
    }  # what who has left won stays
    (left,) = [one for row in quotas(cast.sales_head, Measure.WON, QUARTER, NOON.date(), 1, True) for one in row.people if one.name == "Teammate"]  # fmt: skip
    assert not left.may_set
    User.objects.update(is_active=True)
    assert rows(cast.sales_head, Measure.MARGIN)["North"] == (None, 310)
    assert rows(cast.sales_head, Measure.SQLS)["Rep"] == (None, 1)
    assert rows(cast.sales_head, Measure.SQLS)["Marketer"] == (None, 1)
    assert rows(cast.sales_head, Measure.PIPELINE)["North"] == (None, 447)  # all were opened in April
    north = next(
        one
        for one in quotas(cast.manager, Measure.WON, QUARTER, NOON.date(), 1, True)
        if one.team.name == "North"
    )
    assert north.open == Decimal("399.99")
    assert (north.team.horizons["month"].attained, north.team.horizons["year"].attained) == (90, 447)
    assert {one.name for one in (north.team, *north.people) if one.may_set} == {
        "North",
        "Rep",
        "Teammate",
        "Manager",
    }
    # a rep sees the own row alone of the team's people, and what all of the team attained
    everybodys = rows(cast.sales_head)
    assert rows(cast.rep, everybody=False) == {name: everybodys[name] for name in ("North", "Rep")}
    assert everybodys["North"][1] != everybodys["Rep"][1]


def quota_lists(client):
    """{name: what the list behind a quota sums to}, where there is any."""
    told = {
        row["name"]: sum(one["amount"] for one in client.get(row["target_href"]).context["table"].rows)
        for row in client.get(URL).context["rows"]
    }
    return {name: amount for name, amount in told.items() if amount}


def test_the_page_sets_what_is_the_readers_to_set(client, cast):
    north, south = cast.rep.team_id, cast.other_rep.team_id
    client.force_login(cast.manager)
    assert client.post(URL, {f"team-{north}": "much"}).status_code == 422
    wish = {f"team-{north}": "900", f"person-{cast.rep.pk}": "500,50", f"team-{south}": "1"}
    answer = client.post(URL, wish, follow=True)
    assert "The quotas are saved." in answer.content.decode()
    found = rows(cast.sales_head)
    assert (found["North"][0], found["Rep"][0], found["South"][0]) == (900, Decimal("500.50"), None)
    page = client.get(URL).content.decode()
    assert f'name="team-{north}"' in page
    assert f'name="team-{south}"' not in page
    assert "of it given to nobody" in page
    tables = read_tables(client.get(f"{URL}&format=csv"))
    (own,) = (row for row in tables[""] if row[1] == "Rep")
    assert own == ["North", "Rep", "500.5000", "0", "0", "", "", "0"]
    assert tables[""][0][-4:] == ["Share", "This month", "This quarter", "This fiscal year"]
    client.force_login(cast.sales_head)
    tables = read_tables(client.get(f"{URL}&format=csv"))
    assert tables["Quotas against targets"][1:] == [
        ["Target of all regions and segments", ""], ["Quotas of the teams", "900.0000"],
    ]  # fmt: skip
    targets.promise(Measure.WON, QUARTER, {(0, 0): Decimal(700)}, cast.sales_head, NOON)
    tables = read_tables(client.get(f"{URL}&format=csv"))
    assert tables["Quotas against targets"][-1] == ["Quotas beyond the target", "200.0000"]
    assert "€200" in client.get(URL).content.decode()
    targets.promise(Measure.WON, QUARTER, {(0, 0): Decimal(1000)}, cast.sales_head, NOON)
    tables = read_tables(client.get(f"{URL}&format=csv"))
    assert tables["Quotas against targets"][-1] == ["Not covered by quotas", "100.0000"]
    client.force_login(cast.manager)
    assert quota_lists(client) == {"North": 900, "Rep": Decimal("500.50")}
    client.force_login(cast.rep)
    page = client.get(URL).content.decode()
    assert "Rep" in page
    assert "Teammate" not in page
    assert quota_lists(client) == {"North": 900, "Rep": Decimal("500.50")}
    assert not client.get(f"/dashboard/behind/quotas-won/?team={south}").context["table"].rows
    assert client.get("/dashboard/behind/targets-won/").status_code == 403
    assert client.post(URL, wish).status_code == 403
    client.force_login(cast.finance)
    organisation.current()
    one = queries(client, URL)
    for number in range(2):
        make.person(f"more{number}", Role.SALES, team=cast.rep.team)
    organisation.current()
    assert queries(client, URL) == one <= 5 + 2
    client.force_login(cast.service)
    assert client.get(URL).status_code == 403


def test_quotas_in_the_api(cast):
    span = {"measure": "sqls", "first": "2026-04-01", "last": "2026-06-30"}

    def put(who, kind, pk, amount):
        return who._send(
            who.client.put,
            "/reports/quotas/",
            {**span, "quotas": [{"kind": kind, "id": pk, "amount": amount}]},
            {},
        )

    head, manager = Api(cast.sales_head), Api(cast.manager)
    assert put(head, "person", cast.rep.pk, "9")[0] == 200
    assert put(manager, "person", cast.other_rep.pk, "9")[0] == 403
    assert put(manager, "team", cast.rep.team_id, "-9")[0] == 400
    one = {"kind": "person", "id": cast.rep.pk, "amount": "3"}
    for wrong in ({"quotas": [one, one]}, {"first": span["last"], "last": span["first"]}):
        assert (
            head._send(head.client.put, "/reports/quotas/", {**span, "quotas": [one]} | wrong, {})[0] == 400
        )
    assert put(Api(cast.rep), "person", cast.rep.pk, "1")[0] == 403
    query = {"from": "2026-04", "to": "2026-04", "measure": "sqls", "period": "custom"}
    body = Api(cast.rep).get("/reports/quotas/", **query)[1]
    assert [(one["kind"], one["name"], one["target"]) for one in body["results"]] == [
        ("team", "North", None), ("person", "Rep", "3"),
    ]  # fmt: skip
    assert put(head, "person", cast.rep.pk, None)[0] == 200
    assert rows(cast.sales_head, Measure.SQLS)["Rep"][0] is None


def test_every_figure_opens_what_is_behind_it_whatever_the_role_of_a_member(client, cast):
    """A manager in a team of marketing attains by campaigns, a marketer in a team of sales by what they take."""
    boss = make.person("boss", Role.MANAGER, team=cast.marketer.team)
    User.objects.filter(pk=cast.marketer.pk).update(team=cast.rep.team)
    fair = make.campaign("Fair", owner=boss)
    for number, owner in enumerate((cast.rep, boss, cast.marketer)):
        lead = make.lead(campaign=fair if number else None, owner=owner, stage="sql", sql_at=NOON)
        lead.deal = win(str(10**number), owner=owner, signed_on=date(2026, 6, 1))
        lead.save()
    roll_all()
    client.force_login(cast.admin)
    for measure, attained in (
        (Measure.SQLS, {"Boss": 2, "Desk": 2, "Rep": 1, "Marketer": 1, "North": 2}),
        (Measure.WON, {"Boss": 110, "Desk": 110, "Rep": 1, "Marketer": 100, "North": 101}),
    ):
        told = {}
        for row in client.get(f"{URL}&measure={measure}").context["rows"]:
            listed = client.get(row["href"]).context["table"].rows
            if listed:
                told[row["name"]] = (
                    len(listed) if measure == Measure.SQLS else sum(one["amount"] for one in listed)
                )
        assert told == attained
    # the forecast, the funnel and the league tell of what each owns or took
    for by, owned in (("rep", {"Rep": 1, "Boss": 10, "Marketer": 100}), ("team", {"North": 101, "Desk": 10})):
        page = client.get(f"/dashboard/forecast/?from=2026-06&to=2026-06&by={by}")
        rows = {row["name"]: row for row in page.context["table"].rows if row["closed"]}
        assert {name: row["closed"] for name, row in rows.items()} == owned
        for name, row in rows.items():
            listed = client.get(row["closed_href"]).context["table"].rows
            assert sum(one["amount"] for one in listed) == owned[name]
            narrowed = client.get(row["narrow"])
            whose = getattr(narrowed.context["choice"], by)  # stands among what there is to choose from
            assert dict(narrowed.context["form"].fields[by].choices)[whose.address] == whose.name
            assert whose.name == (f"{name}: own work" if name in ("Marketer", "Desk") else name)
            narrowed = narrowed.context["table"].rows
            assert sum(one["closed"] for one in narrowed) == owned[name]
