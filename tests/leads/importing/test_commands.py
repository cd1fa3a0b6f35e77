"""The commands: what they say, and what they leave."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from leads.importing.mapping import fingerprint
from leads.importing.rejects import harmless
from leads.models import ImportReject, ImportRun, Lead, LeadScore
from pipeline.models import Campaign, Spend
from tests import cast as people

pytestmark = pytest.mark.django_db

LEADS = """
kind = "leads"
source = "crm"
[columns]
"id" = "external_id"
"name" = "full_name"
"email" = "email"
"what" = "touch_kind"
"""


@pytest.fixture
def files(tmp_path):
    """Write a CSV and a mapping; returns their paths as text."""

    def files(text, mapping=LEADS, encoding="utf-8"):
        (tmp_path / "rows.csv").write_bytes(text.encode(encoding))
        (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
        return str(tmp_path / "rows.csv"), str(tmp_path / "map.toml")

    return files


def test_import_and_rejects(files, capsys, tmp_path, cast):
    rows, mapping = files("id,name,email,what\n1,Anna,a@x.de,form\n2,=Boris(),nowhere,\n3,Clara\n")
    rejected = tmp_path / "rejects.csv"
    call_command("import_leads", rows, map=mapping, by="marketer@tandem.example", rejects=str(rejected))
    told = capsys.readouterr().out
    assert "3 rows, created 1 lead; 0 updated, 0 unchanged, 2 refused, 0 warnings." in told
    assert "line 3, column “email”, “nowhere”: is not an e-mail address" in told
    with rejected.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["id", "name", "email", "what", "reason"],
            ["2", "'=Boris()", "nowhere", "", "line 3, column “email”, “nowhere”: is not an e-mail address"],
            ["3", "Clara", "", "", "line 4: the row has 2 of 4 columns"],
        ]
    run = ImportRun.objects.get()
    assert (run.state, run.by, run.rows, run.rows_done, run.mode) == ("done", cast.marketer, 3, 3, "live")


def test_the_mended_rejects_come_in(files, capsys, tmp_path):
    rows, mapping = files("id,name,email,what\n2,=Boris(),nowhere,\n")
    rejected = tmp_path / "rejects.csv"
    call_command("import_leads", rows, map=mapping, rejects=str(rejected))
    rejected.write_text(
        rejected.read_text(encoding="utf-8-sig").replace("nowhere,,", "b@x.de,,"), encoding="utf-8-sig"
    )
    call_command("import_leads", str(rejected), map=mapping)
    assert Lead.objects.get().contact.full_name == "=Boris()"


def test_rejects_are_read_as_their_whole_file_was(files, tmp_path):
    """Alone, 05/11 may be of May or November, and 1.234 a thousand or one; the file that they come from has told."""
    spend = 'kind = "spend"\nsource = "x"\n[columns]\nday = "on"\nsum = "amount"\nwhat = "kind"\n'
    rows, mapping = files(
        "day;sum;what\n13/11/2026;7,50;paid\n05/11/2026;1.234;lent\n31/02/2026;9;paid\n", spend
    )
    rejected = tmp_path / "rejects.csv"
    call_command("import_spend", rows, map=mapping, rejects=str(rejected))
    mended = rejected.read_text(encoding="utf-8-sig").replace("lent", "paid")
    rejected.write_text(mended, encoding="utf-8-sig")
    call_command("import_spend", str(rejected), map=mapping)
    booked = Spend.objects.order_by("pk").values_list("on", "amount")
    assert [(str(on), amount) for on, amount in booked] == [
        ("2026-11-13", Decimal("7.5")),
        ("2026-11-05", 1234),
    ]
    assert list(ImportRun.objects.order_by("-pk")[0].rejects.values_list("value", flat=True)) == [
        "31/02/2026"
    ]


def test_cells_beyond_the_columns_stand_before_the_reason(files, tmp_path):
    """No cell is lost; untouched such a row is refused again, mended it comes in, and its new rejects have one reason."""
    rows, mapping = files("id,name,email,what\n1,Anna,a@x.de,form,EXTRA,MORE\n2,Boris,nowhere,\n3,Clara\n")
    rejected, again = tmp_path / "rejects.csv", tmp_path / "again.csv"
    call_command("import_leads", rows, map=mapping, rejects=str(rejected))
    header = ["id", "name", "email", "what", "", "", "reason"]
    extra = ["1", "Anna", "a@x.de", "form", "EXTRA", "MORE"]
    wrong = "column “email”, “nowhere”: is not an e-mail address"
    assert written(rejected) == [
        header,
        [*extra, "line 2: the row has 6 of 4 columns"],
        ["2", "Boris", "nowhere", "", "", "", f"line 3, {wrong}"],
        ["3", "Clara", "", "", "", "", "line 4: the row has 2 of 4 columns"],
    ]
    call_command("import_leads", str(rejected), map=mapping, rejects=str(again))
    assert written(again) == [
        header,
        [*extra, "line 2: the row has 6 of 4 columns"],
        ["2", "Boris", "nowhere", "", "", "", f"line 3, {wrong}"],
    ]
    text = again.read_text(encoding="utf-8-sig")
    again.write_text(text.replace("EXTRA,MORE", ",").replace("nowhere", "b@x.de"), encoding="utf-8")
    call_command("import_leads", str(again), map=mapping)
    assert set(Lead.objects.values_list("external_id", "contact__full_name")) == {
        ("1", "Anna"), ("2", "Boris"), ("3", "Clara"),
    }  # fmt: skip
    assert fingerprint(header) == fingerprint(header[:4])


def written(path):
    """The cells of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_rejects_of_a_workbook_are_a_workbook(desk_file, client, cast):
    """The page gives back what it got: the same columns as text, no formula, mended it comes in."""
    client.force_login(cast.marketer)
    call_command("import_leads", desk_file("fair.xlsx", "b@x"), map=desk_file.mapping)
    assert Lead.objects.count() == 1
    answer = client.get(f"/imports/{ImportRun.objects.get().pk}/rejects/")
    assert 'filename="fair-rejects.xlsx"' in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["Fair"]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["id", "name", "email", "what", "reason"],
        ["007", "'=Boris()", "b@x", None, "line 3, column “email”, “b@x”: is not an e-mail address"],
    ]
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}
    sheet["C2"] = "b@x.de"
    sheet.parent.save(desk_file.folder / "mended.xlsx")
    call_command("import_leads", str(desk_file.folder / "mended.xlsx"), map=desk_file.mapping)
    assert set(Lead.objects.values_list("external_id", "contact__full_name")) == {
        ("1", "Anna"), ("007", "=Boris()"),
    }  # fmt: skip


