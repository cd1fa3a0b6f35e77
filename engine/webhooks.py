"""Posts to addresses that people typed: with time-outs, without redirects, and never into our own network.

The name is looked up once and the connection goes to the address that was checked, so that a name that answers
differently the second time gains nothing. Hosts in settings.WEBHOOK_HOSTS ("chat.office:8443") may be private and plain.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy

TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 as seen through NAT64
TIMEOUT = 5  # seconds for each of connecting, sending and answering
LONGEST = 65_536  # bytes of an answer that are read
INSIDE = "an address inside the house"
WHY_NOT = {  # what a Refused says, for people
    "only https": gettext_lazy("Only addresses that begin with https:// are taken."),
    "not an address": gettext_lazy("This is no address."),
    "not an address of a host": gettext_lazy("This is no address of a service."),
    INSIDE: gettext_lazy(
        "This address is inside the house, so nothing is sent there. Whoever runs the server may allow it in WEBHOOK_HOSTS."
    ),
}
AT_HOME = (".localhost", ".local", ".internal", ".lan", ".home.arpa")  # names that no public server has


class Refused(ValueError):
    """An address that we do not post to; the text says why."""


def post_json(address, body):
    """POST `body` as JSON. Returns (status, the answer read as JSON, or None). Raises Refused and OSError."""
    place = check(address)
    line = _connect(place)
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    try:
        line.request(
            "POST",
            path,
            json.dumps(body, ensure_ascii=False).encode(),
            {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Tandem",
                "Connection": "close",
            },
        )
        with line.getresponse() as answer:
            return answer.status, _read(answer.read(LONGEST))
    finally:
        line.close()


def check(address):
    """The parts of an address that may be posted to, as far as it shows without asking for the name.

    Raises Refused for what is not HTTPS, names no host, or one that is plainly inside the house.
    """
    try:
        place = urlsplit(address)
        port = place.port
    except ValueError:
        raise Refused("not an address") from None
    if not place.hostname or place.username or place.password:
        raise Refused("not an address of a host")
    if place.scheme != "https" and not (place.scheme == "http" and _allowed(place.hostname, port)):
        raise Refused("only https")
    if not _allowed(place.hostname, port) and _is_inside(place.hostname):
        raise Refused(INSIDE)
    return place


def _allowed(host, port):
    return host in settings.WEBHOOK_HOSTS or f"{host}:{port}" in settings.WEBHOOK_HOSTS


def _is_inside(host):
    """Whether a host is plainly our own: a number that is not public (however it is written), or a name without a domain."""
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):  # a name
        name = host.rstrip(".")
        return "." not in name or name.endswith(AT_HOME)
    return not all(is_public(str(one[4][0])) for one in found)


def _connect(place):
    port = place.port or (443 if place.scheme == "https" else 80)
    found = socket.getaddrinfo(place.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not _allowed(place.hostname, place.port) and not all(map(is_public, addresses)):
        raise Refused(INSIDE)
    reached = socket.create_connection((addresses[0], port), TIMEOUT)
    line = http.client.HTTPConnection(place.hostname, port, timeout=TIMEOUT)
    if place.scheme == "https":
        reached = ssl.create_default_context().wrap_socket(reached, server_hostname=place.hostname)
        line.default_port = 443
    line.sock = reached
    return line


def is_public(address):
    """Whether an IP address belongs to the open internet, also behind its IPv6 writings."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    open_one = found.is_global and not found.is_multicast and found not in TRANSLATED
    return open_one and (inner is None or inner.is_global)


def _read(raw):
    try:
        return json.loads(raw)
    except ValueError:
        return None
