import pytest

from leads.importing.dates import FIRST, LAST, Dates, date_formats
from leads.importing.totals import total_at
from leads.importing.values import (
    Bad,
    boolean,
    decimal_mark,
    integer,
    lost_digits,
    money,
    reads_two_ways,
    whole,
)


@pytest.mark.parametrize(
    ("cell", "decimal", "amount"),
    [
        ("1234.5", ".", "1234.5"),
        ("-3", ".", "-3"),
        ("$1,117.10K", ".", "1117100.0000"),
        ("$342.09K", ".", "342090.0000"),
        ("1.5M", ".", "1500000.0000"),
        ("€ 1.234,56", ",", "1234.5600"),
        ("1.234,56 €", ",", "1234.5600"),
        ("7307,37", ",", "7307.3700"),
        ("4981,0", ",", "4981.0000"),
        ("1 234 567,89 ₽", ",", "1234567.8900"),
        ("1\u00a0234,5 руб.", ",", "1234.5000"),
        ("2,5 млн руб.", ",", "2500000.0000"),
        ("12万元", ".", "120000.0000"),
        ("￥1,000", ".", "1000.0000"),
        ("￥1，000．5", ".", "1000.5000"),
        ("１２００，５", ",", "1200.5000"),
        ("CHF 1'200.50", ".", "1200.5000"),
        ("(1,200)", ".", "-1200.0000"),
        ("-$5", ".", "-5.0000"),
        ("$-5", ".", "-5.0000"),
        ("1.429999948", ".", "1.4300"),
        ("1e3", ".", "1000.0000"),
        (".5", ".", "0.5000"),
        ("n/a", ".", None),
        ("-", ".", None),
    ],
)
def test_money(cell, decimal, amount):
    assert money(cell, decimal) == amount


@pytest.mark.parametrize(
    ("cell", "decimal"),
    [
        ("abc", "."),
        ("1,5", "."),
        ("1.5", ","),
        ("1,23,4", "."),
        ("NaN1", "."),
        ("Infinity", "."),
        ("1e99999", "."),
        ("(5", "."),
    ],
)
def test_what_is_no_money(cell, decimal):
    assert isinstance(money(cell, decimal), Bad)


def test_amounts_counted_in_parts_of_a_unit():
    written = ("36150000", "36150000.0", "3.615E+07", "36,150,000", "-1500000", "(70)", "9" * 18)
    read = [money(cell, parts=1_000_000) for cell in written]
    assert read == ["36.1500", "36.1500", "36.1500", "36.1500", "-1.5000", "-0.0001", "1000000000000.0000"]
    assert all(
        isinstance(money(cell, parts=1_000_000), Bad) for cell in ("36.15", "1.5E-3", "much", "9" * 21)
    )


def test_nan_is_nothing():
    assert money("NaN") is None


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["7307,37", "12"], ","),
        (["1,234.50"], "."),
        (["1.234,50"], ","),
        (["1,234"], None),
        (["1,5", "1.5"], None),
        (["$1,117.10K"], "."),
        (["1.234.567"], ","),
        (["12"], None),
        (["1234.567"], "."),
        (["1234,5678"], ","),
    ],
)
def test_decimal_mark(cells, mark):
    assert decimal_mark(cells) == mark


@pytest.mark.parametrize(
    ("cell", "doubtful"),
    [("1.234", True), ("€ 12,500", True), ("(1.234 руб.)", True), ("999.999K", True), ("1.234.567", False), ("0.125", False),
     ("1,234.50", False), ("1234.567", False), ("12", False), ("1 234", False), ("12.50", False)],
)  # fmt: skip
def test_amounts_that_may_be_a_thousandfold(cell, doubtful):
    assert reads_two_ways(cell) == doubtful


def test_integer():
    assert [integer("12"), integer("1,234"), integer("10.0"), integer("n/a")] == ["12", "1234", "10", None]
    assert isinstance(integer("1.5"), Bad)


def test_boolean():
    assert [boolean(cell) for cell in ("Yes", "нет", "是", "n/a")] == ["t", "f", "t", None]
    assert isinstance(boolean("maybe"), Bad)


@pytest.mark.parametrize(
    ("wanted", "cell", "read"),
    [
        ("%d %b, %Y %H:%M:%S", "15 Apr, 2021 00:03:00", "2021-04-15 00:03:00"),
        ("%m/%d/%Y", "3/1/2017", "2017-03-01"),
        ("%d-%m-%Y", "01-02-2021", "2021-02-01"),
        ("%d.%m.%y", "01.02.21", "2021-02-01"),
        ("%m/%d/%Y %I:%M %p", "3/1/2017 12:05 AM", "2017-03-01 00:05:00"),
        ("%d %B %Y", "5 мая 2026", "2026-05-05"),
        ("%d.%m.%Y %H:%M%z", "01.02.2021 10:00+03:00", "2021-02-01 10:00:00+03:00"),
        ("ISO", "2018-02-26 19:58:54", "2018-02-26 19:58:54"),
        ("ISO", "2018-02-26T19:58:54+00:00", "2018-02-26T19:58:54+00:00"),
    ],
)
def test_dates_by_format(wanted, cell, read):
    assert Dates([wanted])(cell) == read


