"""Posts to typed addresses: what is refused, what arrives at a real server."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from engine import webhooks


class Listener(BaseHTTPRequestHandler):
    """Keeps what it is sent; answers as its server says."""

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.heard.append((self.path, json.loads(self.rfile.read(length))))
        status, answer = self.server.answer
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *said):
        """Say nothing."""


@pytest.fixture
def listener(settings):
    """A server on this machine, on the list of hosts that may be private."""
    server = HTTPServer(("127.0.0.1", 0), Listener)
    server.heard, server.answer = [], (200, b'{"errcode": 0}')
    server.address = f"http://127.0.0.1:{server.server_port}"
    settings.WEBHOOK_HOSTS = [f"127.0.0.1:{server.server_port}"]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_post_arrives_with_its_path_and_query(listener):
    answer = webhooks.post_json(f"{listener.address}/send?key=1", {"text": "Чай 茶"})
    assert answer == (200, {"errcode": 0})
    assert listener.heard == [("/send?key=1", {"text": "Чай 茶"})]


def test_a_redirect_is_not_followed_and_no_json_is_nothing(listener):
    listener.answer = (302, b"<html>")
    assert webhooks.post_json(f"{listener.address}/send", {}) == (302, None)
    assert len(listener.heard) == 1


def test_what_is_not_on_the_list_stays_outside_the_house(listener, settings):
    settings.WEBHOOK_HOSTS = []
    with pytest.raises(webhooks.Refused, match="only https"):
        webhooks.post_json(f"{listener.address}/send", {})
    for host in ("127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]"):
        with pytest.raises(webhooks.Refused, match="inside the house"):
            webhooks.post_json(f"https://{host}:{listener.server_port}/send", {})
    assert listener.heard == []


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "https://",
        "https://u:p@a.example/",
        "https://a:x/",
        "https://chat/",
        "https://chat.local./x",
        "https://192.168.1.1/x",
        "https://127.1/",
        "https://[fd00::1]:8443/",
        "http://8.8.8.8/",
    ],
)
def test_what_is_no_address_of_a_service(address):
    with pytest.raises(webhooks.Refused):
        webhooks.check(address)


def test_a_name_is_not_asked_for_where_an_address_is_only_looked_at(settings):
    for address in ("https://nobody.example/x", "https://8.8.8.8/hook"):
        assert webhooks.check(address).scheme == "https"
    settings.WEBHOOK_HOSTS = ["chat.office:8443", "192.168.1.1", "chat"]
    for address in ("http://chat.office:8443/x", "https://192.168.1.1/x", "http://chat/x"):
        assert webhooks.check(address).path == "/x"


@pytest.mark.parametrize(
    "address, public",
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert webhooks.is_public(address) is public


def test_nobody_there_is_an_error(listener, settings):
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    with pytest.raises(ConnectionRefusedError):
        webhooks.post_json("http://127.0.0.1:9/send", {})
