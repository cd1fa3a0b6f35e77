"""Pages: each list and detail page beside a plain template with the same sign-in and rows, and its weight on the wire.

The same rows: the plain view asks the queries that the page asks, through the ORM as any view does, and shows what they
find in tables: no instances, filters, forms or shell. A second line without a goal sends them as ready-made statements.
"""

import gzip

from django.urls import reverse

from bench import bare, web
from bench.figures import Figure, alternate, speed
from leads.models import Lead
from pipeline.models import Campaign, Company, Contact, Deal

TIMES = 8
KILOBYTES = 30
LISTS = {
    "leads": "leads:lead-list", "campaigns": "pipeline:campaign-list", "companies": "pipeline:company-list",
    "deals": "leads:deal-list",
}  # fmt: skip
DETAILS = {
    "lead": ("leads:lead", Lead), "campaign": ("pipeline:campaign", Campaign), "company": ("pipeline:company", Company),
    "deal": ("leads:deal", Deal), "contact": ("pipeline:contact", Contact),
}  # fmt: skip


def figures(world):
    """Lists first, then one record of each kind."""
    world.grow()
    for many, name in LISTS.items():
        yield from _page(world, f"list of {many}", reverse(name))
    for kind, (name, model) in DETAILS.items():
        pk = model.objects.order_by("pk").values_list("pk", flat=True).first()
        yield from _page(world, f"a {kind}", reverse(name, args=[pk]))


def _page(world, what, path):
    browser, times = world.browser, world.often(TIMES)
    bare.KEPT[path] = web.sent(lambda: browser.get(path))
    ours, limit, ready = alternate(
        lambda: web.cost(lambda: browser.get(path), times),
        lambda: web.cost(lambda: browser.get("/bench/page/", of=path), times),
        lambda: web.cost(lambda: browser.get("/bench/ready/", of=path), times),
    )
    yield speed(f"page: {what} against a plain template", ours, limit, "≥ 0.50", 1e3, "ms CPU")
    yield speed(f"page: {what} against its statements ready-made", ours, ready, "", 1e3, "ms CPU")
    weight = len(gzip.compress(browser.get(path)[1], 6)) / 1000
    yield Figure(f"page: {what}, HTML compressed", weight, KILOBYTES, "kB", goal=f"≤ {KILOBYTES}")
