"""Every page of the house that needs no argument, in a real browser: accessible, inside its window, silent."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.http import QueryDict
from django.shortcuts import resolve_url
from django.urls import Resolver404, get_resolver, resolve
from django.utils import timezone
from playwright.sync_api import Error

from accounts.models import SavedView, WorkingCalendar
from pipeline.models import CustomField
from reports.months import closing
from reports.periods import shifted
from tests import cast as make
from tests.browser import SIZES, axe_violations, overflow

# Not pages of ours: the API and its docs, Django's back door, answers for machines, the end of a session.
FOREIGN = ("/admin/", "/api/", "/healthz", "/logout/", "/ui/theme/", "/ui/language/")
REFUSED = tuple(f"status of {status}" for status in (302, 400, 403, 404, 405))
OTHER = {"light": "dark", "dark": "light", "wide": "phone", "phone": "wide"}
# Another theme, and the frames that it takes to be there.
REDRESS = """(theme) => new Promise((done) => {
    document.documentElement.dataset.theme = theme;
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
})"""
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
LINKS = "() => [...document.querySelectorAll('a[href^=\"/\"]')].map((link) => link.getAttribute('href'))"


def patterns(resolver, prefix=""):
    """The route of every named URL of ours."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern, route)
        elif pattern.name:
            yield route


def without_arguments():
    """The address of every page that needs nothing named."""
    return sorted(f"/{route}" for route in patterns(get_resolver()) if not re.search(r"[<(]", route))


def answering(client, addresses):
    """(address, HTML) of those that answer with a page; the others are refused, or for posts only."""
    for address in filter(route, addresses):
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield address, answer.content


def menu(role):
    """Where the menu of a role leads."""
    return [resolve_url(line["url"]) for line in settings.MENU if role in line.get("roles", (role,))]


def route(address):
    """The route of an address; empty for what is no page of ours."""
    try:
        found = resolve(re.split("[?#]", address)[0]).route
    except Resolver404:
        return ""
    return "" if f"/{found}".startswith(FOREIGN) else found


def walk(page, begin, follows):
    """Open one page of each route: those of `begin`, and with `follows` those that links lead to from anywhere.

    Yields the address of each that answers with HTML.
    """
    todo, seen = list(begin), set()
    for address in todo:
        if not route(address) or route(address) in seen:
            continue
        seen.add(route(address))
        if opens(page, address):
            yield address
            todo += page.evaluate(LINKS) if follows else []


def opens(page, address):
    """Whether a page of HTML is there; some links are to files."""
    try:
        answer = page.goto(address)
    except Error as failure:
        if "Download is starting" not in str(failure):
            raise
        return False
    assert answer.status < 500, address
    return answer.status == 200 and "text/html" in answer.headers.get("content-type", "")


def faults(page, size, theme):
    """What is wrong with the open page: axe's rules in one theme, contrast in the other, width at both sizes."""
    found = axe_violations(page) + too_wide(page)
    page.set_viewport_size(SIZES[OTHER[size]])
    page.evaluate(REDRESS, OTHER[theme])
    found += axe_violations(page, rules=["color-contrast"]) + too_wide(page)
    page.set_viewport_size(SIZES[size])
    return found


def too_wide(page):
    """[(what, how many pixels)] of a page wider than its window."""
    beyond = overflow(page)
    return [("overflow", beyond)] if beyond > 0 else []


@pytest.fixture
def some_work(cast):
    """A campaign, leads and deals, so that lists are lists; {what an address begins with: its argument}."""
    campaign = make.campaign("Hannover fair", owner=cast.marketer)
    company = make.company("ООО «Уральский машиностроительный завод»")
    for index in range(3):
        person = make.contact(f"Ольга Константинопольская {index}", company=company)
        make.touch(person, campaign=campaign)
        lead = make.lead(contact=person, campaign=campaign, owner=cast.rep)
        deal = make.deal(company=company, owner=cast.rep, amount=12_345, currency="EUR")
    field = CustomField.objects.create(on="company", code="park", name="Machine park")
    SavedView.objects.create(owner=cast.admin, page="leads", name="Warm", query="stage=mql")
    return [
        f"/leads/{lead.pk}/", f"/deals/{deal.pk}/", f"/campaigns/{campaign.pk}/", f"/companies/{company.pk}/",
        f"/contacts/{person.pk}/", f"/people/{cast.rep.pk}/", f"/teams/{cast.rep.team_id}/", f"/setup/fields/{field.pk}/",
        "/dashboard/behind/won/", "/dashboard/months/2026-05/", "/start/way/", f"/calendars/{WorkingCalendar.objects.first().pk}/",
    ]  # fmt: skip


# Administrators open every page there is, reps what their links lead to, the others their menu and a record of each kind.
WALKS = [
    ("admin", "phone", "dark", "ru"),
    ("rep", "phone", "light", "zh-hans"),
    ("marketer", "wide", "light", "en"),
    ("manager", "wide", "dark", "ru"),
    ("marketing_head", "phone", "dark", "zh-hans"),
    ("sales_head", "wide", "light", "ru"),
    ("finance", "phone", "light", "en"),
]


@pytest.mark.browser
@pytest.mark.parametrize("role, size, theme, language", WALKS)
def test_every_page_is_accessible_and_fits(open_page, cast, some_work, client, role, size, theme, language):
    user = getattr(cast, role)
    page = open_page(user=user, size=size, theme=theme, language=language, expect=REFUSED, axe=True)
    page.emulate_media(reduced_motion="reduce")  # else colours are still on their way when they are judged
    client.force_login(user)
    begin = without_arguments() if role == "admin" else menu(user.role)
    begin = [address for address, _page in answering(client, [*begin, *some_work])]
    wrong = {}
    for address in walk(page, begin, follows=role in ("admin", "rep")):
        if found := faults(page, size, theme):
            wrong[address] = found
    assert wrong == {}


@pytest.fixture
def closed_month(cast):
    """The address of a page about a month whose books are closed."""
    today = timezone.localdate()
    closing.close(shifted(today.replace(day=1), -1), cast.finance, timezone.now())
    return "/dashboard/funnel/?period=last_month"


@pytest.mark.parametrize("role", ["marketer", "rep", "finance"])
def test_no_link_leads_to_a_refusal(client, cast, some_work, closed_month, role):
    """One address of each page and set of parameters that the menu's pages and those of records lead to."""
    user = getattr(cast, role)
    client.force_login(user)
    found = {}
    for address, page in answering(client, [*menu(user.role), *some_work, closed_month]):
        for link in map(unescape, LINK.findall(page.decode())):
            parameters = set(QueryDict(urlsplit(link).query))
            if route(link) and "export" not in parameters:
                found.setdefault((route(link), *sorted(parameters)), (address, link))
    refused = [
        (address, link, status)
        for address, link in found.values()
        if (status := client.get(link).status_code) >= 400
    ]
    assert len(found) > 40
    assert refused == []


def test_what_is_not_there_says_what_to_do(client, cast):
    client.force_login(cast.rep)
    for address, status in (
        ("/nowhere/", 404),
        ("/leads/999999/", 404),
        ("/setup/", 403),
        ("/leads/?x=1", 400),
    ):
        answer = client.get(address)
        assert (answer.status_code, 'href="/' in answer.content.decode()) == (status, True), address
    assert 'href="/leads/">Open the page without it' in answer.content.decode()
