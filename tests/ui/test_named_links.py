"""Addresses that templates ask for by name: one that nobody has is an error, also where `as` would swallow it."""

import re
from pathlib import Path

from django.conf import settings
from django.urls import URLResolver, get_resolver

ASKED = re.compile(r"""\{%\s*url\s+["']([^"']+)["']""")


def names(resolver, spaces=()):
    """All names of a resolver, each with its namespaces."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from names(one, (*spaces, one.namespace) if one.namespace else spaces)
        elif one.name:
            yield ":".join((*spaces, one.name))


def test_every_name_that_a_template_asks_for_is_there():
    known, root = set(names(get_resolver())), Path(settings.BASE_DIR) / "templates"
    pages = {str(page.relative_to(root)): page.read_text() for page in root.rglob("*.html")}
    asked = {(page, name) for page, text in pages.items() for name in ASKED.findall(text)}
    assert len(asked) > 500
    assert {(page, name) for page, name in asked if name not in known} == set()
