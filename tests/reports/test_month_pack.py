"""The joint pack: frozen with the month, provisional before, with both heads' words; one A4 page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from reports import monthly, packing, periods
from reports.models import Measure, MonthComment
from reports.months import closing
from reports.months.pack import pack
from reports.rollups import roll_all
from reports.targets import promise
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    Organisation.objects.update(level=2)
    organisation.forget()


def month_of_work(cast, day=MAY):
    """A win of 800 in the north against a target of 1,000, a campaign that cost 100."""
    north = make.region()
    fair = make.campaign("Fair")
    spend(fair, 100, month=day.replace(day=1))
    promise(Measure.WON, periods.between(day, day), {(north.pk, 0): Decimal(1000)}, cast.manager, NOON)
    return win("800", company=make.company("Acme", region=north), signed_on=day, name="Big one")


def test_a_closed_month_is_printed_as_it_was_and_an_open_one_as_it_is(cast):
    deal = month_of_work(cast)
    roll_all()
    before = pack(MAY, NOON)
    assert not before.frozen
    closing.close(MAY, cast.finance, NOON)
    deal.amount = deal.base_amount = 900
    deal.save()
    roll_all()
    after = pack(MAY, NOON)
    told = (
        {name: after.figures[name] for name in before.figures},
        {name: after.more[name] for name in before.more},
    )
    assert (after.frozen, *told) == (True, before.figures, before.more)
    assert [(one.month, one.restated["won"].amount) for one in after.restated] == [(MAY, 100)]
    won = after.more["targets"]["won"]
    assert {(one["name"], one["target"], one["attained"]) for one in won["regions"]} == {
        ("North", "1000.0000", "800.0000")
    }
    assert after.more["biggest"] == [["Big one", "Acme", "800.0000"]]
    assert after.more["last_year"]["won"] is None


def test_no_axis_takes_the_lines_of_the_other_and_what_is_left_out_is_said(client, cast):
    """Many regions with targets leave no segment out; beyond what a paper holds it says how many more there are."""
    month_of_work(cast)
    for number in range(14):
        where = make.region(f"part{number}")
        promise(
            Measure.WON, periods.between(MAY, MAY), {(where.pk, 0): Decimal(number + 1)}, cast.manager, NOON
        )
    segments = [make.segment(f"size{number}") for number in range(3)]
    for one in segments:
        promise(Measure.WON, periods.between(MAY, MAY), {(0, one.pk): Decimal(5)}, cast.manager, NOON)
    roll_all()
    client.force_login(cast.sales_head)
    page = client.get(f"/dashboard/months/{MAY:%Y-%m}/pack/").content.decode()
    assert all(one.name in page for one in segments)
    assert "more on the page of targets" in page


def test_what_came_late_is_official_in_the_pack_as_on_the_page_of_the_month(cast):
    april = date(2026, 4, 1)
    month_of_work(cast)
    win("5", signed_on=april)
    roll_all()
    closing.close(april, cast.finance, NOON)
    win("70", signed_on=april, name="Backdated")
    roll_all()
    for _ in range(2):  # open, then closed
        found = pack(MAY, NOON)
        told = packing.shown(found)
        assert (found.month.official["won"].amount, monthly.late(found.month)["won"]) == (870, 70)
        assert told["tiles"][0][1:] == ("€870", "87% of target")
        assert [(row[0].strip(), *row[2:]) for row in told["targets"]] == [
            ("Won revenue", "€870", "87%"), ("North", "€800", "80%"), ("No segment", "€800", "80%"), ("late from closed months", "€70", "–")
        ]  # fmt: skip
        if not found.frozen:
            closing.close(MAY, cast.finance, NOON)
    assert found.frozen


def test_the_page_says_it_all_and_each_head_has_one_word(client, cast):
    this = organisation.today(timezone.now()).replace(day=1)
    last = periods.shifted(this, -1)
    month_of_work(cast, last)
    roll_all()
    address = reverse("reports:month-pack", args=[f"{last:%Y-%m}"])
    comment = reverse("reports:month-comment", args=[f"{last:%Y-%m}"])
    for user, words in ((cast.marketing_head, "The fair paid."), (cast.sales_head, "<b>North</b> is slow."),
                        (cast.sales_head, "North is slow.")):  # fmt: skip
        client.force_login(user)
        assert client.post(comment, {"text": words}).status_code == 302
    assert client.post(comment, {"text": ""}).status_code == 422
    ahead = reverse("reports:month-comment", args=[f"{periods.shifted(this, 1):%Y-%m}"])
    assert "has not begun yet" in client.post(ahead, {"text": "x"}).content.decode()
    page = client.get(address).content.decode()
    for words in (
        "provisional",
        "€800",
        "80% of target",
        "Big one",
        "Acme",
        "The fair paid.",
        "North is slow.",
        "Fair",
    ):
        assert words in page, words
    assert "<b>North</b>" not in page
    assert MonthComment.objects.count() == 3
    client.force_login(cast.finance)
    assert client.post(comment, {"text": "x"}).status_code == 403
    closing.close(last, cast.finance, timezone.now())
    organisation.current()
    one = queries(client, address)
    assert "official, closed by Finance" in client.get(address).content.decode()
    for number in range(2):
        win("70", signed_on=last, name=f"More {number}")
        make.campaign(f"Other {number}")
    roll_all()
    organisation.current()
    assert queries(client, address) == one <= 12
    client.force_login(cast.rep)
    assert client.get(address).status_code == 403


def test_the_pack_in_the_api(cast):
    this = organisation.today(timezone.now()).replace(day=1)
    last = periods.shifted(this, -1)
    month_of_work(cast, last + timedelta(days=2))
    roll_all()
    path = f"/reports/months/{last:%Y-%m}"
    head = Api(cast.marketing_head)

    def put(who, text):
        return who._send(who.client.put, f"{path}/comment/", {"text": text}, {})

    assert put(Api(cast.marketer), "x")[0] == 403
    assert put(head, "")[0] == 400
    ahead = f"/reports/months/{periods.shifted(last, 2):%Y-%m}/comment/"
    assert head._send(head.client.put, ahead, {"text": "x"}, {})[0] == 400
    status, body = put(head, "Well done")
    assert (status, body["comments"]["marketing"]["text"], body["comments"]["sales"]) == (
        200,
        "Well done",
        None,
    )
    body = Api(cast.finance).get(f"{path}/pack/")[1]
    assert (body["figures"]["won"], body["frozen"], body["pack"]["funnel"]["wins"]) == ("800", False, 0)
    assert body["late"] == {}
    assert Api(cast.rep).get(f"{path}/pack/")[0] == 403


@pytest.mark.browser
def test_it_prints_on_one_page(open_page, cast, tmp_path):
    month_of_work(cast)
    roll_all()
    page = open_page(reverse("reports:month-pack", args=["2026-05"]), user=cast.marketing_head)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed or b"/MediaBox [0 0 595" in printed
