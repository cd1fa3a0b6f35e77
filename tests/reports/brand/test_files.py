"""Measurements from files: CSV and Excel, judged row by row, kept whole or not at all."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import organisation
from accounts.models import Organisation
from reports.models import BrandWave, SearchShare
from tests import cast as make
from tests.downloads import read_csv

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/brand/file/"
GOOD = """name,on,region,asked,top,other,prompted,reputation,score,low,high
Spring,2026-04-20,,400,10%,60,100,mean,4.1,1,5
Spring,2026-04-20,north,"1,000",80,120,300,,,,
"""


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


def bring(client, content, kind="waves", name="waves.csv"):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(PAGE, {"kind": kind, "file": file})


def test_rows_of_a_file_are_kept(client, cast):
    north = make.region()
    client.force_login(cast.marketer)
    assert bring(client, GOOD.replace('"1,000"', "1000")).url == "/dashboard/brand/"
    assert {
        (one.name, one.region, one.asked, one.top, one.score, one.entered_by)
        for one in BrandWave.objects.select_related("region", "entered_by")
    } == {
        ("Spring", None, 400, 40, BrandWave.objects.get(region=None).score, cast.marketer),
        ("Spring", north, 1000, 80, None, cast.marketer),
    }


def test_one_wrong_row_and_nothing_is_kept(client, cast):
    client.force_login(cast.marketer)
    page = bring(client, GOOD + "Bad,2026-04-21,south,400,10,60,500,,,,\n")
    assert page.status_code == 422
    assert {(one.line, one.column) for one in page.context["wrong"]} == {
        (3, "region"),
        (3, "People asked"),
        (4, "region"),
        (4, "Knew it only when prompted"),
    }
    assert "Nothing is kept" in page.content.decode()
    assert not BrandWave.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("name,when\nA,2026-01-01\n", "There is no column “when”"),
        ("", "empty"),
        ("name,on,asked\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no table"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(client, cast, content, words):
    client.force_login(cast.marketer)
    page = bring(client, content)
    assert (page.status_code, words in page.content.decode()) == (422, True), page.context["form"].errors


def test_a_workbook_with_the_names_of_the_page(client, cast):
    book = openpyxl.Workbook()
    for row in (
        ["Month", "Searches for our brand", "Searches for all brands, ours included", "counted by"],
        ["2026-04", 300, 1000, "Trends"],
        ["2026-05", 320, 1000, "Trends"],
    ):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    client.force_login(cast.marketer)
    assert bring(client, kept.getvalue(), "searches", "searches.xlsx").url == "/dashboard/brand/searches/"
    assert list(SearchShare.objects.order_by("month").values_list("own", "tool")) == [
        (300, "Trends"),
        (320, "Trends"),
    ]


def test_an_empty_file_has_every_column(client, cast):
    client.force_login(cast.marketer)
    head = read_csv(client.get(f"{PAGE}?template=searches&format=csv"))
    assert head == [["month", "region", "segment", "own", "total", "tool", "note"]]
    assert client.get(f"{PAGE}?template=waves&format=xlsx").status_code == 200
