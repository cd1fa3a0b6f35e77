"""Numbers written without their country: whoever gave them is known by them, and nobody is merged by reading them anew."""

import pytest

from accounts.models import Organisation
from leads import capture, dedupe
from leads.dedupe import tables
from leads.models import Duplicate, Merge
from leads.models.duplicates import NumberMark
from pipeline import identities
from pipeline.models import Company, Contact, Identity, Suppression
from tests import cast as make
from tests.api import Api
from tests.leads.importing import running
from tests.pipeline.test_calling import BERLIN, MOSCOW, NOWHERE, SHANGHAI, live_in

pytestmark = pytest.mark.django_db
HOMES = [
    (BERLIN, "0170 1234567", "+491701234567"),
    (MOSCOW, "8 (916) 123-45-67", "+79161234567"),
    (SHANGHAI, "138 0013 8000", "+8613800138000"),
]


def come(**fields):
    return capture.capture(capture.Captured(**fields), by=None, at=make.NOON).contact


def kept():
    """{(whose, kind, value, as written)} of all identities but mailboxes."""
    found = Identity.objects.exclude(kind="email")
    return set(found.values_list("contact__full_name", "kind", "value", "raw"))


def hint(contact, value, raw=""):
    return Identity.objects.create(contact=contact, kind="phone", value=value, raw=raw)


def read():
    while dedupe.read_due(limit=2):
        pass


@pytest.mark.parametrize(("zone", "local", "number"), HOMES)
def test_at_home_the_same_person_comes_by_either_writing(zone, local, number):
    live_in(zone)
    assert come(full_name="Anna", phone=local) == come(phone=number)
    assert kept() == {("Anna", "mobile", number, local)}


def test_the_country_of_a_known_person_or_company_reads_their_number():
    live_in(BERLIN)
    make.company("Wiener Pressen", country="Austria", domain="wiener.example")
    come(full_name="Eva", company="Wiener Pressen", phone="0664 1234567")
    come(full_name="Max", email="max@wiener.example", phone="0664 1234568")
    make.contact("Ida", email="ida@home.example", country="AT")
    come(email="ida@home.example", phone="0664 1234569")
    numbers = {f"+43664123456{n}" for n in "789"}
    assert {value for _who, kind, value, _raw in kept() if kind == "mobile"} == numbers


@pytest.mark.parametrize(("zone", "local", "number"), HOMES)
def test_a_house_that_gets_its_zone_later_reads_its_numbers_then(zone, local, number):
    live_in(NOWHERE)
    anna = make.contact("Anna")
    hint(anna, "".join(filter(str.isdigit, local)), local)
    ben = make.contact("Ben")
    hint(ben, "0000", "0000")
    live_in(zone)
    read()
    assert kept() == {("Anna", "mobile", number, local), ("Ben", "phone", "0000", "0000")}
    assert come(phone=number) == anna
    assert not NumberMark.objects.exists()


def test_what_was_read_in_one_country_stays_when_the_house_moves():
    live_in(BERLIN)
    come(full_name="Anna", phone="0170 1234567")
    come(full_name="Desk", phone="030 901820")
    before = kept()
    live_in("Europe/Vienna")
    read()
    assert kept() == before == {
        ("Anna", "mobile", "+491701234567", "0170 1234567"),
        ("Desk", "phone", "+4930901820", "030 901820"),
    }  # fmt: skip


def test_who_turns_out_to_share_a_mobile_is_proposed_and_nobody_merged():
    live_in(NOWHERE)
    anna, ben, cleo, dora = (make.contact(name) for name in ("Anna", "Ben", "Cleo", "Dora"))
    Identity.objects.create(contact=ben, kind="mobile", value="+491701234567")
    hint(anna, "01701234567")
    hint(cleo, "01709999999")
    hint(dora, "01709999999")
    hint(dora, "491709999999")
    Contact.objects.filter(pk=cleo.pk).update(country="DE")
    Contact.objects.filter(pk=dora.pk).update(country="Germany")
    live_in(BERLIN)
    read()
    assert kept() == {
        ("Ben", "mobile", "+491701234567", ""),
        ("Anna", "phone", "+491701234567", "01701234567"),
        ("Cleo", "mobile", "+491709999999", "01709999999"),
        ("Dora", "phone", "+491709999999", "01709999999"),
    }
    assert [(one.low_id, one.high_id, one.evidence) for one in Duplicate.objects.order_by("low_id")] == [
        (anna.pk, ben.pk, ["the same mobile number"]),
        (cleo.pk, dora.pk, ["the same mobile number"]),
    ]
    assert not Merge.objects.exists()


