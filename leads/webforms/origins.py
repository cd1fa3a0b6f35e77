"""Where a post came from: the site that showed the form, and the visitor's address as a keyed hash."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

ORIGIN = re.compile(r"https?://(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+)(:\d{1,5})?")


def origins(web_form):
    """The origins that may embed the form or post to it."""
    return web_form.hosts.split()


def normalised(text):
    """ "www.acme.example/contact" → "https://www.acme.example". Raises ValueError for what is no site."""
    text = text.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    if not ORIGIN.fullmatch(origin):
        raise ValueError(text)
    return origin


def origin_of(request):
    """The origin that the browser names, "" where it names none."""
    named = request.headers.get("Origin", "")
    if named in ("", "null"):
        parts = urlsplit(request.headers.get("Referer", ""))
        named = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return named.lower()[:200]


def address_of(request):
    """64 hex digits that stand for the visitor's address; the same address gives the same digits."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    return salted_hmac("leads.webforms.address", address, algorithm="sha256").hexdigest()
