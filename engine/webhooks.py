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

TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 as seen through NAT64
TIMEOUT = 5  # seconds for each of connecting, sending and answering
LONGEST = 65_536  # bytes of an answer that are read


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
    """The parts of an address that may be posted to. Raises Refused for what is not HTTPS, or names no host."""
    try:
        place = urlsplit(address)
        port = place.port
    except ValueError:
        raise Refused("not an address") from None
    if not place.hostname or place.username or place.password:
        raise Refused("not an address of a host")
    if place.scheme != "https" and not (place.scheme == "http" and _allowed(place.hostname, port)):
        raise Refused("only https")
    return place


def _allowed(host, port):
    return host in settings.WEBHOOK_HOSTS or f"{host}:{port}" in settings.WEBHOOK_HOSTS


def _connect(place):
    port = place.port or (443 if place.scheme == "https" else 80)
    found = socket.getaddrinfo(place.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not _allowed(place.hostname, place.port) and not all(map(is_public, addresses)):
        raise Refused("an address inside the house")
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
