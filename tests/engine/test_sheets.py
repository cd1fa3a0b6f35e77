"""Tables as streams: the first bytes before the last row is read, exact cells, valid XML, more sheets than one where needed."""

import csv
import io
from decimal import Decimal
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from engine import sheets

HEAD = ["what", "amount", "note"]
ROWS = [
    ["007", Decimal("1234.5600"), "a < b & c"],
    [None, 12, 'two\nlines "quoted" '],
    [True, -0.5, "退回 Москва 😀"],
    ["bell\x07 and \ufffe", Decimal("1E+3"), "x" * 40_000],
    ["", None, "last"],
]
KEPT = [
    ("what", "amount", "note"),
    ("007", 1234.56, "a < b & c"),
    (None, 12, 'two\nlines "quoted" '),
    (True, -0.5, "退回 Москва 😀"),
    ("bell and ", 1000, "x" * 32_767),
    (None, None, "last"),
]


def read(pieces):
    """The sheets of a workbook as openpyxl has them."""
    return load_workbook(io.BytesIO(b"".join(pieces)))


@pytest.mark.parametrize("as_text", [False, True])
def test_a_workbook_holds_every_cell_as_it_is(as_text):
    written = b"".join(sheets.workbook("All", HEAD, iter(ROWS), as_text=as_text))
    sheet = read([written])["All"]
    assert list(sheet.values) == KEPT
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert not sheet["A2"].font.bold
    assert {sheet["A2"].number_format, sheet["C6"].number_format} == {"@" if as_text else "General"}
    other = CalamineWorkbook.from_filelike(io.BytesIO(written)).get_sheet_by_name("All").to_python()
    assert [other[1][:2], other[3][0]] == [["007", 1234.56], True]
    with ZipFile(io.BytesIO(written)) as parts:
        assert parts.testzip() is None
        assert {part.extract_version for part in parts.infolist()} == {
            20
        }  # no extension that Excel would refuse


def test_bytes_leave_before_the_rows_are_read_and_few_of_them_are_held():
    asked = []

    def endless():
        while True:
            asked.append(1)
            yield [f"{len(asked) * 7919 % 1_000_003}", len(asked) ** 3, "a lead"]

    pieces = sheets.workbook("All", HEAD, endless())
    assert next(pieces).startswith(b"PK")
    assert not asked
    sizes = [len(next(pieces)) for _ in range(3)]
    assert max(sizes) < 3 * sheets.SENT_FROM
    pieces.close()  # the reader went away: nothing complains


def test_what_one_sheet_cannot_hold_stands_on_the_next(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 701)
    book = read(sheets.workbook("All", ["n"], ([one] for one in range(1_400))))
    assert book.sheetnames == ["All", "All 2"]
    assert [next(iter(book[name].values)) for name in book.sheetnames] == [("n",), ("n",)]
    assert [row[0] for name in book.sheetnames for row in list(book[name].values)[1:]] == list(range(1_400))
    monkeypatch.setattr(sheets, "MOST_BYTES", 10)
    assert read(sheets.workbook("All", ["n"], ([one] for one in range(1_400)))).sheetnames[-1] == "All 3"


def test_a_fault_on_the_way_leaves_a_file_that_nobody_takes_for_whole():
    def broken():
        yield ["a", 1, ""]
        raise ConnectionError

    sent = []
    with pytest.raises(ConnectionError):
        sent.extend(sheets.workbook("All", HEAD, broken()))
    with pytest.raises(Exception, match="zip"):
        read(sent)


def test_lines_are_those_of_a_csv():
    assert list(csv.reader(sheets.lines([HEAD, ["a;b", 1, 'x "y"']], ";"), delimiter=";")) == [
        HEAD,
        ["a;b", "1", 'x "y"'],
    ]


def test_further_tables_stand_on_sheets_of_their_own(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    more = [
        ("Lead → MQL: a/b [2026]", ["x", "y"], [[1, "a"]]),
        ("All", ["z"], [[1], [2], [3]]),
        ("None", ["z"], []),
    ]
    book = read(sheets.workbook("All", ["n"], [[7]], more=more))
    assert {one.title: list(one.values) for one in book} == {
        "All": [("n",), (7,)],
        "Lead → MQL  a b  2026 ": [("x", "y"), (1, "a")],
        "All1": [("z",), (1,), (2,)],
        "All 2": [("z",), (3,)],
        "None": [("z",)],
    }