@pytest.mark.parametrize(
    "cell", ["31.02.2021", "2021-02-31", "yesterday", "0000-01-01", "99999-01-01", "20210201"]
)
def test_what_is_no_date(cell):
    assert isinstance(Dates(["%d.%m.%Y"])(cell), Bad)


def test_excel_counts_days():
    told = {"46146": "2026-05-04", "46146.5": "2026-05-04 12:00:00", "46146,25": "2026-05-04 06:00:00"}
    assert {cell: Dates()(cell) for cell in told} == told
    mixed = ["45123", "16.07.2023", "45124.5", "17.07.2023 08:00", "2023-07-18"]
    (wanted,) = date_formats(mixed)
    assert list(map(Dates([wanted]), mixed)) == [
        "2023-07-16", "2023-07-16", "2023-07-17 12:00:00", "2023-07-17 08:00:00", "2023-07-18"
    ]  # fmt: skip
    assert all(isinstance(Dates([wanted])(cell), Bad) for cell in ("19999", "80000", "451234", "45 123"))
    assert date_formats(["45123", "45124"]) == ["ISO"]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02",
        "2024/2",
        "2024.02",
        "02.2024",
        "2/2024",
        "02-2024",
        "2024年2月",
        "Feb 2024",
        "февраль 2024 г.",
    ],
)
def test_a_month_stands_for_its_first_or_last_day_where_one_is_meant(cell):
    assert [Dates(["%d.%m.%Y"], whole)(cell) for whole in (FIRST, LAST)] == ["2024-02-01", "2024-02-29"]
    assert isinstance(Dates(["%d.%m.%Y"])(cell), Bad)
    assert Dates(["%d.%m.%Y"], LAST)("01.02.2024") == "2024-02-01"


@pytest.mark.parametrize("cell", ["2024-13", "13/2024", "1024-01", "2024-2-30"])
def test_what_is_no_month(cell):
    assert isinstance(Dates(["%d.%m.%Y"], LAST)(cell), Bad)


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["2021-02-01"], ["ISO"]),
        (["01.02.2021", "13.02.2021 10:00"], ["%d.%m.%Y[ %H:%M[:%S[.%f]][ %p]]"]),
        (["3/1/2017", "3/31/2017", "junk"], ["%m/%d/%Y[ %H:%M[:%S[.%f]][ %p]]"]),
        (["2026年5月4日"], ["%Y年%m月%d日[ %H:%M[:%S[.%f]][ %p]]"]),
        (["15 Apr, 2021 00:03:00"], ["%d %b, %Y[ %H:%M[:%S[.%f]][ %p]]"]),
        (["junk", "rubbish"], []),
        (["31.02.2026", "05.11.2026"], ["%d.%m.%Y[ %H:%M[:%S[.%f]][ %p]]"]),
        (["31.02.2026"], []),
    ],
)
def test_formats_are_detected(cells, formats):
    assert date_formats(cells) == formats


def test_a_few_odd_cells_say_nothing_against_the_others():
    cells = ["28.11.2026"] * 4 + ["28.11.26", "вчера", "31.02.2026"]
    (wanted,) = date_formats(cells)
    read = list(map(Dates([wanted]), cells))
    assert read[:5] == ["2026-11-28"] * 5
    assert [str(one) for one in read[5:]] == [
        "is not a date that can be read",
        "is not a day of the calendar",
    ]
    assert [Dates(["%Y.%m.%d"])(cell) for cell in ("2026.11.28", "28.11.26")] == ["2026-11-28", read[5]]


@pytest.mark.parametrize(
    ("row", "at"),
    [
        (("", "Итого: 7", "", ""), 1),
        (("181", "合计 180人", "", ""), 1),
        (("Всего", "", "", "1 200 руб."), 0),
        (("Total", "", "", "5,000.00"), 0),
        (("итого по стенду", "", "180", ""), 0),
        (("小计：12", "", "", ""), 0),
        (("Total: Account", "--", "CNY", "1,234.50"), 0),
        (("总计：账号", " --", "CNY", "1,234.50"), 0),
        (("Total: Energies", "--", "CNY", ""), None),
        (("Total: Energies", "Paris", "", "12"), None),
        (("Total: Energies", "", "+33 1 47 44 45 46", ""), None),
        (("Total", "Anna Berg", "", ""), None),  # a company of that name
        (("Total", "", "+33 1 47 44 45 46", ""), None),
        (("TotalEnergies", "", "", "12"), None),
        (("Всеволод", "", "", ""), None),
        (("1", "2", "", ""), None),
        (("", "", "", ""), None),
    ],
)
def test_lines_of_totals_are_told_from_records(row, at):
    assert total_at(row, people={2}) == at


def test_day_and_month_that_may_be_either_are_ambiguous():
    assert [one[:8] for one in date_formats(["3/1/2017", "3/2/2017"])] == ["%d/%m/%Y", "%m/%d/%Y"]
    assert len(date_formats(["3/3/2017"])) == 1


def test_long_numbers_that_excel_shortened():
    assert lost_digits("1.38E+10")
    assert not lost_digits("13800138000")
    assert (whole("1.38E+10"), whole("1.3800138000E+10"), whole("1.380013E+10")) == (
        None,
        "13800138000",
        None,
    )
