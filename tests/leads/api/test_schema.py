"""The description of the API: notes, steps, notices, robots and books stand in it, each shape under a name of its own."""

import contextlib
import io

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

ROOMS = ("leads/api/books.py", "leads/api/notices.py", "leads/api/work.py")
WORK = {
    "/api/v1/books/": {"get", "post"},
    "/api/v1/books/preview/": {"get"},
    "/api/v1/books/{id}/back/": {"post"},
    "/api/v1/leads/{id}/": {"get", "patch"},
    "/api/v1/leads/{id}/notes/": {"post"},
    "/api/v1/notes/": {"get"},
    "/api/v1/notices/": {"get"},
    "/api/v1/notices/choices/": {"get", "put"},
    "/api/v1/notices/{id}/read/": {"post"},
    "/api/v1/robots/": {"get", "post"},
    "/api/v1/robots/{id}/": {"get", "patch", "delete"},
    "/api/v1/steps/": {"get", "post"},
    "/api/v1/steps/{id}/done/": {"post"},
}


def test_the_schema_names_each_of_these_shapes_once():
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        GENERATOR_STATS.reset()
        schema = SchemaGenerator().get_schema(request=None, public=True)
        told = [*GENERATOR_STATS._error_cache, *GENERATOR_STATS._warn_cache]
    ours = [one for one in map(str, told) if any(room in one for room in ROOMS)]
    assert [one for one in ours if "identical names" in one] == []
    assert {path: set(schema["paths"][path]) for path in WORK} == WORK
    patched = schema["paths"]["/api/v1/companies/{id}/"]["patch"]["parameters"]
    assert "If-Match" in {one["name"] for one in patched}
    assert "secret" not in schema["components"]["schemas"]["Robot"]["properties"]
