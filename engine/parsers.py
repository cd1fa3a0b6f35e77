"""Reading JSON from strangers."""

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from engine.refusals import TooLarge
from engine.renderers import OrjsonRenderer

DEEPEST = 32


class SafeJSONParser(BaseParser):
    """JSON of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes and 32 levels, without NUL and broken surrogates."""

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
    """The same for a list of rows that stand or fall alone: who reads them refuses each that `holds_nul`."""

    def read(self, raw):
        """The parsed bytes."""
        return loads(raw, nul=True)


def loads(raw, nul=False):
    """Parse bytes of JSON; text may hold the character NUL only where `nul` says so. Raises ParseError."""
    try:
        value = orjson.loads(raw)  # refuses broken UTF-8, lone surrogates, NaN and more than 1,024 levels
    except orjson.JSONDecodeError as error:
        raise ParseError(_("This is not JSON: %(error)s") % {"error": error}) from None
    suspicious = raw.count(b"{") + raw.count(b"[") > DEEPEST or b"\\u0000" in raw
    if suspicious and holds_nul(value) and not nul:
        raise ParseError(_("Text must not hold the character NUL."))
    return value


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
