"""Tables: cells by kind, sorting and paging by address."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db.models import TextChoices
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy

from ui.keyset import Page
from ui.tables import KINDS, Column, Table, labels, sorting

COLUMNS = [
    Column("name", "Name", sort="name", href="address", note="company"),
    Column("stage", "Stage", "pill"),
    Column("amount", "Amount", "money", sort="amount", first="-"),
]
ROW = {
    "pk": 7,
    "name": "<b>Egli</b>",
    "company": "A & B",
    "address": "/leads/7/",
    "stage": "MQL",
    "tone": "warn",
    "amount": 1234.5,
    "currency": "EUR",
}


def table(query="", rows=(ROW,), **more):
    return Table(list(rows), COLUMNS, "Leads", RequestFactory().get(f"/leads/{query}"), **more)


def test_a_row_is_written_safely():
    assert table(cards=True).body == (
        '<tr><th scope="row" data-label="Name"><a href="/leads/7/">&lt;b&gt;Egli&lt;/b&gt;</a>'
        '<small class="note">A &amp; B</small></th>'
        '<td class="short" data-label="Stage"><span class="pill warn">MQL</span></td>'
        '<td class="right" data-label="Amount">€1,234.50</td></tr>'
    )


def test_only_cards_carry_their_labels():
    assert "data-label" not in table().body


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_shows_nothing_as_a_dash(kind):
    one = Table([{"a": None}], [Column("a", "A", kind)], "Rows")
    assert "–" in one.body


def test_sorting_turns_round_and_begins_as_the_column_wishes():
    heads = table("?q=x&cursor=abc&sort=name", sort="name").head
    assert [head["href"] for head in heads] == ["/leads/?q=x&sort=-name", "", "/leads/?q=x&sort=-amount"]
    assert [head["sorted"] for head in heads] == ["ascending", "", ""]
    assert table("?sort=-amount", sort="-amount").head[2]["href"] == "/leads/?sort=amount"


def test_pages_keep_the_filters():
    one = table("?q=x&cursor=old", page=Page([], newer="n", older="o"))
    assert (one.newer, one.older) == ("/leads/?q=x&cursor=n", "/leads/?q=x&cursor=o")
    assert table(page=Page([], newer="", older="")).older == ""


def test_rows_can_be_picked():
    assert '<input type="checkbox" name="pick" value="7"' in table(pick="pk").body


def test_the_partial_holds_rows_or_says_that_there_are_none():
    assert "€1,234.50" in render_to_string("ui/table.html", {"table": table()})
    assert "Nobody yet." in render_to_string("ui/table.html", {"table": table(rows=(), empty="Nobody yet.")})


def test_only_columns_that_sort_may_be_named():
    request = RequestFactory().get
    assert sorting(request("/"), COLUMNS, "-id") == "-id"
    assert sorting(request("/?sort=-amount"), COLUMNS, "-id") == "-amount"
    for query in ("?sort=stage", "?sort=password", "?sort=--name"):
        with pytest.raises(SuspiciousOperation):
            sorting(request(f"/{query}"), COLUMNS, "-id")


def test_a_list_without_anything_says_what_to_do_first_and_a_search_without_a_find_does_not():
    first = ("Nothing yet: take one in.", "/leads/new/", "New lead")
    shown = render_to_string("ui/table.html", {"table": table(rows=(), first=first)})
    assert ('href="/leads/new/"' in shown, "Nothing yet: take one in." in shown) == (True, True)
    for query, rows in (("?q=x", ()), ("", (ROW,))):
        assert "/leads/new/" not in render_to_string(
            "ui/table.html", {"table": table(query, rows, first=first)}
        )


def test_a_name_stays_in_one_line_unless_it_is_long():
    columns = [Column("name", "Deal"), Column("owner", "Owner", kind="person")]
    for name, css in (("Camille Fournier", ' class="short"'), ("A" * 25, ""), (None, ' class="short"')):
        table = Table([{"name": "A long name of a deal", "owner": name}], columns, "Deals")
        assert f"<td{css}>{name or '–'}</td>" in table.body


def test_a_code_reads_as_its_label_in_the_language_that_is_spoken():
    Size = TextChoices("Size", [("TODAY", ("today", gettext_lazy("Today")))])
    with translation.override("ru"):
        said = labels(Size)
        assert [said("today"), said("today")] == ["Сегодня", "Сегодня"]
    assert labels(Size)("today") == "Today"
