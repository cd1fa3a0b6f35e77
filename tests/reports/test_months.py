"""Closing months: what is frozen, what is restated since, where late things are booked, and who may."""

import json
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from engine import errands
from leads.importing import undoing
from pipeline.models import Deal, DealStage, MonthClose, Spend
from reports import glance, monthly, periods, quotas
from reports.choice import axes, parse
from reports.models import FrozenItem, FrozenMonth
from reports.months import closing, listing, orders
from reports.months.changes import changes, every_change
from reports.months.official import MEASURES, books
from reports.periods import shifted
from reports.rollups import roll_all
from reports.verify import differences
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv, read_tables, worded
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
LATER = NOON + timedelta(days=30)  # 10 July


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    Organisation.objects.update(level=2)
    organisation.forget()


def won_by(campaign, amount, **fields):
    """A deal of May that one touch of April of the campaign won."""
    contact = make.contact()
    make.touch(contact, NOON - timedelta(days=45), campaign=campaign)
    return win(amount, [contact], signed_on=MAY, **fields)


def choose(**data):
    """A Choice over all time, as a month after the day of the cast."""
    return parse({"period": "all", **data}, axes(data), LATER)


def lies():
    """Every difference that verify names."""
    with connection.cursor() as cursor:
        return [str(one) for found in differences(cursor).found.values() for one in found]


def official(measure="won", what="amount", **data):
    """{month: (official, live, late, restated)} of one measure."""
    roll_all()
    return {
        one.month: tuple(
            getattr(getattr(one, side).get(measure), what, 0) for side in ("official", "live", "late", "restated")
        )
        for one in books(choose(**data)).months
        if one.month > APRIL  # when the deals were opened
    }  # fmt: skip


def test_a_closed_month_stands_and_the_difference_is_told_with_what_changed(cast):
    fair = make.campaign("Fair")
    kept, raised = won_by(fair, "1000"), win("500", signed_on=MAY)
    paid = spend(fair, 200, month=MAY)
    closing.close(MAY, cast.finance, NOON)
    assert official() == {MAY: (1500, 1500, 0, 0), JUNE: (0, 0, 0, 0)}
    raised.amount = raised.base_amount = 900
    raised.save()
    late = win("12000", signed_on=date(2026, 5, 20))
    Spend.objects.filter(pk=paid.pk).update(amount=250, base_amount=250)
    assert official() == {MAY: (1500, 13900, 0, 12400), JUNE: (12400, 0, 12400, 0)}
    assert official("paid")[MAY] == (200, 250, 0, 50)
    shut = books(choose()).shut[MAY]
    found = {(one.measure, one.item): (one.what, one.difference.amount) for one in changes(shut).rows}
    pages = [changes(shut, size=2)]
    while pages[-1].older:
        pages.append(changes(shut, size=2, cursor=pages[-1].older))
    assert [one for page in pages for one in page.rows] == changes(shut).rows == list(every_change(shut))
    assert changes(shut, size=2, cursor=pages[1].newer).rows == pages[0].rows
    assert found == {
        ("won", late.pk): ("came", 12000),
        ("credit", late.pk): ("came", 12000),
        ("won", raised.pk): ("changed", 400),
        ("credit", raised.pk): ("changed", 400),
        ("paid", paid.pk): ("changed", 50),
    }
    Deal.objects.filter(pk=kept.pk).update(outcome="lost", signed_on=None)
    assert {
        one.what for one in changes(shut).rows if (one.measure, one.item) == ("won", kept.pk)
    } == set()  # not worked out yet
    roll_all()
    assert {one.what for one in changes(shut).rows if (one.measure, one.item) == ("won", kept.pk)} == {"gone"}
    assert lies() == []


def counts_page_by_page(month, largest, live):
    """What counts in an open month is the same forward, back and in the file, on pages of two; late ones among it."""
    found = books(choose())
    asked = month, ("won",), "amount", choose(), found.shut
    first = listing.counting(*asked, size=2)
    second = listing.counting(*asked, size=2, cursor=first.older)
    worth = [row["worth"] for row in first.rows + second.rows]
    assert ([abs(one) for one in worth], sorted(worth)) == ([abs(one) for one in largest], sorted(largest))
    assert (second.older, first.newer) == ("", "")
    assert listing.counting(*asked, size=2, cursor=second.newer).rows == first.rows
    whole = [row for rows in listing.every_one(*asked) for row in rows]
    assert sorted(whole, key=str) == sorted(first.rows + second.rows, key=str)
    assert sum(row["worth"] for row in listing.counting(*asked, late=True).rows) == sum(worth) - live


