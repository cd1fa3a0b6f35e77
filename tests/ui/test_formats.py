"""Numbers, money, dates and spans in the three languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from babel.numbers import format_compact_currency
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ui import formats

NOON = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"

EXAMPLES = [
    (lambda: formats.number(1234.5), "1,234.5", "1,234.5", f"1{NBSP}234,5"),
    (lambda: formats.number(Decimal("-3.00")), "−3", "−3", "−3"),
    (lambda: formats.number(7, 2, sign=True), "+7.00", "+7.00", "+7,00"),
    (lambda: formats.short_number(9_999), "9,999", "9,999", f"9{NBSP}999"),
    (lambda: formats.short_number(15_420), "15.4K", "1.5万", f"15,4{NBSP}тыс."),
    (lambda: formats.percent(0.1245), "12.4%", "12.4%", f"12,4{NBSP}%"),
    (lambda: formats.percent(Decimal("1.0146"), 2, sign=True), "+101.46%", "+101.46%", f"+101,46{NBSP}%"),
    (lambda: formats.percent(-1, 0), "−100%", "−100%", f"−100{NBSP}%"),
    (lambda: formats.hundredths(Decimal("12.50")), "12.5%", "12.5%", f"12,5{NBSP}%"),
    (lambda: formats.times(2.34), "2.3×", "2.3×", "2,3×"),
    (lambda: formats.money(Decimal("1234.5"), "EUR"), "€1,234.50", "€1,234.50", f"1{NBSP}234,50{NBSP}€"),
    (lambda: formats.money(-1234.5, "CNY"), "−CN¥1,234.50", "−¥1,234.50", f"−1{NBSP}234,50{NBSP}CN¥"),
    (lambda: formats.money(1234567, "JPY"), "¥1,234,567", "JP¥1,234,567", f"1{NBSP}234{NBSP}567{NBSP}¥"),
    (lambda: formats.money(5, ""), "5.00", "5.00", "5,00"),
    (lambda: formats.short_money(1_624_000, "RUB"), "RUB1.62M", "RUB162万", f"1,62{NBSP}млн{NBSP}₽"),
    (lambda: formats.short_money(691, "EUR"), "€691", "€691", f"691{NBSP}€"),
    (lambda: formats.listed(["A", 2, "C"]), "A, 2, C", "A、2、C", "A, 2, C"),
    (lambda: formats.phone("+74955550036"), *["+7 495 555-00-36"] * 3),
    (lambda: formats.phone("ext. 12"), *["ext. 12"] * 3),
    (lambda: formats.day(NOON), "21 Nov 2026", "2026年11月21日", "21 нояб. 2026"),
    (lambda: formats.short_day(date(2026, 9, 5)), "5 Sep", "9月5日", "5 сент."),
    (lambda: formats.near_day(date(2026, 9, 5), date(2026, 12, 31)), "5 Sep", "9月5日", "5 сент."),
    (
        lambda: formats.near_day(date(2026, 9, 5), date(2026, 1, 1)),
        "5 Sep 2026",
        "2026年9月5日",
        "5 сент. 2026",
    ),
    (lambda: formats.month(date(2026, 9, 5)), "Sep 2026", "2026年9月", "сент. 2026"),
    (lambda: formats.short_month(date(2026, 9, 5)), "Sep", "9月", "сент."),
    (lambda: formats.moment(NOON), "21 Nov 2026, 12:05", "2026年11月21日 12:05", "21 нояб. 2026, 12:05"),
    (lambda: formats.ago(NOON - timedelta(minutes=5), NOON), "5 min. ago", "5分钟前", "5 мин. назад"),
    (lambda: formats.ago(NOON - timedelta(seconds=65), NOON), "1 min. ago", "1分钟前", "1 мин. назад"),
    (lambda: formats.ago(NOON + timedelta(hours=3), NOON), "in 3 hr.", "3小时后", "через 3 ч"),
]


@pytest.mark.parametrize("write, english, chinese, russian", EXAMPLES)
def test_each_language_reads_its_own(write, english, chinese, russian):
    written = {}
    for code in ("en", "zh-hans", "ru"):
        with override(code):
            written[code] = write()
    assert written == {"en": english, "zh-hans": chinese, "ru": russian}


@pytest.mark.parametrize(
    "write",
    [
        formats.number,
        formats.short_number,
        formats.percent,
        formats.times,
        formats.day,
        formats.month,
        formats.moment,
        formats.clock,
        formats.duration,
        lambda value: formats.money(value, "EUR"),
        lambda value: formats.short_money(value, "EUR"),
        lambda value: formats.ago(value, NOON),
    ],
)
def test_nothing_is_a_dash(write):
    assert write(None) == "–"


def test_what_is_not_a_number_is_a_dash():
    assert formats.percent(float("nan")) == "–"


@pytest.mark.parametrize(
    "seconds, expected",
    [
        (0, "0 s"),
        (59, "59 s"),
        (90, "2 min"),
        (3599, "1 h"),
        (12_000, "3 h 20 min"),
        (86_400, "1 d"),
        (187_200, "2 d 4 h"),
        (2_000_000, "23 d"),
        (-540, "−9 min"),
    ],
)
def test_a_duration_shows_its_two_largest_units(seconds, expected):
    assert formats.duration(seconds) == expected
    assert formats.duration(timedelta(seconds=seconds)) == expected


def test_moments_are_shown_in_the_readers_zone():
    with timezone.override("Asia/Shanghai"):
        assert formats.moment(datetime(2026, 11, 21, 20, tzinfo=UTC)) == "22 Nov 2026, 04:00"
        assert formats.day(datetime(2026, 11, 21, 20, tzinfo=UTC)) == "22 Nov 2026"


@pytest.mark.parametrize(
    "days, expected",
    [(-1, "yesterday"), (0, "today"), (1, "tomorrow"), (-3, "3 days ago"), (21, "in 3 weeks")],
)
def test_days_have_names(days, expected):
    assert formats.ago(NOON.date() + timedelta(days=days), NOON) == expected


@given(st.decimals(-(10**12), 10**12, places=2))
def test_money_loses_no_digit(amount):
    """Reading the written amount back gives the amount."""
    with override("ru"):
        written = formats.money(amount, "EUR")
    digits = written.replace("−", "-").replace(NBSP, "").replace("€", "").replace(",", ".")
    assert Decimal(digits) == amount


def test_languages_call_themselves():
    assert [formats.language_name(code) for code in ("en", "zh-hans", "ru", "de", "tyv", "xx")] == [
        "English",
        "简体中文",
        "Русский",
        "Deutsch",
        "tyv",  # CLDR knows Tuvan, but not what it calls itself
        "xx",
    ]


@pytest.mark.parametrize("language, tables", [("en", "en"), ("zh-hans", "zh_Hans_CN"), ("ru", "ru_RU")])
@given(
    amount=st.decimals(-(10**13), 10**13, allow_nan=False, places=2).filter(lambda one: abs(one) >= 10_000),
    currency=st.sampled_from(["EUR", "CNY", "RUB", "USD", "JPY"]),
)
def test_short_amounts_are_written_as_babel_writes_them(language, tables, amount, currency):
    rounded = round(amount, 2 - amount.adjusted())
    places = 2 if 10**6 <= abs(rounded) < 10**7 else 1
    wanted = format_compact_currency(rounded, currency, locale=tables, fraction_digits=places)
    with override(language):
        assert formats.short_money(amount, currency) == wanted.replace("-", "−")
