"""Which number somebody means who leaves out the calling code."""

import pytest

from accounts import organisation
from accounts.models import Organisation
from pipeline.calling import phone, region_of
from pipeline.identities import is_settled

pytestmark = pytest.mark.django_db
BERLIN, MOSCOW, SHANGHAI, NOWHERE = "Europe/Berlin", "Europe/Moscow", "Asia/Shanghai", "UTC"
NEW_YORK, NASSAU = "America/New_York", "America/Nassau"


def live_in(zone):
    """The house keeps the clock of `zone` from now on."""
    Organisation.objects.update(zone=zone)
    organisation.forget()


@pytest.mark.parametrize(
    ("zone", "text", "found"),
    [
        (BERLIN, "0170 1234567", ("mobile", "+491701234567")),
        (BERLIN, "01512 3456789", ("mobile", "+4915123456789")),
        (BERLIN, "+49 (0)170 1234567", ("mobile", "+491701234567")),
        (BERLIN, "030 901820", ("phone", "+4930901820")),
        (BERLIN, "0170 1234567 Durchwahl 3", ("phone", "+491701234567;ext=3")),
        (BERLIN, "8 916 123-45-67", ("mobile", "+79161234567")),  # 089 161… is Munich's, with its zero
        (BERLIN, "138 0013 8000", ("mobile", "+8613800138000")),
        (BERLIN, "151 1234 5678", ("mobile", "+8615112345678")),  # Germans write 0151
        (BERLIN, "0170 12", ("phone", "017012")),
        (MOSCOW, "8 916 123-45-67", ("mobile", "+79161234567")),
        (MOSCOW, "8 (495) 123-45-67", ("phone", "+74951234567")),
        (MOSCOW, "916 123-45-67", ("mobile", "+79161234567")),
        (MOSCOW, "0170 1234567", ("phone", "01701234567")),
        (SHANGHAI, "138 0013 8000", ("mobile", "+8613800138000")),
        (SHANGHAI, "010-6552 9988", ("phone", "+861065529988")),
        (SHANGHAI, "8 916 123-45-67", ("mobile", "+79161234567")),  # no Lhasa without its zero
        (NEW_YORK, "212-555-0123", ("mobile", "+12125550123")),
        (NEW_YORK, "1-212-555-0123", ("mobile", "+12125550123")),
        (NEW_YORK, "1 (212) 555-0123", ("mobile", "+12125550123")),
        (NEW_YORK, "138 0013 8000", ("mobile", "+8613800138000")),
        (NEW_YORK, "8 916 123-45-67", ("mobile", "+79161234567")),
        (NEW_YORK, "0170 1234567", ("phone", "01701234567")),
        (NASSAU, "1 242 357 1234", ("mobile", "+12423571234")),
        (NOWHERE, "0170 1234567", ("phone", "01701234567")),
        (NOWHERE, "ask her", None),
    ],
)
def test_a_number_is_read_as_at_home(zone, text, found):
    live_in(zone)
    assert phone(text) == found


@pytest.mark.parametrize(
    ("text", "countries", "spoken", "found"),
    [
        ("0664 1234567", ("Österreich",), "", ("mobile", "+436641234567")),
        ("0664 1234567", ("", "AT"), "", ("mobile", "+436641234567")),
        ("0170 1234567", ("Россия", "DE"), "RU", ("mobile", "+491701234567")),
        ("0170 1234567", ("somewhere",), "RU", ("mobile", "+491701234567")),
        ("9161234567", (), "RU", ("mobile", "+79161234567")),
        ("0176 12345678", (), "CN", ("mobile", "+4917612345678")),
        ("176 1234 5678", (), "CN", ("mobile", "+8617612345678")),
        ("07400 123456", ("UK",), "", ("mobile", "+447400123456")),
    ],
)
def test_the_persons_country_comes_first_and_a_language_only_hints(text, countries, spoken, found):
    live_in(BERLIN)
    assert phone(text, *countries, spoken=spoken) == found


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("de", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("德国", "DE"), ("Германия", "DE"), ("DEU", "DE"),
        ("UK", "GB"), ("USA", "US"), ("РФ", "RU"), ("中国", "CN"), ("香港", "HK"), ("EU", ""), ("ZZ", ""), ("", ""),
        ("the moon", ""),
    ],
)  # fmt: skip
def test_countries_are_known_by_code_and_name(word, code):
    assert region_of(word) == code


@pytest.mark.parametrize(
    ("value", "settled"),
    [("+491701234567", True), ("+4930901820;ext=3", True), ("+4913800138000", False), ("01701234567", False)],
)
def test_a_number_in_a_plan_is_settled(value, settled):
    assert is_settled(value) == settled
