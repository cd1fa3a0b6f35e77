"""What tests of pages share."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries(client, path, **more):
    """How many statements a page takes. Raises AssertionError unless it answers 200."""
    with CaptureQueriesContext(connection, **more) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(captured)


def same_queries(client, path, add):
    """Assert that the list at `path` costs the same with one row and with three; `add()` makes a row."""
    add()
    queries(client, path)
    one = queries(client, path)
    add()
    add()
    three = queries(client, path)
    assert three == one, f"{one} statements with one row, {three} with three"


INPUT = re.compile(
    r"<(input|select|textarea)([^>]*)>(.*?)(?=<(?:input|select|textarea|button)\b|</form>)", re.S
)


def posted(page, address):
    """What a browser would send of the page's main form, unchanged: {name: value}."""
    html = page.content.decode()
    form = next(one for one in re.findall(r"<form[^>]*>.*?</form>", html, re.S) if 'name="as_seen"' in one)
    sent = {}
    for kind, attributes, inner in INPUT.findall(form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        name, typed = given.get("name"), given.get("type", "")
        if (
            not name
            or name == "csrfmiddlewaretoken"
            or (typed in ("checkbox", "radio") and " checked" not in attributes)
        ):
            continue
        if kind == "select":
            chosen = re.findall(r'<option value="([^"]*)"[^>]*selected', inner)
            several = " multiple" in attributes
            if chosen or not several:
                sent[name] = chosen if several else chosen[0] if chosen else ""
        elif kind == "textarea":
            sent[name] = inner.split("</textarea>")[0].strip()
        else:
            sent[name] = given.get("value", "on" if typed == "checkbox" else "")
    assert "as_seen" in sent, address
    return sent
