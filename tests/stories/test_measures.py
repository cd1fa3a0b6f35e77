"""What a page may cost, on the demo: its weight, its statements, and that nothing jumps while it loads."""

import gzip
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from demo.making import make
from leads.models import Lead
from pipeline.models import Campaign, Company, Deal
from tests.pages import queries

FIRST, NEXT = 150_000, 30_000  # bytes, compressed
STATEMENTS, DASHBOARD, SIGN_IN = 12, 5, 2
SHIFT = 0.02
AT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
LISTS = {
    "marketing": [
        "leads:today",
        "leads:desk",
        "pipeline:campaign-list",
        "leads:lead-list",
        "reports:dashboard",
    ],
    "sales": ["leads:my-day", "leads:lead-list", "leads:deal-list", "leads:deal-board", "leads:pool"],
    "manager": ["reports:dashboard", "reports:exceptions", "leads:deal-list", "accounts:team-list"],
    "admin": [
        "accounts:setup",
        "accounts:people",
        "pipeline:company-list",
        "pipeline:product-list",
        "leads:import-list",
    ],
}
MEASURE = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) { if (!entry.hadRecentInput) { sum += entry.value; } }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 150);
})"""


@pytest.fixture
def demo(owner):
    """The small demo; its people by role."""
    with owner("owner"):
        make(language="en", seed=1, at=AT, small=True)
    people = User.objects.filter(is_active=True, head_of="").order_by("pk")
    return {role: people.filter(role=role).first() for role in LISTS}


def records(user):
    """A record of each kind that the user sees."""
    for model, name in (
        (Lead, "leads:lead"),
        (Deal, "leads:deal"),
        (Campaign, "pipeline:campaign"),
        (Company, "pipeline:company"),
    ):
        one = model.objects.visible_to(user).order_by("-pk").first()
        if one is not None:
            yield reverse(name, args=[one.pk])


def addresses(role, user):
    return [*(reverse(name) for name in LISTS[role]), *records(user)]


def limit(address):
    """How many statements an address may ask."""
    return DASHBOARD if "dashboard" in address else STATEMENTS


def weigh(page, address):
    """(bytes of everything, bytes of the page itself) that a browser without a cache loads, compressed."""
    bodies = []
    listen = lambda response: bodies.append(response)  # noqa: E731
    page.on("response", listen)
    page.goto(address, wait_until="load")
    page.remove_listener("response", listen)
    sizes = [len(gzip.compress(one.body(), 6)) for one in bodies if one.ok and one.request.method == "GET"]
    return sum(sizes), len(gzip.compress(page.content().encode(), 6))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_pages_are_light_asks_little_and_stand_still(open_page, demo):
    faults = []
    for role, user in demo.items():
        client = Client()
        client.force_login(user)
        first = open_page(user=user)
        weight, _own = weigh(first, addresses(role, user)[0])
        faults += [(role, "first load", weight)] if weight > FIRST else []
        page = open_page(user=user, size="phone" if role == "sales" else "wide")
        for address in addresses(role, user):
            most = limit(address) + SIGN_IN
            queries(
                client, address
            )  # scorecard, fields, questions and calendars are read once every few seconds by a process
            asked = queries(client, address)
            faults += [(role, address, "statements", asked)] if asked > most else []
            _all, own = weigh(page, address)
            faults += [(role, address, "next load", own)] if own > NEXT else []
            shift = page.evaluate(MEASURE)
            faults += [(role, address, "shift", shift)] if shift > SHIFT else []
    assert not faults, "\n".join(map(str, faults))
