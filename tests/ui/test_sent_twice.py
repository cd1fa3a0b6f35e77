"""Every form of every page, sent twice as an impatient hand does it where no script runs: it counts once."""

from functools import cache

import pytest
from django.db import connection, transaction

from pipeline.models import Product
from tests import cast as make
from tests.posting import forms
from tests.ui.test_every_page import route, some_work, without_arguments  # noqa: F401  (a fixture)

# Of each table that people's work stands in: who signs in, and what the claim itself writes, is something else.
TABLES = """
SELECT string_agg(format('SELECT %L AS name, count(*) FROM %I', relname, relname), ' UNION ALL ')
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND relname NOT LIKE 'django_session' AND relname NOT LIKE 'engine_idempotent%'
"""
# Of those that make something, the ones that people meet each day; the walk finds many more.
EVERYDAY = (
    "account/tokens/", "campaigns/<int:pk>/spend/", "campaigns/new/", "companies/<int:pk>/files/", "companies/<int:pk>/steps/",
    "companies/new/", "deals/<int:pk>/contacts/", "deals/<int:pk>/files/", "deals/<int:pk>/lines/", "deals/<int:pk>/steps/",
    "deals/new/", "imports/new/", "leads/<int:pk>/notes/", "leads/<int:pk>/steps/", "leads/<int:pk>/touches/", "leads/new/",
    "my-day/find/", "people/new/", "products/new/", "setup/fields/new/", "teams/new/", "views/<slug:page>/save/",
)  # fmt: skip


@cache
def counting():
    """The statement that counts the rows of each table."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return cursor.fetchone()[0]


def rows():
    """{table: how many rows}."""
    with connection.cursor() as cursor:
        cursor.execute(counting())
        return dict(cursor.fetchall())


def posted(client, begin, done):
    """(key, form) for each form of the pages that is not `done`, one of each route with the same fields."""
    for address in filter(route, begin):
        page = client.get(address)
        if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            continue
        for form in forms(page):
            form.action = form.action or address
            key = (route(form.action), *sorted(form.sent))
            if key[0] and form.id != "toast-undo" and key not in done:
                yield key, form


def adds(client, form):
    """Send it: whether there are rows that were not there before."""
    before = rows()
    client.post(form.action, form.values())
    after = rows()
    return any(after[table] > before[table] for table in after)


@pytest.fixture
def more_work(cast, some_work):  # noqa: F811
    """With something to choose wherever a form asks for it."""
    dealer = make.company("Dealer", is_partner=True)
    Product.objects.create(code="p", name="Pump", currency="EUR")
    return [*some_work, f"/deals/new/?company={dealer.pk}", f"/quick-add/{make.campaign().pk}/"]


def test_what_a_form_makes_it_makes_once(cast, more_work, client):
    made, again, bare = set(), set(), set()
    for user in (cast.admin, cast.marketer, cast.rep):
        client.force_login(user)
        for key, form in posted(client, [*without_arguments(), *more_work], made | bare):
            if not form.sent.get("csrfmiddlewaretoken"):
                bare.add(key)
                continue
            with transaction.atomic():
                if adds(client, form):
                    made.add(key)
                    again |= {key[0]} if adds(client, form) else set()
                transaction.set_rollback(True)
            client.force_login(user)
    assert (bare, again) == (set(), set())
    assert {key[0] for key in made} >= set(EVERYDAY)