@pytest.fixture
def desk_file(tmp_path):
    """Write a workbook with one good row and one with the given address; returns its path."""

    def write(name, address):
        book = Workbook()
        book.active.title = "Fair"
        for row in (
            ["id", "name", "email", "what"],
            ["1", "Anna", "a@x.de", "form"],
            ["007", None, address, None],
        ):
            book.active.append(row)
        book.active["B3"] = "=Boris()"
        book.active["B3"].data_type = "s"
        book.save(tmp_path / name)
        return str(tmp_path / name)

    (tmp_path / "map.toml").write_text(LEADS, encoding="utf-8")
    write.mapping, write.folder = str(tmp_path / "map.toml"), tmp_path
    return write


def test_dry_run_says_what_would_happen_and_keeps_nothing(files, capsys, cast, tmp_path):
    lines = "".join(
        f"{number},Person {number},p{number}@x.de,{'quote_request' if number < 4 else 'click'}\n"
        for number in range(6)
    )
    rows, mapping = files("id,name,email,what\n" + lines + "7,,nowhere,\n8,,nowhere,\n")
    rejected = tmp_path / "rejects.csv"
    call_command("import_leads", rows, map=mapping, dry_run=True, rejects=str(rejected))
    assert [row[0] for row in written(rejected)] == ["id", "7", "8"]
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "would create 6 leads, 4 MQLs, 4 offers to 3 reps"
    assert told[1] == (
        "would update 0, leave 0 as they are, refuse 2 and warn of 0; "
        "offers go out once the desk has made the leads ready"
    )
    assert told[2:] == [
        "line 8, column “email”, “nowhere”: is not an e-mail address; 1 more row",
        f"2 refused rows are in {rejected}",
    ]
    assert not ImportRun.objects.exists()
    assert not Lead.objects.exists()
    assert not LeadScore.objects.exists()


