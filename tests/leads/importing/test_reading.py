import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from leads.importing.problems import EncodingUnknown, FileRefused, SheetUnknown
from leads.importing.reading import forget, rows, settle
from tests.leads.importing.xls import xls


@pytest.fixture
def write(tmp_path):
    def write(content, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def book(tmp_path, *sheets):
    """A workbook of (title, rows)."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, lines in sheets:
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(line)
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


# -- encodings -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_are_recognised(write, encoding):
    layout = settle(write("имя,公司\nАнна,云图\n".encode(encoding)))
    assert layout.header == ("имя", "公司")
    assert list(rows(layout)) == [(2, ["Анна", "云图"], "")]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("GBK", "姓名,公司\n王芳,上海云图软件有限公司\n李雷,深圳市腾达科技有限公司\n"),
        ("CP1251", "имя,компания\nАнна Петрова,Ромашка\nИван Иванов,Лютик\n"),
    ],
)
def test_other_encodings_are_asked_with_the_likeliest_first(write, encoding, text):
    path = write(text.encode(encoding))
    with pytest.raises(EncodingUnknown) as caught:
        settle(path)
    assert caught.value.candidates[0] == (encoding, text.splitlines()[:3])
    assert len(caught.value.candidates) > 1
    assert encoding in str(caught.value)
    assert list(settle(path, encoding=encoding).header) == text.splitlines()[0].split(",")


@pytest.mark.parametrize(
    "text", ["name,company\nAnna,Acme\n", "имя,компания\nАнна,Ромашка\n", "姓名,公司\n王芳,上海云图\n"]
)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_is_recognised_by_its_nuls(write, text, encoding):
    layout = settle(write(text.encode(encoding)))
    assert layout.encoding == encoding
    assert [list(layout.header), *(cells for _line, cells, _problem in rows(layout))] == [
        line.split(",") for line in text.splitlines()
    ]


def test_nuls_of_no_order_are_asked(write):
    with pytest.raises(EncodingUnknown) as caught:
        settle(write(b"a,b\n" + b"\0" * 40))
    assert {name for name, _preview in caught.value.candidates} == {"UTF-16-LE", "UTF-16-BE"}


def test_a_stray_nul_makes_no_utf16(write):
    assert settle(write(b"a,b\n1,\x00\n2,\x00\n3,x\n")).encoding == "utf-8"


def test_one_stray_byte_under_a_told_encoding_stays_visible(write):
    layout = settle(write(b"name\nAnna\nJos\xe9\n"), encoding="utf-8")
    assert [cells for _line, cells, _problem in rows(layout)] == [["Anna"], ["Jos\udce9"]]


def test_unknown_encoding_name(write):
    with pytest.raises(FileRefused, match="nonsense"):
        settle(write("a,b\n"), encoding="nonsense")


# -- records ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_are_recognised(write, delimiter):
    text = "\n".join(
        delimiter.join(row) for row in (["id", "name, first", "sum"], ["1", "a", "2,5"], ["2", "b", "3,5"])
    )
    if delimiter == ",":
        text = text.replace("name, first", "name").replace("2,5", "2").replace("3,5", "3")
    layout = settle(write(text))
    assert (layout.delimiter, len(layout.header)) == (delimiter, 3)


def test_excel_tells_its_delimiter(write):
    layout = settle(write("sep=;\na;b\n1;2\n"))
    assert layout.header == ("a", "b")
    assert list(rows(layout)) == [(3, ["1", "2"], "")]


def test_line_numbers_are_those_of_the_text(write):
    layout = settle(write('a,b\n1,"two\nlines"\n\n3,4\n'))
    assert list(rows(layout)) == [(2, ["1", "two\nlines"], ""), (5, ["3", "4"], "")]


def test_an_unclosed_quote_swallows_nothing(write):
    layout = settle(write('a,b\n1,2\n3,"open\n5,6\n7,8\n'))
    assert list(rows(layout)) == [
        (2, ["1", "2"], ""),
        (3, ['3,"open'], "a quotation mark is opened and never closed"),
        (4, ["5", "6"], ""),
        (5, ["7", "8"], ""),
    ]


def test_an_unclosed_quote_in_a_long_file(write):
    layout = settle(write('a,b\n1,"open\n' + "5,6\n" * 100_000))
    found = list(rows(layout))
    assert len(found) == 100_001
    assert [line for line, _cells, problem in found if problem] == [2]


def test_text_after_a_quote_is_a_row_error(write):
    layout = settle(write('a,b\n"1"x,2\n3,4\n'))
    assert list(rows(layout)) == [
        (2, ['"1"x,2'], "there is text after a closing quotation mark"),
        (3, ["3", "4"], ""),
    ]


def test_short_and_long_rows_are_row_errors(write):
    layout = settle(write("a,b,c\n1,2\n1,2,3,4\n1,2,3,\n"))
    assert [problem for _line, _cells, problem in rows(layout)] == [
        "the row has 2 of 3 columns",
        "the row has 4 of 3 columns",
        "",
    ]


def test_duplicate_headers_are_refused_with_both_names(write):
    with pytest.raises(FileRefused, match=r"“Email” .column 1. and “email” .column 3."):
        settle(write("Email,name, email \n1,2,3\n"))


def test_header_below_a_title(write):
    layout = settle(write("Leads of the fair,,\n,,\nname,email,phone\nAnna,a@b.de,1\n"))
    assert (layout.header, layout.header_line) == (("name", "email", "phone"), 3)


def test_header_that_the_mapping_knows(write):
    path = write("Report,of,today,x,y\nname,email\nAnna,a@b.de\n")
    assert settle(path, expected=["Name", "E-mail"]).header == ("name", "email")
    assert settle(path, header_line=1).header == ("Report", "of", "today", "x", "y")


def test_empty_file(write):
    with pytest.raises(FileRefused, match="empty"):
        settle(write(""))


# -- workbooks -------------------------------------------------------------------------------------------
def test_workbook(tmp_path):
    path = book(
        tmp_path,
        (
            "Leads",
            [
                ["Fair 2026"],
                [],
                ["name", "phone", "zip", "met", "at", "sum"],
                ["Anna", 13800138000.0, "00123", date(2026, 5, 4), datetime(2026, 5, 4, 9, 30), 1.5],
                ["Boris", None, "04711", None, None, 2],
            ],
        ),
    )
    layout = settle(path)
    assert layout.header == ("name", "phone", "zip", "met", "at", "sum")
    assert list(rows(layout)) == [
        (4, ["Anna", "13800138000", "00123", "2026-05-04", "2026-05-04 09:30:00", "1.5"], ""),
        (5, ["Boris", "", "04711", "", "", "2"], ""),
    ]


def test_sheets_are_asked(tmp_path):
    path = book(tmp_path, ("One", [["a"], [1]]), ("Empty", []), ("Two", [["b"], [2]]))
    with pytest.raises(SheetUnknown) as caught:
        settle(path)
    assert caught.value.sheets == ["One", "Two"]
    assert settle(path, sheet="Two").header == ("b",)
    with pytest.raises(FileRefused, match="Three"):
        settle(path, sheet="Three")


def test_cells_merged_over_rows_count_for_each(tmp_path):
    path = book(
        tmp_path, ("Leads", [["company", "name"], ["Acme", "Anna"], [None, "Boris"], ["Beta", "Clara"]])
    )
    made = openpyxl.load_workbook(path)
    made.active.merge_cells("A2:A3")
    made.save(path)
    assert [cells for _line, cells, _problem in rows(settle(path))] == [
        ["Acme", "Anna"],
        ["Acme", "Boris"],
        ["Beta", "Clara"],
    ]


def test_cells_merged_over_columns_count_for_the_first(tmp_path):
    path = book(tmp_path, ("Leads", [["Fair"], ["a", "b", "c"], ["1", "both", None], ["2", "x", "y"]]))
    made = openpyxl.load_workbook(path)
    made.active.merge_cells("A1:C1")
    made.active.merge_cells("B3:C3")
    made.save(path)
    layout = settle(path)
    assert layout.header == ("a", "b", "c")
    assert [cells for _line, cells, _problem in rows(layout)] == [["1", "both", ""], ["2", "x", "y"]]


def test_a_workbook_of_excel_97(write):
    sheet = xls([["имя", "phone", "met"], ["王芳", 13800138000, date(2026, 5, 4)], ["Boris", None, None]])
    layout = settle(write(sheet, "leads.xls"))
    assert (layout.sheet, layout.header) == ("Leads", ("имя", "phone", "met"))
    assert list(rows(layout)) == [(2, ["王芳", "13800138000", "2026-05-04"], ""), (3, ["Boris", "", ""], "")]


LOOKS = {
    "00000": (1067, "01067"),
    r"000\-000": (12045, "012-045"),
    "0000000000": (4951123456, "4951123456"),
    '#,##0.00\\ "€"': (1234.5, "€ 1234.5"),
    "[$¥-804]#,##0": (80, "¥ 80"),
    '0.0,"K"': (1500, "1500"),
    "0": (7, "7"),
}


def test_leading_zeros_and_currencies_of_number_formats_are_kept(tmp_path, write):
    columns = [str(number) for number in range(len(LOOKS))]
    told = [shown for _number, shown in LOOKS.values()]
    old = write(xls([columns, [(number, code) for code, (number, _shown) in LOOKS.items()]]), "old.xls")
    path = book(tmp_path, ("Leads", [columns, [number for number, _shown in LOOKS.values()]]))
    made = openpyxl.load_workbook(path)
    for cell, code in zip(made.active[2], LOOKS, strict=True):
        cell.number_format = code
    made.save(path)
    assert [list(rows(settle(one))) for one in (path, old)] == [[(2, told, "")], [(2, told, "")]]


def test_the_content_tells_what_a_workbook_is_not_its_name(tmp_path, write):
    new = book(tmp_path, ("Leads", [["name"], ["Anna"]])).rename(tmp_path / "new.xls")
    old = write(xls([["name"], ["Boris"]]), "old.xlsx")
    assert [list(rows(settle(path))) for path in (new, old)] == [[(2, ["Anna"], "")], [(2, ["Boris"], "")]]


def test_another_workbook_of_the_same_name_is_read_anew_and_nothing_lies_beside_it(tmp_path, settings):
    path = book(tmp_path, ("Leads", [["name"], ["Anna"]]))
    assert settle(path).header == ("name",)
    assert settle(book(tmp_path, ("Leads", [["company"], ["Acme"]]))).header == ("company",)
    assert {one.name for one in tmp_path.iterdir()} == {"book.xlsx", "media"}
    forget(path)
    assert not [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


def test_a_bomb_is_refused_unopened(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    with pytest.raises(FileRefused, match="too large when unpacked"):
        settle(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0 nothing"])
def test_damaged_workbooks_are_refused(write, content):
    with pytest.raises(FileRefused):
        settle(write(content))


def test_an_archive_is_no_workbook(write):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(FileRefused, match="archive"):
        settle(write(buffer.getvalue()))


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"%PDF-1.7\nname,email\n",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        bytes(range(1, 200)) * 9,
    ],
)
def test_a_picture_or_a_pdf_is_no_table_whatever_its_name(write, content):
    with pytest.raises(FileRefused, match="no table"):
        settle(write(content))
