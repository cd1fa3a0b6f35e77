"""The health check of containers sees what a visitor would."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings

from engine.knock import knock


class Door(BaseHTTPRequestHandler):
    """Answers 200 to whoever asks for the right host."""

    def do_GET(self):
        self.send_response(200 if self.headers["Host"] == "tandem.example" else 400)
        self.end_headers()

    def log_message(self, *parts):
        """Silence."""


@pytest.fixture
def door():
    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/healthz"
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_asks_under_the_name_of_the_site(door):
    assert (knock(door, "tandem.example"), knock(door)) == (200, 400)


def test_nobody_there():
    assert knock("http://127.0.0.1:1/healthz") == 0


@pytest.mark.parametrize(
    "hosts, site, code",
    [
        ("tandem.example,other.example", "", 0),
        ("other.example", "", 1),
        (".example, *", "https://tandem.example/", 0),
        ("*, .tandem.example", "", 0),
        ("*", "", 1),
    ],
)
def test_exit_code(door, hosts, site, code):
    run = [sys.executable, "-m", "engine.knock", door]
    named = {"ALLOWED_HOSTS": hosts, "SITE_URL": site}
    assert subprocess.run(run, cwd=settings.BASE_DIR, env=named).returncode == code
