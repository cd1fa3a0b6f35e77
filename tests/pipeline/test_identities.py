import pytest

from pipeline.identities import clean_text, digest, email, external, phone, wechat


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna.Berg@Example.COM ", ("email", "anna.berg@example.com")),
        ("o'neil@example.com", ("email", "o'neil@example.com")),
        ("Anna Berg <anna@example.com>", ("email", "anna@example.com")),
        ("mailto:anna@example.com", ("email", "anna@example.com")),
        ("anna＠example.com", ("email", "anna@example.com")),
        ("an\u200bna@example.com", ("email", "anna@example.com")),
        ("иван@пример.рф", ("email", "иван@пример.рф")),
        ("иван@xn--e1afmkfd.xn--p1ai", ("email", "иван@пример.рф")),
        ("x@xn--e1afmkfd.xn--p1ai", ("email", "x@пример.рф")),
        ("info@example.com", ("role_email", "info@example.com")),
        ("Sales+fair@example.com", ("role_email", "sales+fair@example.com")),
        ("anna@example", None),
        ("anna@@example.com", None),
        ("anna..berg@example.com", None),
        (".anna@example.com", None),
        ("a" * 65 + "@example.com", None),
        ("none", None),
        ("", None),
        ("a\x00@", None),
    ],
)
def test_email(text, found):
    assert email(text) == found


@pytest.mark.parametrize(
    ("text", "region", "found"),
    [
        ("138 0013 8000", "CN", ("mobile", "+8613800138000")),
        ("+86 138-0013-8000", "", ("mobile", "+8613800138000")),
        ("8613800138000", "CN", ("mobile", "+8613800138000")),
        ("13800138000", "", ("mobile", "+8613800138000")),
        ("１３８００１３８０００", "CN", ("mobile", "+8613800138000")),
        ("010-6552 9988", "CN", ("phone", "+861065529988")),
        ("021 50504740 转 803", "CN", ("phone", "+862150504740;ext=803")),
        ("8 (916) 123-45-67", "RU", ("mobile", "+79161234567")),
        ("+7 916 123 45 67", "DE", ("mobile", "+79161234567")),
        ("89161234567", "", ("mobile", "+79161234567")),
        ("9161234567", "RU", ("mobile", "+79161234567")),
        ("8 495 123-45-67", "RU", ("phone", "+74951234567")),
        ("4951234567", "RU", ("phone", "+74951234567")),
        ("0171 1234567", "DE", ("mobile", "+491711234567")),
        ("491711234567", "DE", ("mobile", "+491711234567")),
        (
            "4915201234567",
            "DE",
            ("mobile", "+4915201234567"),
        ),  # as a sheet keeps it that took it for a number
        ("493012345678", "DE", ("phone", "+493012345678")),
        ("0049 171 1234567", "", ("mobile", "+491711234567")),
        ("030 901820", "DE", ("phone", "+4930901820")),
        ("660-485-0224", "US", ("mobile", "+16604850224")),
        ("1 (660) 485-0224", "US", ("mobile", "+16604850224")),
        ("+1 660 485 0224 ext. 12", "", ("phone", "+16604850224;ext=12")),
        ("07400 123456", "GB", ("mobile", "+447400123456")),
        ("020 7946 0018", "GB", ("phone", "+442079460018")),
        ("0171 1234567", "", ("phone", "01711234567")),
        ("1.38E+10", "CN", None),
        ("ask her", "CN", None),
        ("12", "CN", None),
        ("", "CN", None),
        ("٠١٢٣٤٥٦٧٨٩", "", None),
    ],
)
def test_phone(text, region, found):
    assert phone(text, region) == found


def test_north_american_number_is_what_its_column_claims():
    assert phone("660-485-0224", "US", claimed="phone") == ("phone", "+16604850224")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wang_Fang88", ("wechat", "wang_fang88")),
        (" wxid_7h2k9 ", ("wechat", "wxid_7h2k9")),
        ("13800138000", ("wechat", "13800138000")),
        ("a", None),
        ("see card", ("wechat", "seecard")),
        ("王芳", None),
    ],
)
def test_wechat(text, found):
    assert wechat(text) == found


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Anna   Berg ", "Anna Berg"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
        ("Anna\u202e Berg\u200b", "Anna Berg"),
        ("Anna\u00a0Berg\u3000", "Anna Berg"),
        ("two\nlines", "two\nlines"),
        ("NUL\x00", "NUL"),
    ],
)
def test_clean_text(text, clean):
    assert clean_text(text) == clean


def test_external_and_digest():
    assert external("zoho", "42") == ("external", "zoho:42")
    assert digest("email", "a@example.com") != digest("mobile", "a@example.com")
    assert len(digest("email", "a@example.com")) == 64
