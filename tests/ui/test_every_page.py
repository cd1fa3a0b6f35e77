"""Every page of the house that needs no argument, in a real browser: accessible, inside its window, silent."""

import re

import pytest
from django.urls import get_resolver

from accounts.models import SavedView, WorkingCalendar
from pipeline.models import CustomField
from tests import cast as make
from tests.browser import axe_violations, overflow

# Not pages of ours: the API and its docs, Django's back door, answers for machines, the end of a session.
FOREIGN = ("/admin/", "/api/", "/healthz", "/logout/", "/ui/theme/", "/ui/language/")
ARGUMENT = re.compile(r"<[^>]+>")


def patterns(resolver, prefix=""):
    """(route, regex groups) of every named URL of ours."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern, route)
        elif pattern.name:
            yield route


def addresses(samples):
    """Every address without arguments, and those whose argument a sample stands for."""
    found = set()
    for route in patterns(get_resolver()):
        wanted = ARGUMENT.findall(route)
        begins = route[: route.index("<")].strip("/") if wanted else ""
        if len(wanted) > 1 or (wanted and begins not in samples):
            continue
        found.add("/" + ARGUMENT.sub(lambda _: str(samples[begins]), route).removeprefix("/"))  # noqa: B023
    return sorted(address for address in found if not address.startswith(FOREIGN) and "(" not in address)


def pages(client, samples):
    """Those of them that answer a GET with HTML."""
    for address in addresses(samples):
        response = client.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            yield address


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
    return {
        "leads": lead.pk, "deals": deal.pk, "campaigns": campaign.pk, "companies": company.pk, "contacts": person.pk,
        "people": cast.rep.pk, "teams": cast.rep.team_id, "setup/stages": deal.stage_id, "setup/fields": field.pk,
        "dashboard/behind": "won", "dashboard/months": "2026-05", "start": "way", "calendars": WorkingCalendar.objects.first().pk,
    }  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize(
    "role, size, theme, language",
    [
        ("admin", "phone", "dark", "ru"),
        ("marketer", "wide", "light", "en"),
        ("rep", "phone", "light", "zh-hans"),
    ],
)
def test_every_page_is_accessible_and_fits(open_page, cast, some_work, client, role, size, theme, language):
    user = getattr(cast, role)
    client.force_login(user)
    page = open_page(user=user, size=size, theme=theme, language=language)
    faults = {}
    for address in pages(client, some_work):
        page.goto(address)
        found = [*axe_violations(page), *([("overflow", overflow(page))] if overflow(page) else [])]
        if found:
            faults[address] = found
    assert faults == {}


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