def test_the_second_writing_of_ones_own_number_goes():
    live_in(NOWHERE)
    anna = make.contact("Anna")
    Identity.objects.create(contact=anna, kind="mobile", value="+491701234567")
    hint(anna, "01701234567")
    hint(anna, "030901820")
    hint(anna, "+4930901820")
    live_in(BERLIN)
    read()
    assert kept() == {("Anna", "mobile", "+491701234567", ""), ("Anna", "phone", "+4930901820", "")}


def test_a_country_told_later_reads_the_number_of_the_person_and_of_the_companys_people():
    live_in(NOWHERE)
    firm = make.company("Acme")
    anna, ben, cleo = make.contact("Anna"), make.contact("Ben", company=firm), make.contact("Cleo")
    for number, contact in enumerate((anna, ben, cleo)):
        hint(contact, f"0170123456{number}")
    NumberMark.objects.all().delete()
    Contact.objects.filter(pk=anna.pk).update(country="Deutschland")
    Company.objects.filter(pk=firm.pk).update(country="DE")
    Contact.objects.filter(pk=cleo.pk).update(company=firm)
    Organisation.objects.update(name="Another name")
    assert set(NumberMark.objects.values_list("contact_id", flat=True)) == {anna.pk, ben.pk, cleo.pk}
    read()
    assert {(who, kind) for who, kind, _value, _raw in kept()} == {
        ("Anna", "mobile"),
        ("Ben", "mobile"),
        ("Cleo", "mobile"),
    }


def test_a_landline_of_ours_is_a_mobile_of_the_persons_country_once_that_is_told():
    live_in(BERLIN)
    anna, desk, abroad = (make.contact(name) for name in ("Anna", "Desk", "Abroad"))
    hint(anna, "+499876543210", "098765 43210")
    hint(desk, "+4930901820", "030 901820")
    hint(abroad, "+499876543211", "+49 9876 543211")
    Contact.objects.filter(pk__in=[anna.pk, desk.pk, abroad.pk]).update(country="India")
    assert set(NumberMark.objects.values_list("contact_id", flat=True)) == {anna.pk, desk.pk}
    read()
    assert kept() == {
        ("Anna", "mobile", "+919876543210", "098765 43210"),
        ("Desk", "phone", "+4930901820", "030 901820"),
        ("Abroad", "phone", "+499876543211", "+49 9876 543211"),
    }


def test_an_import_reads_each_row_by_its_own_country_then_the_files_then_ours(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    live_in(BERLIN)
    path = tmp_path / "people.csv"
    path.write_text(
        "full_name,country,mobile\nAnna,,0170 1234567\nBen,Russia,8 916 123-45-67\nLi,中国,138 0013 8000\n"
        "Eva,Austria,0664 1234567\nKim,,0041 79 123 45 67\n",
        encoding="utf-8",
    )
    mapping = {
        "kind": "leads",
        "source": "fair",
        "columns": {name: name for name in ("full_name", "country", "mobile")},
    }
    running.load(path, mapping, mode="history")
    assert {(who, kind, value) for who, kind, value, _raw in kept()} == {
        ("Anna", "mobile", "+491701234567"),
        ("Ben", "mobile", "+79161234567"),
        ("Li", "mobile", "+8613800138000"),
        ("Eva", "mobile", "+436641234567"),
        ("Kim", "mobile", "+41791234567"),
    }


def test_the_api_captures_and_finds_by_the_local_writing(cast):
    live_in(BERLIN)
    api = Api(cast.marketer)
    assert api.post("/leads/", {"full_name": "Anna", "phone": "0170 1234567"})[0] == 201
    assert api.post("/touches/", {"phone": "0170/1234567", "kind": "call"})[0] == 201
    for typed in ("0170 1234567", "%2B49170 12345", "0170123"):
        assert [one["name"] for one in api.get(f"/search/?q={typed}")[1]["people"]] == ["Anna"], typed


def test_who_asked_not_to_be_kept_by_the_bare_number_is_not_kept_by_the_whole_one():
    live_in(BERLIN)
    Suppression.objects.create(digest=identities.digest("phone", "01701234567"), kind="phone")
    with pytest.raises(capture.Suppressed):
        come(full_name="Anna", phone="0170 1234567")


def test_a_table_has_one_number_in_either_writing():
    live_in(BERLIN)
    rows = [
        {"name": "Anna Berg", "phone": "0170 1234567", "id": "4711001"},
        {"name": "Anna Berg", "phone": "+49 170/1234567", "id": "4711002"},
        {"name": "Ben Kurz", "phone": "030 901820", "id": "4711003"},
        {"name": "Eva Lang", "phone": "", "id": "4711004"},
    ]
    _columns, values = tables.values_of(rows)
    assert values == [
        ["Anna Berg", "+491701234567", "4711001"],
        ["Anna Berg", "+491701234567", "4711002"],
        ["Ben Kurz", "+4930901820", "4711003"],
        ["Eva Lang", "", "4711004"],
    ]
