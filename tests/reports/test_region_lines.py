"""Regions that are part of regions on the pages, in files and in the API: each beneath what holds it, each figure with its list."""

import pytest

from accounts import organisation
from accounts.models import Organisation
from tests import cast as make
from tests.api import Api
from tests.downloads import read_tables
from tests.reports.regional import settled
from ui import formats

pytestmark = pytest.mark.django_db
EM = chr(0x2003)
ORDER = ["Dach", f"{EM}Austria", f"{EM}Bavaria", f"{EM * 2}City", "West", "No region"]
PAGES = {  # (address, where its rows stand, {column: (what its list is summed by, None to count it)})
    "targets/?period=month": ("rows", {}),
    "places/?period=month": ("regions", {"won": "amount", "leads": None, "won_target": "amount"}),
    "forecast/?period=month&by=region": ("table", {"closed": "amount", "target": "amount"}),
    "losses/?period=month&by=region": ("lines", {"deals": None}),
    "combined/?period=month&by=region": ("table", {"deals": None}),
}


@pytest.fixture(autouse=True)
def full():
    """The level that shows all tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


@pytest.fixture
def house(cast):
    """Deals, leads, losses, spend and targets over all regions and none."""
    return settled(cast)


def listed(client, href, column):
    rows = client.get(href).context["table"].rows
    return len(rows) if column is None else sum(row[column] for row in rows)


def figure(row, name):
    return row.get(f"{name}_exact", row.get(name))


@pytest.mark.parametrize("page", PAGES)
def test_a_line_stands_beneath_its_whole_and_opens_what_it_says(house, client, cast, page):
    client.force_login(cast.admin)
    place, columns = PAGES[page]
    found = client.get(f"/dashboard/{page}").context[place]
    rows = found if isinstance(found, list) else found.rows
    names = [row["name"] for row in rows if row["name"] != "All"]
    beneath = {name.strip(): len(name) - len(name.strip()) for name in names}
    assert beneath | {"None": 0, "No region": 0} == {one.strip(): one.count(EM) for one in ORDER} | {
        "None": 0
    }
    for below, above in (("City", "Bavaria"), ("Bavaria", "Dach"), ("Austria", "Dach")):
        assert [name.strip() for name in names].index(below) > [name.strip() for name in names].index(above)
    for row in rows:
        assert "-own" not in str(row)
        for name, column in columns.items():
            if figure(row, name) and row.get(f"{name}_href", row.get("href")):
                href = row.get(f"{name}_href") or row["href"]
                if page.startswith("losses"):
                    href = row["href"]
                assert listed(client, href, column) == figure(row, name), (row["name"], name)
    tables = read_tables(client.get(f"/dashboard/{page}&format=csv"))
    told = [line for table in tables.values() for line in table if "City" in line]
    assert any("Bavaria" in line for line in told), told


def test_the_matrix_says_how_a_target_is_given_to_parts(house, client, cast):
    client.force_login(cast.sales_head)
    found = client.get("/dashboard/targets/?period=month").context
    assert [row["name"] for row in found["rows"]] == ORDER
    parts = {row["name"].strip(): [cell["parts"] for cell in row["cells"]] for row in found["rows"]}
    assert parts["Dach"] == ["€500 of it given to no part", "€70 by its parts"]
    assert parts["Bavaria"] == ["€200 by its parts", ""]
    assert parts["City"] == parts["West"] == parts["No region"] == ["", ""]
    sums = {row["name"].strip(): row["sum"] for row in found["rows"]}
    assert {name: one["target"] for name, one in sums.items()} == {
        "Dach": "€1,070", "Austria": "€300", "Bavaria": "€270", "City": "€200", "West": "€50", "No region": "–",
    }  # fmt: skip
    assert found["total"]["target"] == "€1,120"
    for one in (*sums.values(), found["total"], *found["sums"]):
        for name, column in (("target", "target_href"), ("attained", "href")):
            amount = listed(client, one[column], "amount")
            assert one[name] == (formats.short_money(amount, "EUR") if amount else one[name])
    # what is agreed for a region is written into its own cell, whatever its parts have
    cell = f"cell-{house['bavaria'].pk}-{make.segment().pk}"
    url = "/dashboard/targets/?period=month"
    assert client.post(url, {cell: "150"}).status_code == 302
    parts = [row["cells"][0]["parts"] for row in client.get(url).context["rows"]]
    assert parts == ["€550 of it given to no part", "", "its parts have €50 more", "", "", ""]


def test_the_api_says_what_a_region_is_part_of(house, cast):
    api, pk = Api(cast.admin), {name: one.pk for name, one in house.items()}
    above = {
        pk["dach"]: None,
        pk["austria"]: pk["dach"],
        pk["bavaria"]: pk["dach"],
        pk["city"]: pk["bavaria"],
        pk["west"]: None,
        0: None,
    }
    for path, rows, key in (
        ("targets", "cells", "region"), ("places", "regions", "region"), ("forecast", "groups", "key"), ("losses", "lines", "key"),
        ("cohorts", "by_region", "key"), ("combined", "results", "place"), ("outlook", "results", "id"),
    ):  # fmt: skip
        by = {} if path in ("targets", "places", "cohorts") else {"by": "region"}
        period = {} if path == "outlook" else {"period": "month"}
        status, body = api.get(f"/reports/{path}/", **by, **period)
        assert status == 200, body
        told = {int(one[key]): one["parent"] for one in body[rows]}
        assert told.items() <= above.items(), path
        assert len(told) >= 5, path
