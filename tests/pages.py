"""What tests of pages share."""

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