def test_what_came_late_is_frozen_where_it_was_booked_and_all_months_sum_to_what_is_there(client, cast):
    make.lead(at=NOON - timedelta(days=30))
    moved = win("100", signed_on=MAY)
    closing.close(MAY, cast.marketing_head, NOON)
    win("40", signed_on=date(2026, 5, 9))
    win("7", signed_on=JUNE)
    north = make.region()
    moved.company = make.company(region=north)
    moved.save()
    roll_all()
    counts_page_by_page(JUNE, [-100, 100, 40, 7], live=7)
    closing.close(JUNE, cast.finance, LATER)
    client.force_login(cast.finance)
    page = client.get("/dashboard/months/2026-06/")
    told = page.context["told_tables"][0].rows[0]
    assert (told["name"], told["text_exact"]) == ("Won revenue", 7)
    assert page.context["told_late"].startswith("Won revenue +€40.00")  # 47 official, as the table above says
    assert "without what came late from closed months: Won revenue +€40.00" in page.content.decode()
    assert client.get(f"/dashboard/months/2026-06/?team={cast.rep.team_id}").context["told_late"] == ""
    win("3", signed_on=MAY)
    roll_all()
    assert official() == {
        date(2026, 7, 1): (3, 0, 3, 0),
        JUNE: (47, 7, 40, 0),
        MAY: (100, 143, 0, 43),
    }
    found = books(choose())
    for measure in MEASURES:
        sides = [[getattr(one, side).get(measure) for one in found.months] for side in ("official", "live")]
        summed = [sum((one.amount + one.n for one in side if one), Decimal()) for side in sides]
        assert summed[0] == summed[1], measure
    # the win that moved to another region is taken out of the one and put into the other, in the open month
    assert [one.amount for one in FrozenItem.objects.filter(item=moved.pk, measure="won", own=MAY).order_by("id")] == [
        100, *FrozenItem.objects.filter(item=moved.pk, measure="won", close__month=JUNE).order_by("id").values_list("amount", flat=True),
    ]  # fmt: skip
    assert {(one.region, one.amount) for one in FrozenItem.objects.filter(item=moved.pk, measure="won", close__month=JUNE)} == {
        (0, -100), (north.pk, 100),
    }  # fmt: skip
    assert official(region=str(north.pk)) == {
        date(2026, 7, 1): (0, 0, 0, 0), JUNE: (100, 0, 100, 0), MAY: (0, 100, 0, 100),
    }  # fmt: skip
    assert lies() == []


def test_months_are_closed_in_a_row_when_they_are_over_and_reopened_from_the_last(cast):
    spend(None, 5, month=MAY)
    with pytest.raises(closing.Refused, match="not over"):
        closing.close(JUNE, cast.finance, NOON)
    closing.close(APRIL, cast.finance, NOON)
    with pytest.raises(closing.Refused, match="closed already"):
        closing.close(APRIL, cast.finance, NOON)
    with pytest.raises(closing.Refused, match="The next one is"):
        closing.close(JUNE, cast.finance, LATER)
    closing.close(MAY, cast.finance, NOON)
    late = spend(None, 9, month=MAY)
    late.refresh_from_db()
    assert late.booked == JUNE
    for month, reason, words in (
        (APRIL, "x", "Re-open that first"),
        (JUNE, "x", "not closed"),
        (MAY, " ", "Say why"),
    ):
        with pytest.raises(closing.Refused, match=words):
            closing.reopen(month, cast.finance, reason, NOON)
    closing.reopen(MAY, cast.finance, "An invoice was missing", NOON)
    late.refresh_from_db()
    assert late.booked == MAY
    assert official("paid")[MAY] == (14, 14, 0, 0)
    closing.close(MAY, cast.finance, LATER)
    for narrow in ({}, {"channel": "none"}, {"campaign": "none"}):  # what has no campaign has no channel
        assert official("paid", **narrow) == {JUNE: (0, 0, 0, 0), MAY: (14, 14, 0, 0)}
    assert list(MonthClose.objects.values_list("month", "number")) == [(APRIL, 1), (MAY, 1), (MAY, 2)]
    assert lies() == []


