"""Which way to reach somebody."""

from leads import reach
from pipeline.models import Identity


def known(*pairs):
    return [Identity(pk=place, kind=kind, value=value) for place, (kind, value) in enumerate(pairs)]


def test_a_mobile_is_called_before_a_landline_and_a_person_mailed_before_a_house():
    found = reach.of(
        known(
            ("phone", "+492211234567"),
            ("role_email", "info@a.example"),
            ("mobile", "+8613800138000"),
            ("mobile", "+8613900139000"),
            ("email", "li@a.example"),
            ("wechat", "li_wei"),
        )
    )
    assert [one.value for one in (found.call, found.chat, found.mail)] == [
        "+8613800138000", "li_wei", "li@a.example",
    ]  # fmt: skip
    assert found.number == "+86 138 0013 8000"


def test_nothing_known_is_nothing_to_use():
    assert reach.of(known(("external", "crm:1"))) == reach.Reach()


def test_an_odd_number_is_read_as_written():
    assert reach.of(known(("phone", "ext. 12"))).number == "ext. 12"
