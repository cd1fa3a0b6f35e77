"""Numbers of a file without a country are read as captures read them: by what is known of the person, of the company, by the house."""

import pytest
from django.db import transaction

from leads import capture
from leads.models import Lead
from pipeline.models import Contact, Identity
from tests import cast as make
from tests.pipeline.test_calling import BERLIN, live_in

pytestmark = pytest.mark.django_db(transaction=True)

COLUMNS = ("full_name", "email", "wechat", "contact_key", "company", "domain", "country", "mobile")
LEADS = {"kind": "leads", "source": "fair", "columns": {"id": "external_id"} | {one: one for one in COLUMNS}}
ROWS = [
    {"full_name": "Ida", "email": "ida@home.example", "mobile": "0664 1234561"},
    {"full_name": "Max", "email": "max@of-a-firm.example", "mobile": "0664 1234562"},
    {"full_name": "Eva", "company": "Wiener Pressen AG", "mobile": "0664 1234563"},
    {"full_name": "Uta", "email": "uta@wiener.example", "mobile": "0664 1234564"},
    {"full_name": "Ron", "wechat": "ron_wien", "mobile": "0664 1234565"},
    {"full_name": "Tim", "contact_key": "77", "mobile": "0664 1234566"},
    {"full_name": "Own", "email": "own@home.example", "country": "DE", "mobile": "0170 1234568"},
    {"full_name": "Kim", "email": "kim@gmail.com", "mobile": "0170 1234569"},
    {"full_name": "Abe", "email": "ida2@home.example", "mobile": "+43 664 1234510"},
    {"full_name": "Jo", "email": "mail@home.example", "mobile": "0170 1234511"},
]


@pytest.fixture
def known():
    live_in(BERLIN)
    firm = make.company("Wiener Pressen", country="Austria", domain="wiener.example")
    make.company("Mail", country="AT", domain="gmail.com")  # everybody may have an address there
    make.contact("Ida", "ida@home.example", country="AT")
    make.contact("Max", "max@of-a-firm.example", company=firm)
    for name, kind, value in (("Ron", "wechat", "ron_wien"), ("Tim", "external", "fair:77")):
        Identity.objects.create(contact=make.contact(name, country="AT"), kind=kind, value=value)
    make.contact("Own", "own@home.example", country="AT")
    make.contact("Jo", "mail@home.example", country="Nowhere at all")


def numbers():
    found = Identity.objects.filter(kind__in=("mobile", "phone"))
    return set(found.values_list("contact__full_name", "kind", "value", "raw"))


def capture_all():
    """What captures make of the rows, undone again."""
    with transaction.atomic():
        for row in ROWS:
            said = {
                name: value for name, value in row.items() if name not in ("mobile", "domain", "contact_key")
            }
            if key := row.get("contact_key"):
                said |= {"person_key": key, "source": "fair"}
            capture.capture(capture.Captured(phone=row["mobile"], **said), by=None, at=make.NOON)
        found = numbers()
        transaction.set_rollback(True)
    return found


def test_a_file_reads_numbers_as_captures_do(known, load):
    expected = capture_all()
    assert sum(kind == "mobile" for _who, kind, _value, _raw in expected) == len(ROWS)
    lines = [",".join(["id", *COLUMNS])]
    lines += [",".join([str(n), *(row.get(one, "") for one in COLUMNS)]) for n, row in enumerate(ROWS)]
    load("\n".join(lines), LEADS)
    assert numbers() == expected


def test_a_row_of_a_known_lead_and_a_dealing_of_one_ask_their_person(known, load):
    ida = Contact.objects.get(full_name="Ida")
    make.lead(contact=ida, source="fair", external_id="7")
    load("id,mobile\n7,0664 1234561\n", {**LEADS, "columns": {"id": "external_id", "mobile": "mobile"}})
    assert numbers() == {("Ida", "mobile", "+436641234561", "0664 1234561")}
    assert Lead.objects.count() == 1
    load(
        "who,kind,day,mobile\nida@home.example,call,2026-02-01,0664/1234561\n",
        {"kind": "touches", "source": "fair",
         "columns": {"who": "email", "kind": "kind", "day": "at", "mobile": "mobile"}},
    )  # fmt: skip
    assert ida.touches.filter(kind="call").count() == 1
