"""Reading JSON from strangers."""

import re

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from engine.refusals import TooLarge
from engine.renderers import OrjsonRenderer

DEEPEST = 32
LARGEST = 2**53  # from here on a double no longer tells a whole number from its neighbour
LONG = re.compile(rb"\d{16}|\d[eE]")  # what may be beyond it


class SafeJSONParser(BaseParser):
    """JSON of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes and 32 levels, without NUL, broken surrogates and inexact numbers."""

    media_type = "application/json"
    renderer_class = OrjsonRenderer

    def parse(self, stream, media_type=None, parser_context=None):
        """The parsed value. Raises ParseError (400) or TooLarge (413)."""
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge(
                _("At most %(bytes)d bytes are taken at once.")
                % {"bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
            )
        return self.read(raw)

    def read(self, raw):
        """The parsed bytes."""
        return loads(raw)


class RowsJSONParser(SafeJSONParser):
    """The same for a list of rows that stand or fall alone: who reads them refuses each that is `unstorable`."""

    def read(self, raw):
        """The parsed bytes."""
        return loads(raw, rows=True)


def loads(raw, rows=False):
    """Parse bytes of JSON; what is unstorable within is let through only where `rows` says so. Raises ParseError."""
    try:
        value = orjson.loads(raw)  # refuses broken UTF-8, lone surrogates, NaN and more than 1,024 levels
    except orjson.JSONDecodeError as error:
        raise ParseError(_("This is not JSON: %(error)s") % {"error": error}) from None
    suspicious = raw.count(b"{") + raw.count(b"[") > DEEPEST or b"\\u0000" in raw or LONG.search(raw)
    if suspicious and (told := unstorable(value)) and not rows:
        raise ParseError(told)
    return value


def unstorable(value):
    """Why some text or number within cannot be stored as it came, None where all can. Raises ParseError as holds_nul."""
    if holds_nul(value):
        return _("Text must not hold the character NUL.")
    number = inexact(value)
    if number is None:
        return None
    told = _("The number %(number)s is too large to be kept to the last digit: send it as text.")
    return told % {"number": number}


def inexact(value):
    """The first number within beyond LARGEST, which not every reader of JSON reads back as it was, else None."""
    level = [value]
    while level:
        for item in level:
            if isinstance(item, int | float) and abs(item) > LARGEST:
                return item
        level = [inner for item in level for inner in _inside(item)]
    return None


def holds_nul(value):
    """Whether any text or key within holds NUL. Raises ParseError where it is nested too deeply."""
    level, found = [value], False
    for _depth in range(DEEPEST + 1):
        found = found or any(isinstance(item, str) and "\x00" in item for item in level)
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return found
    raise ParseError(_("This is nested more than %(levels)d levels deep.") % {"levels": DEEPEST})


def _inside(item):
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    return item if isinstance(item, list) else ()
