"""The figures of a sample as its readers meet them: on the dashboard's page and in the API, over all time."""

import html
import re

from django.test import Client

from tests.api import Api


def page(user, address="/dashboard/"):
    """The words of a page for period all, without markup and with plain spaces."""
    client = Client()
    client.force_login(user)
    answer = client.get(address, {"period": "all"})
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def api(user, report, **query):
    """The body of a report in the API for period all."""
    status, body = Api(user).get(f"/reports/{report}/", **{"period": "all", **query})
    assert status == 200, (status, body)
    return body


def figures(body):
    """Figure → (value, available) of a dashboard's body."""
    return {one["figure"]: (one["value"], one["available"]) for one in body["figures"]}