def test_the_frozen_figures_are_those_of_the_day_and_lies_in_them_are_named(cast):
    fair = make.campaign("Fair")
    won_by(fair, "300", cost=100)
    spend(fair, 100, month=MAY)
    closing.close(MAY, cast.finance, NOON)
    frozen = FrozenMonth.objects.get()
    told = {
        name: frozen.figures[name] for name in ("won", "margin", "spend", "revenue_roi", "leads", "win_rate")
    }
    assert {name: Decimal(value) for name, value in told.items()} == {
        "won": 300, "margin": 200, "spend": 100, "revenue_roi": 2, "leads": 0, "win_rate": 1,
    }  # fmt: skip
    assert frozen.pack["campaigns"][0]["name"] == "Fair"
    assert lies() == []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SELECT set_config('tandem.erasing', 'on', true)")
        cursor.execute("UPDATE reports_frozenitem SET amount = amount + 1 WHERE measure IN ('won', 'paid')")
    assert [one.split(" (")[0] for one in lies()] == [
        "Closed month 2026-05, deals won", "Closed month 2026-05, spend", "Closed month 2026-05, sums",
        "Closed month 2026-05, sums", "Closed month", "Closed month",
    ]  # fmt: skip


def test_spend_is_booked_by_the_database_whoever_writes_it_and_says_so(client, cast):
    this = organisation.today(timezone.now()).replace(day=1)
    last = shifted(this, -1)
    fair = make.campaign("Fair")
    closing.close(last, cast.finance, timezone.now())
    wish = {"campaign": fair.pk, "kind": "paid", "month": last, "on": last, "amount": "10", "currency": "EUR"}
    status, made = Api(cast.marketer).post("/spend/", wish)
    assert (status, made["month"], made["on"], made["booked"]) == (201, *map(str, (last, last, this)))
    assert Spend.objects.get().entered_by == cast.marketer
    status, made = Api(cast.marketer).patch(f"/spend/{made['id']}/", {"month": f"{this:%Y-%m}"})
    assert (made["month"], made["booked"]) == (str(this), str(this))
    client.force_login(cast.marketer)
    form = {"kind": "paid", "amount": "20", "currency": "EUR", "month": f"{last:%Y-%m}", "on": str(last)}
    page = client.post(f"/campaigns/{fair.pk}/spend/", form, follow=True).content.decode()
    assert "is closed: the spend is booked to" in page
    assert sorted(Spend.objects.values_list("amount", "month", "booked")) == [
        (10, this, this),
        (20, last, this),
    ]
    assert lies() == []


