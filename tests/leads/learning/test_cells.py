"""What cells say."""

import random
from datetime import UTC, datetime

import pytest

from leads.learning import cells
from leads.learning.kinds import LeftOut, kind_of
from tests.leads.learning.tables import table


@pytest.mark.parametrize("cell", ["", "  ", "?", "N/A", "Unknown", "null", "未知", "неизвестно", None])
def test_nothing_in_many_words(cell):
    assert cells.text(cell) is None


@pytest.mark.parametrize(
    "cell, number",
    [("5", 5), ("-3.5", -3.5), ("1,234.50", 1234.5), ("1.234,50", 1234.5), ("3,5", 3.5), ("$115", 115), ("12 %", 12),
     ("1 200", 1200), ("1e-3", 0.001), ("$87.32K", 87_320), ("12000 руб.", 12_000), ("2.5万", 25_000), ("5 apples", None), ("1e400", None), ("-1e308", None), ("2024-01-02", None)],
)  # fmt: skip
def test_numbers(cell, number):
    assert cells.number(cell) == number


@pytest.mark.parametrize(
    "texts, first",
    [
        (["2024-03-02", "2024-12-31"], datetime(2024, 3, 2)), (["3/2/2024", "12/31/2024"], datetime(2024, 3, 2)),
        (["02/03/2024", "31/12/2024"], datetime(2024, 3, 2)), (["02.03.2024 10:30"], datetime(2024, 3, 2, 10, 30)),
        (["15 Apr, 2021 00:03:00"], datetime(2021, 4, 15, 0, 3)), (["2024年3月2日"], datetime(2024, 3, 2)),
        (["2024.03.02", "2024.12.31"], datetime(2024, 3, 2)), (["2 марта 2024 г.", "31 декабря 2024 г."], datetime(2024, 3, 2)),
        (["2 мая 2024 года 14:07", "5 сент. 2024 г., 9:30"], datetime(2024, 5, 2, 14, 7)), (["2024/3/2 下午2:07", "2024/3/2 上午11:30"], datetime(2024, 3, 2, 14, 7)),
        (["2024年3月2日 晚上 8:15:30"], datetime(2024, 3, 2, 20, 15, 30)),
    ],
)  # fmt: skip
def test_dates_in_the_form_that_reads_them_all(texts, first):
    assert cells.moment(texts[0], cells.date_form(texts)) == first.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "name, write, kind, first",
    [
        ("created_at", lambda day: f"{45_000 + day}", "excel", datetime(2023, 3, 15)),
        ("Дата", lambda day: f"{45_000 + day}.25", "excel", datetime(2023, 3, 15, 6)),
        ("日期", lambda day: f"{1_700_000_000 + 86_400 * day}", "unix", datetime(2023, 11, 14, 22, 13, 20)),
        ("orderDate", lambda day: f"{1_700_000_000_000 + 86_400_000 * day}", "unixms", datetime(2023, 11, 14, 22, 13, 20)),
        ("Дата создания", lambda day: f"{45_000 + day}", "excel", datetime(2023, 3, 15)),
        ("closed", lambda day: f"{1_700_000_000 + 86_400 * day}", "unix", datetime(2023, 11, 14, 22, 13, 20)),
        ("closed", lambda day: f"{day % 2}", "", None),
        ("salary", lambda day: f"{45_000 + 7 * day % 900}", "", None),
    ],
)  # fmt: skip
def test_numbers_that_count_days_or_seconds_are_dates_where_the_column_is_called_so(name, write, kind, first):
    texts = [(write(day),) for day in range(100)]
    found = kind_of(table([name], texts)[name])
    assert getattr(found, "form", "") == kind
    assert first is None or cells.moment(texts[0][0], kind) == first.replace(tzinfo=UTC)


def test_what_is_no_date_has_no_form():
    assert cells.date_form(["Berlin", "2024-01-01"]) is None


@pytest.mark.parametrize(
    "name, write, kind",
    [
        ("revenue", "{} €", "number"), ("numbers", "{}", "number"), ("customer_id", "{}", "each_own"), ("clientID", "{}", "each_own"),
        ("телефон", "7{:010d}", "each_own"), ("phones", "7{:010d}", "each_own"),
    ],
)  # fmt: skip
def test_whole_numbers_all_different_are_keys_where_they_are_called_so_or_long_and_alike(name, write, kind):
    drawn = random.Random(1).sample(range(10_000, 900_000), 200)
    found = kind_of(table([name], [(write.format(number),) for number in drawn])[name])
    assert kind == (found.why if isinstance(found, LeftOut) else found.kind)


def test_numbers_that_count_on_or_leave_no_gap_are_keys():
    dense = random.Random(1).sample(range(500, 700), 200)
    for told in (range(17_000, 19_000, 10), dense):
        assert kind_of(table(["a"], [(number,) for number in told])["a"]).why == "each_own"