def test_dry_run_of_campaigns(files, capsys):
    people.campaign(name="Known")
    mapping = 'kind = "campaigns"\n[columns]\nname = "name"\nstart = "starts_on"\ncost = "actual_cost"\n'
    rows, mapping = files("name,start,cost\nKnown,2026-01-01,5\nNew,,\n", mapping)
    call_command("import_campaigns", rows, map=mapping, dry_run=True)
    assert capsys.readouterr().out.splitlines()[0] == "would create 1 campaign, 1 spend entry"
    assert Campaign.objects.count() == 1


def test_rows_that_join_a_pass_are_told(files, capsys):
    mapping = LEADS.replace("touch_kind", "captured_at")
    header = "id,name,email,what\n"
    rows, path = files(header + "1,Anna,a@x.de,2026-01-01\n", mapping)
    call_command("import_leads", rows, map=path)
    files(header + "2,Anna,a@x.de,2026-01-02\n3,Anna,a@x.de,2026-01-03\n", mapping)
    capsys.readouterr()
    call_command("import_leads", rows, map=path, dry_run=True)
    call_command("import_leads", rows, map=path)
    told = capsys.readouterr().out
    assert (
        "created nothing; 0 updated, 0 unchanged, 0 refused, 0 warnings.\n  2 rows join an open pass" in told
    )
    assert "would update 0, leave 0 as they are, refuse 0 and warn of 0; 2 rows join an open pass" in told


def test_an_unknown_encoding_stops_with_candidates(files):
    rows, mapping = files("id,name,email,what\n1,王芳和她的朋友,,\n", encoding="gbk")
    with pytest.raises(CommandError) as caught:
        call_command("import_leads", rows, map=mapping)
    assert "GBK: 1,王芳和她的朋友,," in str(caught.value)
    call_command("import_leads", rows, map=mapping, encoding="gbk")
    assert Lead.objects.get().contact.full_name == "王芳和她的朋友"


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("nonsense", "no mapping “nonsense”"),
        ("zoho_campaigns", "is for campaigns"),
        ('kind = "leads"\n[columns]\nid = "flavour"\n', "no field “flavour”"),
        ('kind = "leads"\n[columns]\nother = "email"\n', "no column: other"),
        ('kind = "leads"\n[columns]\nid = "email"\nname = "email"\n', "Two columns go to one field: email"),
        ('kind = "touches"\n[columns]\nid = "email"\n', "No column is mapped to: kind, at"),
        ('kind = "leads"\ncolor = "red"\n', "unknown entries: color"),
        ("kind = ", "cannot be read"),
        ('kind = "leads"\nformats = ["%Q"]\n', "pattern that cannot be read"),
        ('kind = "leads"\n[constants]\nstage = "flying"\n', "stage: “flying”"),
    ],
)
def test_mappings_that_are_wrong_say_why(files, mapping, says):
    rows, path = files("id,name,email,what\n1,Anna,a@x.de,\n", mapping if "=" in mapping else "")
    with pytest.raises(CommandError) as caught:
        call_command("import_leads", rows, map=path if "=" in mapping else mapping)
    assert says in str(caught.value)
    assert not ImportRun.objects.exists()


def test_ambiguous_dates_are_asked(files):
    rows, mapping = files(
        "id,day\n1,3/1/2017\n2,4/2/2017\n",
        'kind = "leads"\n[columns]\nid = "external_id"\nday = "captured_at"\n',
    )
    with pytest.raises(CommandError, match="can be read in several ways"):
        call_command("import_leads", rows, map=mapping)