def test_the_pages_close_tell_and_reopen(client, cast):
    this = organisation.today(timezone.now()).replace(day=1)
    last = shifted(this, -1)
    key, day = f"{last:%Y-%m}", last + timedelta(days=3)
    deal = win("1000", signed_on=day, owner=cast.rep)
    client.force_login(cast.marketer)
    assert client.post(f"/dashboard/months/{key}/close/").status_code == 403
    client.force_login(cast.finance)
    assert client.post(f"/dashboard/months/{this:%Y-%m}/close/").status_code == 422
    assert "Close the month" in client.get(f"/dashboard/months/{key}/").content.decode()
    assert client.post(f"/dashboard/months/{key}/close/").status_code == 302
    deal.amount = deal.base_amount = 13_400
    deal.save()
    make_late = win("50", signed_on=day, name="Backdated")
    roll_all()
    page = client.get(f"/dashboard/months/{key}/").content.decode()
    for words in (
        "Closed by Finance",
        "restated since close: Won revenue +€12,450.00",
        "Backdated",
        "came late",
        deal.name,
    ):
        assert words in page
    page = client.get("/dashboard/months/").content.decode()
    assert "late from closed months: Won revenue +€12,450.00" in page
    assert every_official_figure_opens_its_items(client, last) > 3
    assert every_official_figure_opens_its_items(client, this) > 1
    assert every_official_figure_opens_its_items(client, last, team=str(cast.rep.team_id))
    lines = read_csv(client.get(f"/dashboard/months/{key}/behind/won/?format=csv"))
    assert [line[-1] for line in lines[1:]] == ["1000.0000"]
    lines = read_csv(client.get(f"/dashboard/months/{this:%Y-%m}/behind/won/?format=csv"))
    assert sum(Decimal(line[-1]) for line in lines[1:]) == 12_450
    lines = read_csv(client.get(f"/dashboard/months/{key}/behind/won/?side=restated&format=csv"))
    assert sum(Decimal(line[6]) for line in lines[1:]) == 12_450
    for side, change in (("restated", "12450"), ("late", "0")):
        told = client.get(f"/dashboard/months/{key}/behind/won/?side={side}").context["told"]
        assert told == f"In all: €{int(change):,}.00."
    assert client.get(f"/dashboard/months/{this:%Y-%m}/behind/won/?side=restated").status_code == 404
    assert client.get(f"/dashboard/months/{key}/behind/nothing/").status_code == 404
    assert client.get(f"/dashboard/months/{key}/behind/won/?side=both").status_code == 400
    tables = read_tables(client.get(f"/dashboard/months/{key}/?format=csv"))
    rows = tables[""]
    assert {(row[0], row[1]) for row in rows[1:]} >= {("Won", str(deal.pk)), ("Won", str(make_late.pk))}
    assert list(tables)[1:3] == ["Official and live", "As it was told at the close"]
    (won,) = (row for row in tables["Official and live"] if row[0] == "Won revenue")
    assert [Decimal(cell) for cell in (won[1], won[4])] == [1000, 12_450]
    assert worded(tables) == []
    rows = read_csv(client.get("/dashboard/months/?format=csv"))
    assert len(rows) >= 3
    assert len(set(rows[0])) == len(rows[0])
    counts = [
        cell for name, *cells in zip(*rows, strict=True) if name.startswith("Deals won") for cell in cells
    ]
    assert not [cell for cell in counts if "." in cell]
    assert rows[0][2:6] == [
        f"Won revenue: {side}" for side in ("Official", "of it came late", "Live", "Restated since close")
    ]
    for address in ("/dashboard/months/", f"/dashboard/months/{key}/"):
        organisation.current()
        one = queries(client, address)
        win("1", signed_on=day)
        win("2", signed_on=day)
        roll_all()
        organisation.current()
        assert queries(client, address) == one <= 5 + 2 + 6 * (key in address), address
    assert client.post(f"/dashboard/months/{key}/reopen/", {"reason": ""}).status_code == 422
    client.force_login(cast.marketing_head)
    assert client.post(f"/dashboard/months/{key}/reopen/", {"reason": "x"}).status_code == 403
    client.force_login(cast.finance)
    assert client.post(f"/dashboard/months/{key}/reopen/", {"reason": "A late invoice"}).status_code == 302
    assert "A late invoice" in client.get(f"/dashboard/months/{key}/").content.decode()
    assert client.get("/dashboard/months/nowhere/").status_code == 404
    client.force_login(cast.rep)
    assert client.get("/dashboard/months/").status_code == 403
    assert client.get(f"/dashboard/months/{key}/behind/won/").status_code == 403


def every_official_figure_opens_its_items(client, month, **data):
    """Every figure of a month sums what the list of its items holds, on each side. Returns how many are not nothing."""
    asked = {"from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}", **data}
    choice = parse(asked, axes(asked), timezone.now())
    (one,) = books(choice).months
    some = 0
    for name, _label, what, measures, _money in monthly.LINES:
        for side in ("official", "late", *(["restated"] if one.shut else [])):
            href = monthly.behind(one, name, choice, side)
            if "/behind/" in href.partition("/months/")[2]:
                answer = client.get(href)
                rows = answer.context["table"].rows
                held = sum(row["difference" if side == "restated" else "worth"] for row in rows)
                told = monthly.value(getattr(one, side), what, measures)
                assert held == told, (month, name, side)
                some += told != 0
    return some


