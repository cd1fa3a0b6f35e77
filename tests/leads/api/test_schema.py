"""The description of the API: complete, each shape under a name of its own, and every POST safe to send again."""

import contextlib
import io
import re

from django.contrib.staticfiles import finders
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator

from accounts.resources import Writable
from accounts.unheard import Heard
from engine.phrases import details
from tests.api import Api

WORK = {
    "/api/v1/books/": {"get", "post"},
    "/api/v1/books/preview/": {"get"},
    "/api/v1/books/{id}/back/": {"post"},
    "/api/v1/leads/{id}/": {"get", "patch"},
    "/api/v1/leads/{id}/notes/": {"post"},
    "/api/v1/companies/many/": {"post"},
    "/api/v1/moments/": {"get"},
    "/api/v1/moments/{id}/close/": {"post"},
    "/api/v1/notes/": {"get"},
    "/api/v1/notices/": {"get"},
    "/api/v1/notices/choices/": {"get", "put"},
    "/api/v1/notices/{id}/read/": {"post"},
    "/api/v1/robots/": {"get", "post"},
    "/api/v1/robots/{id}/": {"get", "patch", "delete"},
    "/api/v1/steps/": {"get", "post"},
    "/api/v1/steps/{id}/done/": {"post"},
}


def test_the_schema_is_without_a_warning_and_names_each_shape_once():
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        GENERATOR_STATS.reset()
        schema = SchemaGenerator().get_schema(request=None, public=True)
        told = [*GENERATOR_STATS._error_cache, *GENERATOR_STATS._warn_cache]
    assert list(map(str, told)) == []
    assert {path: set(schema["paths"][path]) for path in WORK} == WORK
    patched = schema["paths"]["/api/v1/companies/{id}/"]["patch"]["parameters"]
    assert "If-Match" in {one["name"] for one in patched}
    assert "secret" not in schema["components"]["schemas"]["Robot"]["properties"]
    posts = {path: operations["post"] for path, operations in schema["paths"].items() if "post" in operations}
    keyless = {
        path
        for path, post in posts.items()
        if "Idempotency-Key" not in {one["name"] for one in post.get("parameters", [])}
    }
    assert keyless == set()
    operations = [one for methods in schema["paths"].values() for one in methods.values()]
    assert all({"400", "401", "403", "default"} <= set(one["responses"]) for one in operations)
    assert {"409", "412"} <= set(schema["paths"]["/api/v1/companies/{id}/"]["patch"]["responses"])
    assert set(details(400, errors={"": []})) <= set(schema["components"]["schemas"]["Problem"]["properties"])


def test_no_post_passes_over_what_it_does_not_know():
    """Its body is a shape that refuses, a record that does, or nothing at all."""
    generator, deaf = SchemaGenerator(), set()
    for path, _regex, method, callback in EndpointEnumerator().get_api_endpoints():
        if method not in {"POST", "PUT"}:
            continue
        view = generator.create_view(callback, method)
        view.schema.method, view.schema.path = method, path
        shape = view.schema.get_request_serializer()
        shape = getattr(shape, "child", shape)
        handler = getattr(view, getattr(view, "action", None) or method.lower())
        if shape is None:
            hears = getattr(handler, "bodiless", False)
        else:
            hears = issubclass(shape if isinstance(shape, type) else type(shape), Heard)
        if not hears and not isinstance(view, Writable):
            deaf.add(f"{method} {path}")
    assert deaf == set()


def test_every_list_answers_and_has_a_second_page(cast):
    """With rows in those that a fresh house has: a list fails at its first row where it is paged by what it does not read."""
    paths, asked = SchemaGenerator().get_schema(request=None, public=True)["paths"], Api(cast.admin)
    lists = {
        path
        for path, operations in paths.items()
        if {"cursor", "limit"} <= {one["name"] for one in operations.get("get", {}).get("parameters", [])}
    }
    assert len(lists) > 40
    answers = {path: asked.get(path.removeprefix("/api/v1"), limit=1) for path in lists if "{" not in path}
    assert {path: status for path, (status, _page) in answers.items() if status != 200} == {}
    for path, (_status, page) in answers.items():
        if page["older"]:
            told = asked.get(path.removeprefix("/api/v1"), limit=1, cursor=page["older"])
            assert (path, told[0], len(told[1]["results"])) == (path, 200, 1)


def test_a_method_without_use_is_told_as_that(client, cast):
    client.force_login(cast.rep)
    for address in ("/api/v1/notices/choices/", "/api/v1/leads/"):
        answer = client.options(address)
        assert (answer.status_code, answer.json()["status"]) == (405, 405), answer.content


def test_the_docs_page_needs_no_other_host(client, cast):
    client.force_login(cast.rep)
    page = client.get("/api/docs/").content.decode()
    script = client.get("/api/docs/?script").content.decode()
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len([address for address in named if address.startswith("/static/")]) >= 3
    for address in named:
        assert re.match("/[^/]", address), address
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/")), address
    assert not re.search(r"https?://|[\"']//", script), script
    assert "/api/schema/" in script
    assert '"validatorUrl": null' in script