SPEND = 'kind = "spend"\n[columns]\nday = "on"\nsum = "amount"\n'


def test_amounts_that_may_be_a_thousandfold_are_asked(files):
    rows, mapping = files("day;sum\n2026-02-05;1.234\n2026-02-06;12.500\n2026-02-07;8\n", SPEND)
    with pytest.raises(CommandError, match="can be read in two ways"):
        call_command("import_spend", rows, map=mapping)
    assert not ImportRun.objects.exists()
    for decimal, total in ((",", 13742), (".", Decimal("21.734"))):
        Spend.objects.all().delete()
        told = files(Path(rows).read_text(), f'decimal = "{decimal}"\nsource = "{total}"\n' + SPEND)[1]
        call_command("import_spend", rows, map=told)
        assert sum(Spend.objects.values_list("amount", flat=True)) == total


def test_one_amount_that_shows_its_mark_tells_of_the_others(files):
    rows, mapping = files("day;sum\n2026-02-05;1.234\n2026-02-06;2.500,50\n", SPEND)
    call_command("import_spend", rows, map=mapping)
    assert set(Spend.objects.values_list("amount", flat=True)) == {1234, Decimal("2500.5")}


WORKBOOK = """
kind = "leads"
source = "fair"
region = "CN"
[columns]
"id" = "external_id"
"name" = "full_name"
"phone" = "mobile"
"zip" = "attributes.zip"
"met" = "captured_at"
"""


def test_a_whole_workbook(files, tmp_path, settings):
    """Serial dates without a format, digits that Excel lost, leading zeros, a title over merged cells."""
    book = Workbook()
    for row in (
        ["Fair 2026"],
        ["id", "name", "phone", "zip", "met"],
        ["1", "Anna", 13800138000.0, "00123", 46146.5],
        ["2", "Boris", "1.38E+10", "04711", 46147],
    ):
        book.active.append(row)
    book.active.merge_cells("A1:E1")
    folder = tmp_path / "mine"
    folder.mkdir()
    book.save(folder / "fair.xlsx")
    mapping = files("", WORKBOOK)[1]
    folder.chmod(0o555)
    call_command("import_leads", folder / "fair.xlsx", map=mapping, dry_run=True)
    assert not ImportRun.objects.exists()
    assert not [one for one in (tmp_path / "media").rglob("*") if one.is_file()]
    call_command("import_leads", folder / "fair.xlsx", map=mapping)
    assert [one.name for one in folder.iterdir()] == ["fair.xlsx"]
    lead = Lead.objects.get()
    assert (lead.attributes, lead.captured_at.isoformat()) == ({"zip": "00123"}, "2026-05-04T12:00:00+00:00")
    assert [one.value for one in lead.contact.identities.all()] == ["+8613800138000"]
    assert list(ImportReject.objects.values_list("line", "column", "value", "reason")) == [
        (4, "phone", "1.38E+10", "has lost its digits in Excel: format the column as text")
    ]
    kept = [one.name for one in (tmp_path / "media").rglob("*") if one.is_file()]
    assert kept == [ImportRun.objects.get().file.name.rpartition("/")[2]]  # the upload alone


def test_a_file_that_is_missing_or_cannot_be_read_or_written(files, tmp_path):
    rows, mapping = files("")
    nowhere = str(tmp_path / "nowhere" / "rejects.csv")
    with pytest.raises(CommandError, match=r"nowhere.*cannot be written.*Nothing was imported"):
        call_command("import_leads", rows, map=mapping, rejects=nowhere)
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        call_command("import_leads", str(tmp_path), map=mapping)
    assert not ImportRun.objects.exists()
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_leads", "/nowhere/at/all.csv", map=mapping)


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("=1+1", "'=1+1"), ("+49 171 123", "+49 171 123"), ("-5", "-5"), ("@cmd", "'@cmd"), ("＝x", "'＝x"), ("\tx", "'\tx"), ("a=b", "a=b"),
     ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("", "")],
)  # fmt: skip
def test_no_cell_of_ours_is_a_formula(cell, safe):
    assert harmless(cell) == safe