def test_a_month_in_which_very_much_counts_is_closed_in_the_background(client, cast, monkeypatch):
    monkeypatch.setattr(orders, "AT_ONCE", 0)
    last = shifted(organisation.today(timezone.now()).replace(day=1), -1)
    url = f"/dashboard/months/{last:%Y-%m}/"
    win("1000", signed_on=last)
    roll_all()
    client.force_login(cast.finance)
    api = Api(cast.finance)
    for _twice in range(2):
        assert client.post(f"{url}close/").status_code == 302
    assert not MonthClose.objects.exists()
    page = client.get(url).content.decode()
    assert "worked on in the background since" in page
    assert "Close the month?" not in page
    asked = {"HX-Request": "true"}
    assert "worked on in the background" in client.get(url, headers=asked).content.decode()
    assert api.get(f"/reports/months/{last:%Y-%m}/")[1]["waiting"] is True
    assert (errands.do_due(), errands.do_due()) == (1, 0)
    assert client.get(url, headers=asked).headers["HX-Refresh"] == "true"
    assert MonthClose.objects.get().closed_by == cast.finance
    body = api.get(f"/reports/months/{last:%Y-%m}/")[1]
    assert (body["waiting"], body["closed_by"], body["figures"]["won"]["official"]) == (
        False,
        "Finance",
        "1000",
    )
    assert client.post(f"{url}close/").status_code == 422
    spend(None, 9, month=last)
    status, body = api.post(f"/reports/months/{last:%Y-%m}/reopen/", {"reason": "A late invoice"})
    assert (status, body["waiting"]) == (202, True)
    closing.reopen(last, cast.finance, "I was faster", timezone.now())
    assert errands.do_due() == 1
    assert "is not closed" in client.get(url).content.decode()  # whoever asked reads why nothing came of it
    assert "is not closed" in api.get(f"/reports/months/{last:%Y-%m}/")[1]["refused"]


def kept_by_an_earlier_release(key):
    """What was frozen of a month, with all the digits of a division, as earlier releases kept it."""
    frozen = FrozenMonth.objects.get()
    kept = {"win_rate": "0.3333333333333333333333333333", "won": "4E+4", "roas": "not available"}
    pack = {**frozen.pack, "biggest": [["1E3", "", "4E+4"]]}
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SELECT set_config('tandem.erasing', 'on', true)")
        cursor.execute("UPDATE reports_frozenmonth SET figures = figures || %s::jsonb, pack = %s::jsonb",
                       [json.dumps(kept), json.dumps(pack)])  # fmt: skip
        cursor.execute("SELECT set_config('tandem.erasing', '', true); SET ROLE tandem_app")


def test_the_api_closes_tells_and_reopens(cast):
    this = organisation.today(timezone.now()).replace(day=1)
    last = shifted(this, -1)
    key = f"{last:%Y-%m}"
    win("1000", signed_on=last)
    api = Api(cast.finance)
    assert Api(cast.marketer).post("/reports/months/", {"month": key})[0] == 403
    assert api.post("/reports/months/", {"month": f"{this:%Y-%m}"})[0] == 400
    status, body = api.post("/reports/months/", {"month": key})
    assert (status, body["frozen"]["won"], body["closed_by"]) == (201, "1000", "Finance")
    win("12400", signed_on=last, name="Late")
    roll_all()
    body = api.get("/reports/months/")[1]
    assert body["open"] == f"{this:%Y-%m}"
    assert {one["month"]: one["figures"]["won"] for one in body["results"] if one["month"] >= key} == {
        f"{this:%Y-%m}": {"official": "12400", "late": "12400", "live": "0", "restated": None},
        key: {"official": "1000", "late": "0", "live": "13400", "restated": "12400"},
    }
    held = api.get(f"/reports/months/{key}/behind/won/")[1]
    assert (held["total"], [(one["name"], one["counts"], one["own"]) for one in held["results"]]) == (
        "1000", [(Deal.objects.get(amount=1000).name, "1000", key)],
    )  # fmt: skip
    late = api.get(f"/reports/months/{this:%Y-%m}/behind/won/", side="late")[1]
    assert (late["total"], [one["name"] for one in late["results"]], late["next"]) == (
        "12400",
        ["Late"],
        None,
    )
    restated = api.get(f"/reports/months/{key}/behind/won/", side="restated")[1]
    assert [(one["name"], one["counts"]) for one in restated["results"]] == [("Late", "12400")]
    assert api.get(f"/reports/months/{key}/behind/luck/")[0] == 404
    (change,) = [one for one in api.get(f"/reports/months/{key}/")[1]["changes"] if one["measure"] == "won"]
    assert (change["name"], change["what"], change["was"], change["now"]) == ("Late", "came", "0", "12400")
    kept_by_an_earlier_release(key)
    frozen, pack = (
        api.get(f"/reports/months/{key}/")[1]["frozen"],
        api.get(f"/reports/months/{key}/pack/")[1]["pack"],
    )
    assert (frozen["win_rate"], frozen["won"], frozen["roas"]) == ("0.333333", "40000", "not available")
    assert pack["biggest"][0] == ["1E3", "", "40000"]
    assert Api(cast.sales_head).post(f"/reports/months/{key}/reopen/", {"reason": "x"})[0] == 403
    assert api.post(f"/reports/months/{key}/reopen/", {})[0] == 400
    assert api.post(f"/reports/months/{key}/reopen/", {"reason": "x"})[1]["closed_at"] is None
    assert Api(cast.rep).get("/reports/months/")[0] == 403


