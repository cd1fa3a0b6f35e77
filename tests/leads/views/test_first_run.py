"""The first run: who is led there, each step kept, the shadow week, and from when figures count."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import CalendarDay, Organisation, Role, User
from engine.models import Delivery
from leads import assignment
from leads.first_run import is_empty, pasting
from leads.models import Agreement, Handoff, Lead
from pipeline.models import Product
from reports import periods, rollups
from reports.choice import Axes, parse
from tests import cast as make
from tests.cast import NOON
from tests.pages import posted

STEPS = ["house", "calendar", "way", "people", "products", "files", "live"]


@pytest.fixture
def first(client, db):
    """A signed-in first administrator of an empty system."""
    user = User.objects.create_superuser("first@example.com", "correct horse battery", full_name="First")
    client.force_login(user)
    return client


def send(client, step, **data):
    answer = client.post(f"/start/{step}/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


HOUSE = {
    "name": "Orchard", "language": "en", "currency": "CNY", "tax_percent": "13", "zone": "Asia/Shanghai",
    "week_start": 0, "fiscal_year_start": 1,
}  # fmt: skip
HOURS = {f"day{n}": "9:00–12:00, 13:00–18:00" for n in range(5)}
COLLEAGUE = {"name1": "Wang Fang", "email1": "wang@example.com", "role1": "marketing"}


def test_the_first_administrator_is_led_there_and_nobody_else(first, client):
    assert first.get("/").url == "/start/"
    page = first.get("/start/").content.decode()
    assert all(words in page for words in ("Load the demo", "Start empty", "Bring my Excel"))
    assert first.post("/start/begin/", {"skip": "1"}).url == "/setup/"
    assert first.get("/").url == "/dashboard/"


def test_an_organisation_at_work_is_left_alone(client, cast):
    make.company()
    client.force_login(cast.admin)
    assert client.get("/").url == "/dashboard/"
    assert "Load the demo" not in client.get("/start/").content.decode()
    for user in (cast.marketer, cast.sales_head, cast.rep):
        client.force_login(user)
        assert client.get("/start/").status_code == 403


def test_seven_steps_each_kept_and_taken_up_again(first):
    assert first.post("/start/begin/", {"way": "files"}).url == "/start/house/"
    offered = first.get("/start/house/", HTTP_ACCEPT_LANGUAGE="ru").context["form"]
    assert [offered[name].value() for name in ("language", "currency", "tax_percent", "zone")] == [
        "ru",
        "RUB",
        22,
        "Europe/Moscow",
    ]
    assert first.get("/start/house/").context["form"]["currency"].value() == "EUR"
    proposed = posted(first.get("/start/house/", HTTP_ACCEPT_LANGUAGE="zh-CN"), "/start/house/")
    first.post(
        "/start/house/", proposed, HTTP_ACCEPT_LANGUAGE="zh-CN"
    )  # as it stands: what is shown is what is saved
    kept = Organisation.objects.get()
    assert (kept.language, kept.currency, kept.tax_percent, kept.zone) == (
        "zh-hans",
        "CNY",
        13,
        "Asia/Shanghai",
    )
    Organisation.objects.update(language="en", currency="EUR", tax_percent=0, zone="UTC", setup_step=1)
    assert send(first, "house", **HOUSE | {"currency": "cny"}) == "/start/calendar/"
    kept = first.get("/start/house/", HTTP_ACCEPT_LANGUAGE="ru").context["form"]
    assert (kept["currency"].value(), kept["language"].value()) == ("CNY", "en")  # what was said stays
    assert (organisation.current().currency, organisation.current().tax_percent) == ("CNY", 13)
    assert "/start/calendar/" in first.get("/start/").content.decode()  # go on where you were
    office = first.get("/start/calendar/").context["form"]
    assert (office["zone"].value(), office["country"].value()) == ("Asia/Shanghai", "CN")
    send(first, "calendar", name="Shanghai", zone="Asia/Shanghai", country="CN", **HOURS)
    assert CalendarDay.objects.filter(calendar__name="Shanghai", hours=[]).exists()
    send(first, "way", preset="marketing", heads="1")
    terms = Agreement.objects.get(version=1)
    assert (terms.engagement_floor, terms.owed_sqls, organisation.current().level) == (2, 60, 1)
    send(first, "people", **COLLEAGUE, name2="Li Na", email2="li@example.com", role2="sales")
    assert User.objects.get(email="wang@example.com").team.track == "marketing"
    assert User.objects.get(email="li@example.com").rep.capacity
    assert Delivery.objects.filter(kind="mail").count() == 2
    send(first, "products", lines="Press\t1.130,00\t700\nService; 226", gross="on")
    assert set(Product.objects.values_list("name", "list_price", "currency")) == {
        ("Press", Decimal(1000), "CNY"),
        ("Service", Decimal(200), "CNY"),
    }
    page = first.get("/start/files/").content.decode()
    assert "/imports/templates/leads.xlsx" in page
    send(first, "files")
    answer = first.post("/start/live/", {"live_on": date.today(), "shadow": "on"})
    assert "a day to come" in answer.context["form"].errors["live_on"][0]
    assert send(first, "live", live_on=date.today() + timedelta(days=7), shadow="on") == "/start/shadow/"
    assert first.get("/start/shadow/").status_code == 200
    assert Organisation.objects.get().setup_step == len(STEPS) + 1


def test_a_step_says_what_is_wrong(first):
    for step, data in {
        "house": {**HOUSE, "currency": "yuan"},
        "calendar": {"name": "Office", "zone": "UTC", "day0": "noon"},
        "way": {"preset": "magic", "heads": "2"},
        "people": {"name1": "Nobody", "email1": "", "role1": "sales"},
        "products": {"lines": "Press; expensive"},
        "live": {"live_on": "soon"},
    }.items():
        answer = first.post(f"/start/{step}/", data)
        assert answer.status_code == 422, (step, answer.status_code, answer.headers)
        assert (answer.status_code, bool(answer.context["form"].errors)) == (422, True), step
    assert first.get("/start/nowhere/").status_code == 404
    twice = {**COLLEAGUE, "name2": "Twin", "email2": "WANG@example.com", "role2": "sales"}
    answer = first.post("/start/people/", twice)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"email2"})
    assert answer.content.decode().count("Two of them have the same address.") == 1
    assert is_empty()
    assert User.objects.filter(role=Role.MARKETING).count() == 0


def test_a_signed_agreement_is_not_changed_by_a_preset(first, cast):
    Agreement.objects.get(version=1).signatures.model.objects.all()
    Agreement.objects.create(version=2)
    send(first, "way", preset="accounts", heads="2")
    assert Agreement.objects.get(version=1).protection_days == 30


@pytest.mark.parametrize(
    "text, currency, value",
    [
        ("1,234.50", "EUR", "1234.5"),
        ("1 234,50 €", "EUR", "1234.5"),
        ("¥1,200", "CNY", "1200"),
        ("1,200", "EUR", "1200"),
        ("0.125", "EUR", "0.125"),
        ("0,250", "EUR", "0.25"),
        ("12.5", "EUR", "12.5"),
        ("", "EUR", None),
        ("1 250 000,50 руб.", "RUB", "1250000.5"),
        ("12 500,00 р.", "RUB", "12500"),
        ("3 млн руб.", "RUB", "3000000"),
        ("5 тыс. руб.", "RUB", "5000"),
        ("1,2 т.р.", "RUB", "1200"),
        ("12万元", "CNY", "120000"),
        ("3.5亿元", "CNY", "350000000"),
        ("EUR 1,234.50", "EUR", "1234.5"),
        ("1200 PLN", "PLN", "1200"),
        ("n/a", "EUR", None),
    ],
)
def test_amounts_as_people_write_them(text, currency, value):
    (line,) = pasting.read(f"Press;{text}", currency)
    assert line.price == (value and Decimal(value))


@pytest.mark.parametrize(
    "text, prices",
    [
        ("Nut;0.900\nBolt;1.500", ["0.9", "1.5"]),
        ("Гайка;0,900\nБолт;1,500", ["0.9", "1.5"]),
        ("Nut;12,50\nBolt;1.500", ["12.5", "1500"]),
        ("Nut;12.50\nBolt;1,500", ["12.5", "1500"]),
    ],
)
def test_prices_tell_each_other_what_the_decimal_sign_is(text, prices):
    assert [line.price for line in pasting.read(text, "EUR")] == [Decimal(price) for price in prices]


@pytest.mark.parametrize("text", ["on request", "from 12", "12 pieces", "-5", "12.345", "$12", "1 200 ₽"])
def test_what_is_no_price_here_is_told(text):
    with pytest.raises(pasting.Unreadable):
        pasting.read(f"Press;{text}", "EUR")


def test_a_heading_that_names_another_currency_is_told():
    with pytest.raises(pasting.Unreadable):
        pasting.read("Name;Price, USD\nPress;12", "EUR")
    assert len(pasting.read("Name;Price, €\nPress;12", "EUR")) == 1


def test_products_are_not_entered_twice(db):
    lines = pasting.read("Наименование;Цена, €\nPress;10\npress;11\n\nPump | 5 | 3", "EUR")
    assert pasting.keep(lines, "EUR", NOON.date()) == (2, ["press"], [])
    assert pasting.keep(lines, "EUR", NOON.date()) == (0, ["Press", "press", "Pump"], [])
    assert (
        pasting.keep(pasting.read("Станок ТВ-16\n数控X光机\n电机\nПуско-наладка", "EUR"), "EUR", NOON.date())[
            0
        ]
        == 4
    )
    (line,) = pasting.read("智能网关；3万；1，500", "CNY")
    assert (line.name, line.price, line.cost) == ("智能网关", 30_000, 1500)
    codes = set(Product.objects.values_list("code", flat=True))
    assert codes == {"press", "pump", "stanok-tv-16", "P-001", "P-002", "pusko-naladka"}


def test_in_the_shadow_offers_are_suggested_and_nothing_is_sent(client, cast):
    make.lead(contact=make.contact("Kaya"), stage="ready", grade="A", ready_at=NOON, route_at=NOON)
    at = timezone.now()
    today = organisation.today(at)
    Organisation.objects.update(shadow=True, live_on=today + timedelta(days=7))
    organisation.forget()
    assert assignment.assign_due(at=at) == 0
    assert not Handoff.objects.exists()
    assert not Delivery.objects.exists()
    client.force_login(cast.marketer)
    rows = client.get("/start/shadow/").context["table"].rows
    assert [(row["name"], bool(row["rep"])) for row in rows] == [("Kaya", True)]
    assert not Handoff.objects.exists()
    by_hand = make.lead(contact=make.contact("Deniz"), stage="ready", grade="B", ready_at=NOON)
    for rep in (cast.teammate, cast.rep):  # thinking twice is one suggestion
        assert client.post(f"/leads/{by_hand.pk}/offer/", {"rep": rep.pk}).status_code == 302
    assert "/start/shadow/" in client.get("/dashboard/").content.decode()
    page = client.get("/start/shadow/")
    found = {row["name"]: (row["rep"], row["by"]) for row in page.context["table"].rows}
    assert found["Deniz"] == (str(cast.rep), str(cast.marketer))
    assert (page.context["told"].by_hand, page.context["told"].by_router) == (1, 1)
    assert (by_hand.handoffs.count(), Handoff.objects.count(), Delivery.objects.count()) == (0, 0, 0)
    client.force_login(cast.rep)
    assert client.get("/start/shadow/").status_code == 403
    client.force_login(cast.sales_head)
    Lead.objects.update(captured_at=at.replace(day=1) - timedelta(days=9))  # before figures count
    rollups.roll_all()
    for period in ("", "all", "month"):
        board = client.get("/dashboard/", {"period": period})
        leads = next(tile for tile in board.context["tiles"] if tile.name == "New leads")
        assert (leads.change, leads.line) == ("", ())
        assert "Figures count from" in board.content.decode()
    assert "Figures count from" in client.get("/dashboard/funnel/").content.decode()
    Organisation.objects.update(live_on=today)
    organisation.forget()
    assert assignment.assign_due(at=at) == 1
    assert Handoff.objects.count() == 1


def test_figures_count_from_the_day_of_going_live(db):
    Organisation.objects.update(live_on=date(2026, 5, 20))
    organisation.forget()

    def asked(period):
        found = parse({"period": period}, Axes({}, {}), NOON).period
        return found.first, found.until

    assert asked("12m") == (date(2026, 5, 1), date(2026, 7, 1))
    assert asked("all") == (date(2026, 5, 1), date(2026, 7, 1))
    assert asked("month") == (date(2026, 6, 1), date(2026, 7, 1))
    assert asked("last_year") == (date(2026, 5, 1), date(2026, 6, 1))
    assert parse({"period": "all"}, Axes({}, {}), NOON).period.before() is None  # nothing before May counts
    assert parse({"period": "month"}, Axes({}, {}), NOON).period.before().first == date(2026, 5, 1)
    assert periods.named("all", NOON.date()).is_all
