"""No filter is silently left out: every tab narrows by it, or keeps it in its links and says in a line that it does not."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import organisation
from accounts.models import Organisation
from pipeline.models import Spend
from reports import heeding
from reports.models import CountedDeal, Target
from reports.rollups import roll_all
from reports.tabs import TABS
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.test_filters import choose
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def full():
    """The level that shows every tab."""
    Organisation.objects.update(level=3)
    organisation.forget()


@pytest.fixture
def firm(cast):
    """Two segments and regions, two campaigns that brought wins of two reps; spend, targets; rolled up."""
    places = {
        "north": make.region(),
        "south": make.region("south"),
        "large": make.segment("large"),
        "small": make.segment("small"),
    }
    fair = make.campaign("Fair", channel="exhibition", owner=cast.marketer, segment=places["large"])
    mail = make.campaign("Mail", channel="email", region=places["north"])
    for number in range(12):
        campaign = (fair, mail, None)[number % 3]
        company = make.company(
            segment=places["large" if number % 2 else "small"],
            region=places["north" if number % 4 else "south"],
        )
        deal = win(100 + number, company=company, owner=(cast.rep, cast.other_rep)[number % 5 % 2], cost=10)
        make.lead(at=NOON, campaign=campaign, channel=campaign.channel if campaign else "sem", deal=deal,
                  segment=company.segment, region=company.region)  # fmt: skip
    for campaign, amount in ((fair, 90), (mail, 40), (None, 7)):
        spend(campaign, amount)
    for region, segment, amount in (("north", "large", 1_000), ("south", "small", 300)):
        Target.objects.create(month=JUNE, measure="won", amount=amount, set_by=cast.admin, set_at=NOON,
                              region=places[region], segment=places[segment])  # fmt: skip
    roll_all()
    return places | {"fair": fair, "mail": mail, "team": cast.rep.team}


def total(client, href, name):
    """What a column of the list that an address opens sums to."""
    answer = client.get(href)
    assert answer.status_code == 200, href
    return sum((row[name] or 0 for row in answer.context["table"].rows), Decimal())


def test_every_tab_narrows_by_a_filter_or_says_that_it_does_not(client, cast, firm):
    client.force_login(cast.admin)
    asked = {
        "channel": "email", "segment": firm["large"].pk, "region": firm["north"].pk, "campaign": firm["mail"].pk,
        "team": firm["team"].pk, "rep": cast.rep.pk, "model": "first",
    }  # fmt: skip
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    words = heeding.NARROWING | {"model": "The model changes nothing here."}
    for tab in TABS:
        answer = client.get(f"{reverse(f'reports:{tab.page}')}?{query}")
        assert answer.status_code == 200, tab.page
        form, line = answer.context["form"], " ".join(answer.context["unheeded"])
        narrowed = line.partition(":")[0]
        for name, value in asked.items():
            hidden = form[name].is_hidden
            assert f'name="{name}"' in str(form), (tab.page, name)
            assert str(form[name].value()) == str(value), (tab.page, name)
            said = str(words[name]) in (line if name == "model" else narrowed)
            assert hidden == said or tab.page == "segments", (tab.page, name, line)
        for _label, href, _here in answer.context["pages"]:
            assert all(f"{name}={value}" in href for name, value in asked.items()), (tab.page, href)
        assert not line or line in answer.content.decode().replace("&#x27;", "'")
        plain = client.get(reverse(f"reports:{tab.page}"))
        assert plain.context["unheeded"] == [], tab.page
        assert not plain.context["form"].hidden_fields(), tab.page


def test_targets_are_narrowed_by_region_and_segment_and_by_nothing_else(client, cast, firm):
    client.force_login(cast.admin)
    months = "from=2026-06&to=2026-06"
    deals = list(CountedDeal.objects.all())
    south, small, large = (firm[name].pk for name in ("south", "small", "large"))

    def attained(**which):
        return sum(one.amount for one in deals if all(getattr(one, name) == pk for name, pk in which.items()))

    for query, which, target in (
        ("", {}, 1_300),
        (f"&region={south}", {"region": south}, 300),
        (f"&segment={large}", {"segment": large}, 1_000),
        (f"&region={south}&segment={large}", {"region": south, "segment": large}, None),
    ):
        page = client.get(
            f"/dashboard/targets/?{months}{query}&channel=email&campaign={firm['mail'].pk}"
        ).context
        assert total(client, page["total"]["href"], "amount") == attained(**which), query
        body = Api(cast.manager).get(
            "/reports/targets/", **dict(one.split("=") for one in f"{months}{query}".split("&"))
        )[1]
        assert (body["total"]["target"] and Decimal(body["total"]["target"])) == target
        assert Decimal(body["total"]["attained"]) == attained(**which)
        cells = [cell for row in page["rows"] for cell in row["cells"]]
        assert len(cells) == (1 if "region" in which else 3) * (1 if "segment" in which else 3)
        assert sum(total(client, cell["href"], "amount") for cell in cells if cell["href"]) == attained(
            **which
        )
        assert page["unheeded"] == [
            "Not narrowed by channel, campaign: targets are set for regions and segments."
        ]
    url, cell = f"/dashboard/targets/?{months}&region={south}&channel=email", f"cell-{south}-{small}"
    client.force_login(cast.sales_head)
    answer = client.post(url, {cell: "450"})
    assert "channel=email" in answer["Location"]
    assert set(Target.objects.values_list("segment", "amount")) == {(large, 1_000), (small, 450)}
    horizon = client.get(f"/dashboard/targets/?{months}").context["horizons"][2]
    assert "period=year" in horizon["href"]
    assert client.get(horizon["href"]).status_code == 200


@pytest.mark.parametrize(
    "name", ["channel", "campaign", "team", "marketing team", "rep", "region", "segment"]
)
def test_segments_are_narrowed_by_every_filter(client, cast, firm, name):
    client.force_login(cast.marketer)
    mine = Spend.objects.all()
    deals, query, bills = {
        "channel": ({"channel": "email"}, "channel=email", mine.filter(campaign__channel="email")),
        "campaign": ({"campaign": firm["fair"].pk}, f"campaign={firm['fair'].pk}", mine.filter(campaign=firm["fair"])),
        "team": ({"owner": cast.rep.pk}, f"team={cast.rep.team_id}", mine.none()),
        "marketing team": ({"campaign": firm["fair"].pk}, f"team={cast.marketer.team_id}", mine.filter(campaign=firm["fair"])),
        "rep": ({"owner": cast.rep.pk}, f"rep={cast.rep.pk}", mine.none()),
        "region": ({"region": firm["north"].pk}, f"region={firm['north'].pk}", mine.filter(campaign=firm["mail"])),
        "segment": ({}, f"segment={firm['large'].pk}", mine),
    }[name]  # fmt: skip
    answer = client.get(f"/dashboard/segments/?period=all&{query}")
    rows, counted = answer.context["table"].rows, CountedDeal.objects.filter(**deals)
    *parts, everything = rows
    assert parts
    assert everything["revenue"] == sum(one.amount for one in counted) > 0
    assert everything["won"] == len(counted)
    assert everything["spend"] == sum(one.base_amount for one in bills)
    if name == "segment":
        assert [row["name"] for row in parts] == [firm["large"].name]
        assert parts[0]["revenue"] == sum(one.amount for one in counted if one.segment == firm["large"].pk)
    else:
        assert sum(row["revenue"] for row in parts) == everything["revenue"]
    for row in parts:
        assert total(client, row["won_href"], "amount") == row["revenue"], row["name"]
        assert total(client, row["spend_href"], "charged") == row["spend"], row["name"]
    assert total(client, everything["won_href"], "amount") == everything["revenue"]
    assert total(client, everything["spend_href"], "base_amount") == everything["spend"]
    line = " ".join(answer.context["unheeded"])
    assert ("Retention, margin a year and lifetime value are not narrowed by" in line) == (
        name not in ("region", "segment")
    )
    body = Api(cast.marketer).get(
        "/reports/segments/", **dict(one.split("=") for one in f"period=all&{query}".split("&"))
    )[1]
    assert [Decimal(one["revenue"]) for one in body["results"]] == [row["revenue"] for row in parts]
    organisation.current()
    assert queries(client, f"/dashboard/segments/?period=all&{query}") <= 5 + 2
    assert choose(**dict(one.split("=") for one in query.split("&"))).is_narrow


def test_moved_spend_is_of_the_whole_house_and_keeps_the_filters(client, cast, firm):
    client.force_login(cast.marketer)
    plain = client.get("/dashboard/shifts/").context
    answer = client.get(
        f"/dashboard/shifts/?period=quarter&channel=email&rep={cast.rep.pk}&team={firm['team'].pk}"
    )
    assert answer.context["move_form"].fields["target"].choices == plain["move_form"].fields["target"].choices
    assert answer.context["unheeded"] == [
        "Not narrowed by channel, team, person, period: spend is moved for the whole house, by its last 36 months."
    ]
    page = answer.content.decode()
    assert (
        page.count('<input type="hidden" name="channel" value="email"') == 2
    )  # of the filters and of the move
    for _label, query, _here in answer.context["between"]:
        assert "channel=email" in query
    answer = client.get("/dashboard/shifts/?by=segment&model=first")
    assert answer.context["unheeded"] == ["The model changes nothing here."]
    assert [field.name for field in answer.context["form"]] == ["model"]
    assert answer.context["form"]["model"].is_hidden