def test_a_team_sees_its_own_part_of_a_closed_month(cast):
    own = win("100", owner=cast.rep, signed_on=MAY)
    win("40", owner=cast.other_rep, signed_on=MAY)
    spend(make.campaign(), 9, month=MAY)
    closing.close(MAY, cast.finance, NOON)
    team = {"team": str(cast.rep.team_id)}
    assert official(**team)[MAY] == (100, 100, 0, 0)
    assert official("paid")[MAY][0] == 9
    assert official("paid", **team).get(MAY, (0,))[0] == 0  # a team of sales has no spend
    Deal.objects.filter(pk=own.pk).update(owner=cast.other_rep)
    roll_all()
    assert changes(books(choose()).shut[MAY]).rows == []  # for the house nothing has changed
    assert official()[MAY] == (140, 140, 0, 0)
    assert official(**team)[MAY] == (100, 0, 0, -100)
    assert official(team=str(cast.other_rep.team_id))[MAY] == (40, 140, 0, 100)
    cast.other_rep.team = cast.rep.team  # and now its new owner comes to the team that it was won by
    cast.other_rep.save()
    assert official(**team)[MAY] == (100, 140, 0, 40)
    left = {"team": str(cast.other_manager.team_id)}
    assert official(**left)[MAY] == (40, 0, 0, -40)
    assert official(rep=str(cast.other_rep.pk))[MAY] == (40, 140, 0, 100)
    shut = books(choose()).shut[MAY]
    assert [row["worth"] for row in listing.frozen(shut, ("won",), "amount", choose(**left))] == [40]
    (gone,) = changes(shut, ("won",), choose(**left)).rows
    assert (gone.what, gone.difference.amount) == ("handed", -40)
    assert official()[MAY] == (140, 140, 0, 0)
    assert lies() == []


def test_what_is_gone_has_its_name_and_what_came_says_who_brought_it(client, cast):
    fair = make.campaign("Fair")
    mine, theirs = spend(fair, 30, month=MAY), spend(None, 40, month=MAY)
    Spend.objects.filter(pk=theirs.pk).update(vendor="Hotline")
    closing.close(MAY, cast.finance, NOON)
    assert Api(cast.marketing_head).delete(f"/spend/{mine.pk}/")[0] == 204
    with connection.cursor() as cursor:  # as an import is taken back
        cursor.execute(undoing.CONTEXT, [7, cast.admin.pk])
        cursor.execute("DELETE FROM pipeline_spend WHERE id = %s", [theirs.pk])
        cursor.execute("SELECT set_config('pghistory.context_metadata', '', true)")
    entered = Api(cast.marketing_head).post(
        "/spend/",
        {"campaign": fair.pk, "kind": "paid", "month": "2026-05-01", "on": "2026-05-01", "amount": "9"},
    )[1]
    with connection.cursor() as cursor:  # and a rate that is saved later
        cursor.execute(undoing.CONTEXT.replace("'import'", "'user'"), [cast.admin.pk, None])
        cursor.execute("UPDATE pipeline_spend SET base_amount = 11 WHERE id = %s", [entered["id"]])
        cursor.execute("SELECT set_config('pghistory.context_metadata', '', true)")
    roll_all()
    found = {one.item: one for one in changes(books(choose()).shut[MAY], ("paid",)).rows}
    assert {pk: (one.what, one.name, one.there, one.who) for pk, one in found.items()} == {
        mine.pk: ("gone", "Fair", False, "Marketing Head"),
        theirs.pk: ("gone", "Hotline", False, "Admin"),
        entered["id"]: ("came", "Fair", True, "Marketing Head"),
    }
    assert all(one.at for one in found.values())


