"""What requests cost: through the whole stack of middleware, without a network, CPU of this process and its backend."""

import contextlib
import io
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from bench.clock import Spent, backend_cpu, backend_pid, clocked

# What every page asks, whatever stands on it: savepoints, the session, and who is signed in (no list of people).
FREE = re.compile(
    r'SAVEPOINT|django_session|FROM "accounts_user".* WHERE "accounts_user"."id" = \S+ LIMIT 21$', re.S
)


@dataclass
class Browser:
    """Somebody signed in, sending requests straight into the handler."""

    user: object
    handler: WSGIHandler = field(default_factory=WSGIHandler)

    def __post_init__(self):
        session = SessionStore()
        session[SESSION_KEY] = str(self.user.pk)
        session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[-1]
        session["_auth_user_hash"] = self.user.get_session_auth_hash()
        session.save()
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={'a' * 32}"

    def get(self, path, **query):
        """(status, body) of a GET."""
        return self._send("GET", path, urlencode(query), b"")

    def post(self, path, body):
        """(status, body) of a POST of JSON."""
        return self._send("POST", path, "", orjson.dumps(body))

    def _send(self, method, path, query, body):
        told = {}
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "HTTP_COOKIE": self.cookie,
            "HTTP_X_CSRFTOKEN": "a" * 32, "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        answer = self.handler(environ, lambda status, headers: told.update(status=int(status[:3])))
        content = b"".join(answer)
        answer.close()
        return told["status"], content


def cost(send, times, warm=2):
    """The Spent of one request, from `times` of them after a few to warm up."""
    for _ in range(min(warm, times)):
        send()
    with clocked() as spent:
        for _ in range(times):
            status, _body = send()
            assert status == 200, status
    return Spent(spent.cpu / times, spent.wall / times, spent.backend / times)


def statements(send):
    """How many statements a request takes besides session, user and savepoints."""
    send()
    with CaptureQueriesContext(connection) as queries:
        send()
    return sum(not FREE.search(query["sql"]) for query in queries)


@dataclass(frozen=True)
class Sent:
    """A statement as it was sent, and the query that Django made it from; None where it was written by hand."""

    statement: str
    parameters: tuple
    query: Query | None


def sent(send):
    """What one request sends: a Sent for each statement besides session, user and savepoints."""
    found, making = [], []

    def keep(execute, sql, params, many, context):
        if not FREE.search(sql):
            found.append(Sent(sql, params, making[-1] if making else None))
        return execute(sql, params, many, context)

    send()
    with connection.execute_wrapper(keep), _queries(making):
        send()
    return found


@contextlib.contextmanager
def _queries(making):
    """Inside, `making` holds the query that is being made into a statement and executed, else nothing."""
    execute = SQLCompiler.execute_sql

    def noted(compiler, *args, **kwargs):
        # What changes rows or wraps another query is taken as it was sent.
        making.append(compiler.query.clone() if compiler.query.compiler == "SQLCompiler" else None)
        try:
            return execute(compiler, *args, **kwargs)
        finally:
            making.pop()

    SQLCompiler.execute_sql = noted
    try:
        yield
    finally:
        SQLCompiler.execute_sql = execute


class DatabaseTime:
    """Sums up what the statements of requests take in the backend, besides session and user."""

    def __init__(self):
        self.pid, self.spent = backend_pid(), 0.0

    def __call__(self, execute, sql, params, many, context):
        """Wraps the execution of one statement."""
        if FREE.search(sql):
            return execute(sql, params, many, context)
        before = backend_cpu(self.pid)
        try:
            return execute(sql, params, many, context)
        finally:
            self.spent += backend_cpu(self.pid) - before


def database_time(send, times):
    """Seconds of the backend's CPU for the statements of one request, besides session and user."""
    for _ in range(min(3, times)):
        send()
    timer = DatabaseTime()
    with connection.execute_wrapper(timer):
        for _ in range(times):
            send()
    return timer.spent / times
