"""Targets on two axes: what is promised, what is attained, and that both sums agree."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from accounts import organisation
from accounts.models import Organisation
from reports import periods
from reports.models import Measure, Quota, Target
from reports.quotas import set_quotas
from reports.rollups import roll_all
from reports.targets import matrix, promise
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_tables
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from ui import formats

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
QUARTER = periods.between(date(2026, 4, 1), date(2026, 6, 1))


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    Organisation.objects.update(level=2)
    organisation.forget()


def test_rows_and_columns_read_the_same_cells(cast):
    north, south, smb = make.region(), make.region("south"), make.segment()
    promise(
        Measure.WON, QUARTER,
        {(north.pk, smb.pk): Decimal("1000.01"), (south.pk, smb.pk): Decimal(500), (south.pk, 0): Decimal(50)},
        cast.manager, NOON,
    )  # fmt: skip
    win("300", company=make.company(region=north, segment=smb))
    win("70", company=make.company(region=south))
    win("5", company=make.company(segment=smb), signed_on=date(2026, 5, 2))
    roll_all()
    found = matrix(Measure.WON, QUARTER, TODAY, 1)
    assert {key: (one.target, one.attained) for key, one in found.cells.items()} == {
        (north.pk, smb.pk): (Decimal("1000.01"), 300),
        (south.pk, smb.pk): (500, 0),
        (south.pk, 0): (50, 70),
        (0, smb.pk): (None, 5),
    }
    assert found.region(south.pk).target == 550
    assert found.segment(smb.pk).attained == 305
    rows = [found.region(one) for one in (north.pk, south.pk, 0)]
    columns = [found.segment(one) for one in (smb.pk, 0)]
    for side in (rows, columns):
        assert sum(one.target or 0 for one in side) == found.total.target == Decimal("1550.01")
        assert sum(one.attained for one in side) == found.total.attained == 375
    # a quarter is cut into its months to the cent; shorter and longer spans read the same
    months = Target.objects.filter(region=north).order_by("month").values_list("amount", flat=True)
    assert list(months) == [Decimal("333.34"), Decimal("333.34"), Decimal("333.33")]
    assert found.horizons["quarter"] == found.horizons["year"] == found.total
    assert found.horizons["month"].attained == 370
    assert matrix(Measure.SQLS, QUARTER, TODAY, 1).total.target is None


def test_a_new_promise_takes_the_place_of_the_old_one_and_nothing_else(cast):
    for amount in (10, 20):
        promise(Measure.WON, QUARTER, {(0, 0): Decimal(amount)}, cast.manager, NOON)
    promise(Measure.SQLS, QUARTER, {(0, 0): Decimal(6)}, cast.manager, NOON)
    assert matrix(Measure.WON, QUARTER, TODAY, 1).total.target == 20
    promise(Measure.WON, QUARTER, {(0, 0): None}, cast.manager, NOON)
    assert matrix(Measure.WON, QUARTER, TODAY, 1).total.target is None
    assert matrix(Measure.SQLS, QUARTER, TODAY, 1).total.target == 6


def test_the_page_sets_and_shows_and_only_heads_set(client, cast):
    north, smb = make.region(), make.segment()
    url, cell = "/dashboard/targets/?from=2026-04&to=2026-06&measure=won", f"cell-{north.pk}-{smb.pk}"
    client.force_login(cast.sales_head)
    assert client.post(url, {cell: "much"}).status_code == 422
    assert client.post(url, {cell: "1 200,50"}).status_code == 302
    page = client.get(url).content.decode()
    assert f'name="{cell}"' in page
    assert 'value="1200.5"' in page
    assert f'name="initial-{cell}"' in page
    stood = {
        cell: "1200.5",
        f"initial-{cell}": "1200.5",
    }  # nobody touched it here; a colleague has changed it since
    Target.objects.filter(region=north, segment=smb).update(amount=500)
    assert client.post(url, stood).status_code == 302
    assert set(Target.objects.values_list("amount", flat=True)) == {500}
    assert client.post(url, stood | {f"initial-{cell}": "7"}).status_code == 302
    client.force_login(cast.marketing_head)
    assert f'name="{cell}"' in client.get(url.replace("=won", "=pipeline")).content.decode()
    assert client.post(url.replace("=won", "=pipeline"), {cell: "7"}).status_code == 302
    page = client.get(url).content.decode()
    assert f'name="{cell}"' not in page
    assert "€1,200" in page
    assert client.post(url, {cell: "5"}).status_code == 403
    tables = read_tables(client.get(f"{url}&format=csv"))
    assert list(tables) == ["", "Short and long horizon", "Sums by region and segment"]
    assert ["North", "SMB", "1200.5000", "0", "0"] in tables[""]
    shown = client.get(url).context
    assert [row[0] for row in tables["Short and long horizon"][1:]] == [
        str(one["name"]) for one in shown["horizons"]
    ]
    sums = tables["Sums by region and segment"][1:]
    assert sum(Decimal(row[2]) for row in sums if row[0] == "Sales" and row[2]) == Decimal(sums[-1][2])
    assert sum(Decimal(row[2]) for row in sums if row[0] == "Marketing" and row[2]) == Decimal(sums[-1][2])
    assert {row[0] for row in sums} == {"Sales", "Marketing", "All"}
    for path in (
        "targets",
        "forecast",
        "quotas",
    ):  # what has no figure for all time says what it shows in its place
        page = client.get(f"/dashboard/{path}/?period=all")
        assert "All time is not told here: this is the fiscal year." in page.content.decode()
        assert "fiscal year." not in client.get(f"/dashboard/{path}/?period=year").content.decode()
        told = [Api(cast.marketing_head).get(f"/reports/{path}/", period=one)[1] for one in ("all", "year")]
        assert [(one["period"], one["instead_of"]) for one in told] == [("year", "all"), ("year", None)]
    client.force_login(cast.rep)
    assert client.get(url).status_code == 403
    client.force_login(cast.finance)
    organisation.current()
    shown = client.get(url).context
    promises = [
        shown["total"],
        *shown["sums"],
        *(cell for row in shown["rows"] for cell in (*row["cells"], row["sum"])),
    ]
    held = [
        (one["target"], sum(row["amount"] for row in client.get(one["target_href"]).context["table"].rows))
        for one in promises
    ]
    assert len({target for target, _amount in held}) > 1
    for target, amount in held:
        assert target == (formats.short_money(amount, "EUR") if amount else "–"), held
    won = client.get(shown["total"]["href"]).content.decode()
    assert shown["total"]["target_href"].replace("&", "&amp;") in won  # a ratio's list names the other one
    one = queries(client, url)
    make.region("south")
    make.region("west")
    organisation.current()
    assert queries(client, url) == one <= 5 + 2


def test_targets_in_the_api(cast):
    north = make.region()
    api = Api(cast.marketing_head)
    wish = {"measure": "sqls", "first": "2026-04", "last": "2026-06-30"}

    def put(who, **cell):
        return who._send(who.client.put, "/reports/targets/", wish | {"cells": [cell]}, {})

    status, body = put(api, region=north.pk, segment=0, amount="9")
    assert status == 200
    assert body["cells"] == [
        {"region": north.pk, "parent": None, "segment": 0, "own": "9", "target": "9", "attained": "0"}
    ]
    _, body = api.get(
        "/reports/targets/", **{"from": "2026-04", "to": "2026-04", "measure": "sqls", "period": "custom"}
    )
    assert body["total"] == {"target": "3", "attained": "0"}
    assert put(api, region=north.pk + 999, segment=0, amount="9")[0] == 400
    assert put(api, region=north.pk, segment=0, amount="-9")[0] == 400
    cell, url = {"region": north.pk, "segment": 0, "amount": "1"}, "/reports/targets/"
    for wrong, field in (({"cells": [cell, cell | {"amount": "2"}]}, "cells"), ({"last": "2026-03"}, "last")):
        status, body = api._send(api.client.put, url, wish | {"cells": [cell]} | wrong, {})
        assert (status, list(body["errors"])) == (400, [field])
    assert api._send(api.client.put, url, wish | {"cells": [cell], "last": "2026-04-01"}, {})[0] == 200
    wish |= {"measure": "won"}
    assert put(api, region=north.pk, segment=0, amount="9")[0] == 403
    assert put(Api(cast.manager), region=north.pk, segment=0, amount="9")[0] == 403
    assert put(Api(cast.sales_head), region=north.pk, segment=0, amount="9")[0] == 200
    assert put(Api(cast.marketer), region=north.pk, segment=0, amount="9")[0] == 403
    assert Api(cast.rep).get("/reports/targets/")[0] == 403


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_moment_are_both_heard(cast):
    failures = []

    def save(user, amount):
        try:
            for _ in range(5):
                promise(Measure.WON, QUARTER, {(0, 0): amount}, user, NOON)
                set_quotas(Measure.WON, QUARTER, {("person", cast.rep.pk): amount}, user, NOON)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=save, args=[user, Decimal(amount)])
        for user, amount in ((cast.sales_head, 30), (cast.admin, 60))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for model in (Target, Quota):
        saved = model.objects.values_list("amount", "set_by")
        assert len(saved) == 3
        assert set(saved) in ({(Decimal(10), cast.sales_head.pk)}, {(Decimal(20), cast.admin.pk)})