def test_whoever_made_the_difference_is_named_not_whoever_touched_it_last(cast):
    """A note, another owner, a later close or a merge of the company is no difference."""
    fair = make.campaign("Fair")
    paid = spend(fair, 30, month=MAY)
    late = make.deal(owner=cast.rep, company=make.company(), amount=70, base_amount=70)
    closing.close(MAY, cast.finance, NOON)
    tag = {"if_match": Api(cast.marketer).client.get(f"/api/v1/spend/{paid.pk}/").headers["ETag"]}
    assert Api(cast.marketer).patch(f"/spend/{paid.pk}/", {"amount": "31"}, **tag)[0] == 200
    tag = {"if_match": Api(cast.marketing_head).client.get(f"/api/v1/spend/{paid.pk}/").headers["ETag"]}
    assert Api(cast.marketing_head).patch(f"/spend/{paid.pk}/", {"note": "checked"}, **tag)[0] == 200
    with by(cast.rep):
        Deal.objects.filter(pk=late.pk).update(
            outcome="won", stage=DealStage.objects.get(outcome="won"), signed_on=MAY, closed_at=NOON
        )
    with by(cast.admin):
        Deal.objects.filter(pk=late.pk).update(
            owner=cast.teammate, company=make.company("Other"), expected_close=MAY, category="omitted"
        )
    roll_all()
    found = {one.measure: (one.what, one.who) for one in changes(books(choose()).shut[MAY]).rows}
    assert (found["paid"], found["won"]) == (("changed", "Marketer"), ("came", "Rep"))


@contextmanager
def by(user):
    """As the user's request changes it."""
    with connection.cursor() as cursor:
        cursor.execute(undoing.CONTEXT.replace("'import'", "'user'"), [user.pk, None])
        yield
        cursor.execute("SELECT set_config('pghistory.context_metadata', '', true)")


def test_a_close_freezes_what_the_other_tabs_show(client, cast):
    fair = make.campaign("Fair", segment=make.segment())
    won_by(fair, "1000", owner=cast.rep)
    win("30", kind="expansion", owner=cast.rep, signed_on=MAY)
    spend(fair, 200, month=MAY)
    quotas.set_quotas(
        "won", periods.between(MAY, MAY), {("person", cast.rep.pk): Decimal(900)}, cast.admin, NOON
    )
    roll_all()
    choice = choose(**{"period": "custom", "from": "2026-05", "to": "2026-05"})
    seen = glance.glance(cast.finance, choice, NOON)
    closing.close(MAY, cast.finance, NOON)
    frozen = FrozenMonth.objects.get()
    told = {
        name: frozen.figures[name]
        for name in ("won_new", "won_existing", "cac", "sourced_marketing", "influenced", "weighted")
    }
    assert {name: value and Decimal(value) for name, value in told.items()} == {
        "won_new": 1000, "won_existing": 30, "cac": seen.cac, "sourced_marketing": seen.created.sourced["marketing"],
        "influenced": seen.created.influenced, "weighted": seen.forecast.weighted,
    }  # fmt: skip
    assert {one["name"]: one["spend"] for one in frozen.pack["segments"]}["SMB"] == "200.0000"
    client.force_login(cast.finance)
    told, of_segments = client.get("/dashboard/months/2026-05/").context["told_tables"]
    for figure, amount in (("Won revenue", 1030), ("Marketing spend", 200)):
        (row,) = [row for row in told.rows if row["name"] == figure]
        held = client.get(row["text_href"]).context["table"].rows
        assert sum(one["worth"] for one in held) == amount
    for row in of_segments.rows:
        for name in ("won", "revenue", "margin"):
            held = client.get(row[f"{name}_href"]).context["table"].rows
            assert sum(one["worth"] for one in held) == (row[name] or 0), (row["name"], name)
    assert client.get("/dashboard/months/2026-06/behind/won/?side=own").status_code == 404
    (mine,) = [one for one in frozen.pack["quotas"]["won"] if one["name"] == cast.rep.full_name]
    assert (Decimal(mine["target"]), Decimal(mine["attained"])) == (900, 1030)
    win("5", signed_on=MAY)
    roll_all()
    assert FrozenMonth.objects.get().figures == frozen.figures
    client.force_login(cast.finance)
    page = client.get("/dashboard/months/2026-05/").content.decode()
    assert "As it was told at the close" in page
    assert "New business" in page
    page = client.get("/dashboard/glance/?period=custom&from=2026-05&to=2026-05").content.decode()
    assert "The books of this month are closed" in page
    assert "/dashboard/months/2026-05/" in page
