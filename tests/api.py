"""A client of the REST API for tests: signed in as somebody, or holding a token. Whatever it is answered must be described."""

import orjson
from django.test import Client

from accounts import tokens
from tests import described
from tests.cast import NOON


class Api:
    """`api.get("/leads/", stage="mql")` → (status, body). Paths are below /api/v1."""

    def __init__(self, user=None, token=None):
        self.client = Client()
        self.headers = {"authorization": f"Bearer {token}"} if token else {}
        if user is not None:
            self.client.force_login(user)

    def get(self, path, **query):
        """GET with the query given."""
        return self._told(self.client.get(f"/api/v1{path}", query, headers=self.headers))

    def post(self, path, body=None, **headers):
        """POST a JSON body; keyword arguments are headers, such as idempotency_key="k"."""
        return self._send(self.client.post, path, body, headers)

    def patch(self, path, body, **headers):
        """PATCH a JSON body; keyword arguments are headers, such as if_match=tag."""
        return self._send(self.client.patch, path, body, headers)

    def delete(self, path):
        """DELETE."""
        return self._told(self.client.delete(f"/api/v1{path}", headers=self.headers))

    def _send(self, method, path, body, headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._told(
            method(
                f"/api/v1{path}",
                orjson.dumps(body, default=str),
                content_type="application/json",
                headers={**self.headers, **named},
            )
        )

    def _told(self, response):
        self.response = response
        is_json = "json" in response.headers.get("Content-Type", "")
        body = orjson.loads(response.content) if is_json and response.content else None
        asked = response.request
        told = (asked["REQUEST_METHOD"], asked["PATH_INFO"], response.status_code, body)
        assert described.differences(*told) == []
        return response.status_code, body


def holding(user, *scopes):
    """An Api with a fresh token of `user`."""
    return Api(token=tokens.issue(user, "test", scopes, NOON)[1])


# Whoever reads what is everybody's here: all but machines.
READERS = {"marketer", "marketing_head", "rep", "teammate", "other_rep", "manager", "other_manager", "sales_head", "admin", "finance"}  # fmt: skip


def who_may(cast, ask, status):
    """Whom `ask(api)` answers with `status`; everybody else is refused with 403."""
    found = set()
    for name, user in cast.everybody().items():
        answer = ask(Api(user))
        assert answer in (status, 403), (name, answer)
        if answer == status:
            found.add(name)
    return found
