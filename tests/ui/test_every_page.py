"""Every page of the house that needs no argument, in a real browser: accessible, inside its window, silent."""

import pytest
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, get_resolver

from tests import cast as make
from tests.browser import axe_violations, overflow

# Not pages of ours: the API and its docs, Django's back door, answers for machines, the end of a session.
FOREIGN = ("/admin/", "/api/", "/healthz", "/logout/", "/ui/theme/", "/ui/language/")


def names(resolver, prefix=""):
    """Every URL name, with its namespace."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern, inner)
        elif pattern.name:
            yield f"{prefix}{pattern.name}"


def addresses():
    """The addresses that stand without arguments."""
    found = set()
    for name in names(get_resolver()):
        try:
            found.add(resolve_url(name) if ":" in name else get_resolver().reverse(name))
        except NoReverseMatch:
            continue
    found = {address if address.startswith("/") else f"/{address}" for address in found}
    return sorted(address for address in found if not address.startswith(FOREIGN))


def pages(client):
    """Those of them that answer a GET with HTML."""
    for address in addresses():
        response = client.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            yield address


@pytest.fixture
def some_work(cast):
    """A campaign, leads and deals, so that lists are lists."""
    campaign = make.campaign("Hannover fair", owner=cast.marketer)
    company = make.company("ООО «Уральский машиностроительный завод»")
    for index in range(3):
        person = make.contact(f"Ольга Константинопольская {index}", company=company)
        make.touch(person, campaign=campaign)
        make.lead(contact=person, campaign=campaign)
        make.deal(company=company, owner=cast.rep, amount=12_345, currency="EUR")


@pytest.mark.browser
@pytest.mark.parametrize(
    "size, theme, language", [("wide", "light", "en"), ("phone", "dark", "ru"), ("phone", "light", "zh-hans")]
)
def test_every_page_is_accessible_and_fits(open_page, cast, some_work, client, size, theme, language):
    client.force_login(cast.admin)
    page = open_page(user=cast.admin, size=size, theme=theme, language=language)
    faults = {}
    for address in pages(client):
        page.goto(address)
        found = [*axe_violations(page), *([("overflow", overflow(page))] if overflow(page) else [])]
        if found:
            faults[address] = found
    assert faults == {}
