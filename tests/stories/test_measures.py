"""What a page may cost, on the demo: its weight, its statements, and that nothing jumps while it loads."""

import gzip
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from accounts.models import User
from demo.making import make
from leads.models import Lead
from pipeline.models import Campaign, Company, Deal
from tests.pages import queries
from tests.ui.test_every_page import answering, without_arguments

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
    "finance": ["reports:dashboard", "reports:months", "pipeline:campaign-list", "leads:deal-list"],
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


@lru_cache(maxsize=500)
def packed(name):
    """(compressed bytes of a static file, the static files it asks for)."""
    content = Path(finders.find(name)).read_bytes()
    asked = re.findall(rb'(?:from |import |url\()["\']?(?:\./)?([\w./-]+\.(?:js|css|svg|png|woff2))', content)
    folder = name.rpartition("/")[0]
    return len(gzip.compress(content, 6)), {f"{folder}/{one.decode()}" for one in asked}


def weigh(page):
    """(bytes of everything, bytes of the page itself) that a browser without a cache loads, compressed."""
    own = len(gzip.compress(page, 6))
    todo, files = set(re.findall(r'(?:src|href)="/static/([^"?#]+)"', page.decode())), {}
    while todo:
        name = todo.pop()
        files[name], more = packed(name)
        todo |= more - files.keys()
    return own + sum(files.values()), own


@pytest.mark.browser
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_pages_are_light_ask_little_and_stand_still(open_page, demo):
    faults = []
    for role, user in demo.items():
        client = Client()
        client.force_login(user)
        page = open_page(user=user, size="phone" if role == "sales" else "wide")
        for address in addresses(role, user):
            most = limit(address) + SIGN_IN
            # scorecard, fields, questions and calendars are read once every few seconds by a process
            everything, own = weigh(client.get(address).content)
            faults += [(role, address, "first load", everything)] if everything > FIRST else []
            faults += [(role, address, "next load", own)] if own > NEXT else []
            asked = queries(client, address)
            faults += [(role, address, "statements", asked)] if asked > most else []
            page.goto(address)
            shift = page.evaluate(MEASURE)
            faults += [(role, address, "shift", shift)] if shift > SHIFT else []
    assert not faults, "\n".join(map(str, faults))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_every_page_is_light(demo):
    """All that need nothing named, for whoever may open most of them."""
    client = Client()
    client.force_login(demo["admin"])
    weights = {address: weigh(page) for address, page in answering(client, without_arguments())}
    assert len(weights) > 80
    heavy = {address: both for address, both in weights.items() if both[0] > FIRST or both[1] > NEXT}
    assert heavy == {}
