"""Imports in the browser's terms: upload, question, columns, a look, the run, the result, and back."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts import organisation
from accounts.models import Organisation, User
from leads import importing
from leads.models import ImportRun, Lead, Mapping
from pipeline.models import Campaign, Spend
from tests import cast as make
from tests.pages import same_queries

ROWS = "Full name,E-mail,Company,Notes on site\nAda Byron,ada@engines.example,Engines,hall 3\n,,,\nBob,not an address,Engines,\n"


@pytest.fixture
def desk(cast, client, settings, tmp_path):
    """A browser in which the marketer is signed in."""
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.marketer)
    return client


def page(name, *args):
    return reverse(f"leads:{name}", args=args)


def upload(client, content, name="fair.csv", kind="leads"):
    answer = client.post(
        page("import-new"), {"kind": kind, "file": SimpleUploadedFile(name, content), "mode": "live"}
    )
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.latest("pk")


def mapped(client, run):
    """Take the columns as proposed."""
    body = client.get(page("import-map", run.pk)).context
    chosen = {f"column-{row['column'].position}": row["target"] for row in body["columns"]}
    return client.post(page("import-map", run.pk), {**chosen, "source": "fair"})


@pytest.mark.django_db(databases=["default", "owner", "aside"], transaction=True)
def test_a_file_goes_all_the_way_and_comes_back(desk, owner):
    run = upload(desk, ROWS.encode())
    assert desk.get(page("import", run.pk)).url == page("import-map", run.pk)
    assert mapped(desk, run).status_code == 302
    look = desk.get(page("import", run.pk)).content.decode()
    assert "Look again" in look
    assert page("import-start", run.pk) not in look
    polled = desk.get(page("import", run.pk), headers={"HX-Request": "true"})
    assert polled.content.decode().strip().startswith("<section")
    assert importing.look_due() == 1
    assert desk.get(page("import", run.pk), headers={"HX-Request": "true"}).headers["HX-Redirect"]
    look = desk.get(page("import", run.pk)).content.decode()
    assert "would create 1 lead" in look
    assert page("import-start", run.pk) in look
    assert not Lead.objects.exists()
    desk.post(page("import-start", run.pk))
    assert desk.get(page("import", run.pk)).status_code == 200
    while importing.run_due():
        pass
    result = desk.get(page("import", run.pk)).content.decode()
    lead = Lead.objects.select_related("contact").get(contact__full_name="Ada Byron")
    assert lead.attributes == {"Notes on site": "hall 3"}
    assert "line 4" in result
    assert 'href="/leads/"><svg' in result  # where to look at them
    rejects = desk.get(page("import-rejects", run.pk)).getvalue().decode("utf-8-sig").splitlines()
    assert rejects[0].endswith(",reason")
    assert "not an address" in rejects[-1]
    User.objects.update(language="ru")  # another reader of the same rows
    assert "строка 4, столбец «" in (told := desk.get(page("import-rejects", run.pk)).getvalue().decode())
    assert "не адрес эл. почты" in told
    assert "не адрес эл. почты" in desk.get(page("import", run.pk)).content.decode()
    User.objects.update(language="en")
    desk.post(page("import-undo", run.pk))
    assert importing.undo_due() == 0  # nobody here is the owner
    assert "Being taken back" in desk.get(page("import", run.pk)).content.decode()
    with owner("owner"):
        assert importing.undo_due() == 1
    assert not Lead.objects.exists()
    assert ImportRun.objects.get().state == "undone"
    assert "Taken back on" in desk.get(page("import", run.pk)).content.decode()


def test_the_mapping_is_remembered_by_its_header(desk):
    run = upload(desk, ROWS.encode())
    mapped(desk, run)
    assert Mapping.objects.get().spec["source"] == "fair"
    again = upload(desk, ROWS.replace("Ada", "Eve").encode())
    assert desk.get(page("import-map", again.pk)).context["form"].initial["source"] == "fair"


def test_the_preview_shows_what_is_taken_and_why_a_row_is_not(desk):
    rows = "id,E-mail,Notes\n7,Ada@X.de,hall 3\n8,nowhere,\n7,ada@x.de,hall 4\n9,b@x.de,\n"
    run = upload(desk, rows.encode())
    chosen = {"column-0": "external_id", "column-1": "email", "column-2": "attributes.Notes"}
    desk.post(page("import-map", run.pk), {**chosen, "source": "fair"})
    look = desk.get(page("import", run.pk)).context
    assert list(map(str, look["labels"])) == ["external id", "e-mail", "Notes"]
    assert [(row.line, row.values, row.refused) for row in look["rows"]] == [
        (2, ["7", "ada@x.de", "hall 3"], ""),
        (3, ["8", "nowhere", ""], "E-mail “nowhere”: is not an e-mail address"),
        (4, ["7", "ada@x.de", "hall 4"], "id “7”: line 2 is the same record"),
        (5, ["9", "b@x.de", ""], ""),
    ]


def test_the_preview_says_the_currency_that_a_heading_names(desk):
    rows = "Day,Campaign name,Amount spent (USD)\n2026-02-05,Spring,310.44\nnever,Spring,1\n"
    run = upload(desk, rows.encode(), kind="spend")
    assert 'value="USD"' in desk.get(page("import-map", run.pk)).content.decode()
    chosen = {"column-0": "on", "column-1": "campaign", "column-2": "amount"}
    desk.post(page("import-map", run.pk), {**chosen, "source": "meta", "currency": "USD"})
    look = desk.get(page("import", run.pk)).context
    assert str(look["labels"][-1]) == "currency"
    assert [row.values for row in look["rows"]] == [
        ["2026-02-05", "Spring", "310.44", "USD"],
        ["never", "Spring", "1", "USD"],
    ]


def test_mended_rejects_are_known_by_the_header_they_came_with(desk):
    run = upload(desk, ROWS.encode())
    mapped(desk, run)
    desk.post(page("import-start", run.pk))
    while importing.run_due():
        pass
    mended = desk.get(page("import-rejects", run.pk)).getvalue().replace(b"not an address", b"bob@x.de")
    again = upload(desk, mended)
    shown = desk.get(page("import-map", again.pk)).context
    assert shown["form"].initial["source"] == "fair"
    assert [(row["column"].name, row["target"]) for row in shown["columns"]][-1] == ("reason", "")


def test_amounts_that_read_two_ways_are_asked_for_their_sign(desk):
    run = upload(desk, b"Day;Amount\n2026-02-05;1.234\n", kind="spend")
    chosen = {"column-0": "on", "column-1": "amount", "source": "ads"}
    asked = desk.post(page("import-map", run.pk), chosen)
    assert asked.status_code == 422
    assert "can be read in two ways" in asked.content.decode()
    assert desk.post(page("import-map", run.pk), {**chosen, "decimal": ","}).status_code == 302


def two_writings():
    """(with commas and days first, with semicolons, decimal commas and months first) of the same spend."""
    names = "id,c_date,campaign_name,category,campaign_id,impressions,mark_spent,clicks,leads,orders,revenue"
    rows = [(n, "google_hot", "search", 9, 22850, f"{n}.2500", 4, 1, 1, "7981.5000") for n in range(1, 20)]
    commas = [f"{n},{n:02}-02-2021,{','.join(map(str, rest))}" for n, *rest in rows]
    semicolons = [f"{n};02-{n:02}-2021;{';'.join(map(str, rest)).replace('.', ',')}" for n, *rest in rows]
    return "\n".join([names, *commas]), "\n".join([names.replace(",", ";"), *semicolons])


@pytest.mark.parametrize("order", [1, -1])
def test_what_a_file_shows_counts_more_than_what_is_known_of_its_header(desk, order):
    taken = []
    for content in two_writings()[::order]:
        run = upload(desk, content.encode(), kind="spend")
        mapped(desk, run)
        rows = desk.get(page("import", run.pk)).context["rows"]
        assert {row.refused for row in rows} == {""}
        taken.append([row.values for row in rows])
    assert taken[0] == taken[1]
    assert taken[0][0][1:3] == ["2021-02-01", "google_hot"]


FAIR = """№;ФИО;Телефон;Дата визита
1;Анна Ежова;8 (495) 123-45-67 доб. 12;28.11.2026
2;Пётр Седов;8 916 123-45-67;28.11.26
3;Олег Дым;;28.11.2026
4;Ия Лис;;28.11.2026
5;Яна Рысь;;вчера
6;Юлия Соль;;31.02.2026
;Итого: 6;;
"""


def test_a_list_of_a_fair_as_people_keep_it(desk):
    Organisation.objects.update(zone="Europe/Moscow")
    organisation.forget()
    run = upload(desk, FAIR.encode())
    shown = desk.get(page("import-map", run.pk)).context
    assert shown["form"].initial["region"] == "RU", "numbers without a calling code are the house's"
    chosen = {f"column-{row['column'].position}": row["target"] for row in shown["columns"]}
    assert chosen["column-3"] == "captured_at"
    desk.post(page("import-map", run.pk), {**chosen, "source": "fair", "region": "RU"})
    body = desk.get(page("import", run.pk)).context
    taken = [row.values[1:] for row in body["rows"] if not row.refused]
    assert taken == [
        ["Анна Ежова", "+74951234567;ext=12", "2026-11-28"],
        ["Пётр Седов", "+79161234567", "2026-11-28"],
        ["Олег Дым", "", "2026-11-28"],
        ["Ия Лис", "", "2026-11-28"],
    ]
    refused = [row.refused for row in body["rows"] if row.refused]
    reasons = (
        "is not a date that can be read",
        "is not a day of the calendar",
        "looks like the total of the list",
    )
    assert len(refused) == 3
    assert all(reason in said for reason, said in zip(reasons, refused, strict=True))


def test_an_unknown_encoding_is_asked(desk):
    run = upload(desk, "Full name,E-mail\nИван Петров,ivan@example.com\n".encode("cp1251"))
    question = desk.get(page("import", run.pk)).content.decode()
    assert "Иван Петров" in question
    assert desk.post(page("import-answer", run.pk), {"encoding": "cp1251"}).status_code == 302
    assert desk.get(page("import", run.pk)).url == page("import-map", run.pk)


def test_a_workbook_with_several_sheets_is_asked(desk, settings):
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Full name", "E-mail"])
    book.active.append(["Ada", "ada@example.com"])
    book.create_sheet("Second").append(["Full name"])
    book["Second"].append(["Bob"])
    book.save(file)
    run = upload(desk, file.getvalue(), "fair.xlsx")
    assert "Second" in desk.get(page("import", run.pk)).content.decode()
    desk.post(page("import-answer", run.pk), {"sheet": "Second"})
    assert desk.get(page("import-map", run.pk)).context["read"].header == ("Full name",)
    media = Path(settings.MEDIA_ROOT)
    assert len([one for one in media.rglob("*") if one.is_file()]) == 2  # the upload, and its sheet as text
    desk.post(page("import-discard", run.pk))
    assert not [one for one in media.rglob("*") if one.is_file()]


def test_what_cannot_be_read_says_why_and_keeps_nothing_but_the_draft(desk):
    run = upload(desk, b"PK\x03\x04 not a workbook", "fair.xlsx")
    answer = desk.get(page("import", run.pk))
    assert "notice bad" in answer.content.decode()
    desk.post(page("import-discard", run.pk))
    assert not ImportRun.objects.exists()


def test_two_columns_for_one_field_are_refused_with_the_form(desk):
    run = upload(desk, b"Name,Other name\nAda,Byron\n")
    answer = desk.post(
        page("import-map", run.pk), {"column-0": "full_name", "column-1": "full_name", "source": "x"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("language,word", [("en", "full name"), ("zh-hans", None), ("ru", None)])
def test_templates_speak_the_readers_language(desk, settings, language, word):
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    sheet = load_workbook(
        io.BytesIO(b"".join(desk.get(page("import-template", "leads", "xlsx")).streaming_content))
    ).active
    names = [cell.value for cell in sheet[1]]
    assert len(names) == len(set(names)) > 20
    assert word is None or word in names
    assert desk.get(page("import-template", "leads", "exe")).status_code == 404


def test_only_who_may_import_sees_imports(cast, client, desk):
    run = upload(desk, ROWS.encode())
    seen = {}
    for name, user in cast.everybody().items():
        client.force_login(user)
        seen[name] = (
            client.get(page("import-list")).status_code,
            client.get(page("import-rejects", run.pk)).status_code,
        )
    assert {name for name, (status, _) in seen.items() if status == 200} == {
        "marketer", "marketing_head", "sales_head", "admin", "manager", "other_manager",
    }  # fmt: skip
    assert {name for name, (_, status) in seen.items() if status == 200} <= {
        "marketer",
        "marketing_head",
        "sales_head",
        "admin",
    }


def test_the_list_costs_the_same_with_one_run_and_three(desk):
    same_queries(desk, page("import-list"), lambda: upload(desk, ROWS.encode()))


# -- spend of a platform, which comes again corrected ------------------------------------------------------
REPORT = "Day,Campaign,Device,Impressions,Clicks,Cost,Conversions,CTR\n"
FIRST = (
    REPORT
    + "2026-02-05,Spring,Phone,1000,50,120.50,3.00,5 %\n2026-02-05,Spring,Desktop,400,9,80.00,1.00,2 %\n"
)
LATER = (
    REPORT
    + "2026-02-05,Spring,Phone,1003,50,119.10,3.50,4.9 %\n2026-02-05,Spring,Desktop,400,9,80.00,1.00,2 %\n2026-02-06,Spring,Phone,7,1,2.00,0,14 %\n"
)


def spent(desk, rows, **more):
    """A file of spend brought as the page proposes it."""
    run = upload(desk, rows.encode(), kind="spend")
    body = desk.get(page("import-map", run.pk)).context
    chosen = {f"column-{row['column'].position}": row["target"] for row in body["columns"]}
    answer = desk.post(page("import-map", run.pk), {**chosen, "source": "google", **more})
    assert answer.status_code == 302, answer.context["form"].errors
    desk.post(page("import-start", run.pk))
    while importing.run_due():
        pass
    run.refresh_from_db()
    return run


@pytest.mark.django_db(databases=["default", "owner", "aside"], transaction=True)
def test_a_later_report_of_a_platform_corrects_the_days_of_a_former_one(desk):
    make.campaign("Spring")
    spent(desk, FIRST)
    later = spent(desk, LATER)
    assert (later.counts["created"], later.counts["updated"], later.counts["unchanged"]) == (1, 1, 1)
    assert sorted(Spend.objects.values_list("on", "amount", "impressions", "reported_orders")) == [
        (date(2026, 2, 5), Decimal("80.0000"), 400, Decimal("1.00")),
        (date(2026, 2, 5), Decimal("119.1000"), 1003, Decimal("3.50")),
        (date(2026, 2, 6), Decimal("2.0000"), 7, Decimal("0.00")),
    ]


@pytest.mark.django_db(databases=["default", "owner", "aside"], transaction=True)
def test_a_table_kept_by_hand_has_two_bills_of_a_day_and_says_so(desk):
    make.campaign("Spring")
    spent(desk, "Day,Campaign,Cost,Vendor\n2026-02-05,Spring,100,Printer\n2026-02-05,Spring,40,Printer\n")
    later = spent(
        desk, "Day,Campaign,Cost,Vendor\n2026-02-05,Spring,110,Printer\n2026-02-05,Spring,40,Printer\n"
    )
    assert sorted(Spend.objects.values_list("amount", flat=True)) == [Decimal(40), Decimal(100), Decimal(110)]
    (warned,) = later.rejects.filter(warning=True)
    assert (warned.line, warned.column, warned.value) == (2, "Cost", "110")
    assert "40.0000 of the same campaign" in warned.reason


@pytest.mark.django_db(databases=["default", "owner", "aside"], transaction=True)
@pytest.mark.parametrize("makes", [True, False])
def test_campaigns_that_nobody_knows_are_made_where_the_page_was_told_to(desk, makes):
    run = spent(
        desk,
        "Day,Campaign,Channel,Cost\n2026-02-05,Nobody’s,SEM,100\n",
        **({"makes_campaigns": "on"} if makes else {}),
    )
    assert list(Campaign.objects.values_list("name", "channel")) == [("Nobody’s", "sem")] * makes
    assert Spend.objects.count() == makes
    again = upload(desk, b"Day,Campaign,Channel,Cost\n2026-02-06,Other,SEM,1\n", kind="spend")
    assert desk.get(page("import-map", again.pk)).context["form"]["makes_campaigns"].value() is makes
    assert run.rejects.filter(warning=False).count() == (not makes)
