"""Writing JSON, fast."""

from decimal import Decimal

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer


class OrjsonRenderer(BaseRenderer):
    """JSON by orjson. Decimals become strings, so that no client rounds money."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """The bytes of the answer; none at all for no data (204)."""
        if data is None:
            return b""
        try:
            return orjson.dumps(data, default=plain, option=orjson.OPT_NON_STR_KEYS)
        except orjson.JSONEncodeError:  # a whole number beyond 64 bits, which somebody else's hand put there
            return orjson.dumps(_within(data), default=plain, option=orjson.OPT_NON_STR_KEYS)


def _within(value):
    """The same with texts for whole numbers beyond 64 bits."""
    if isinstance(value, dict):
        return {key: _within(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_within(inner) for inner in value]
    return str(value) if isinstance(value, int) and not -(2**63) <= value < 2**64 else value


def plain(value):
    """What orjson does not know by itself, as something it does."""
    if isinstance(value, Decimal):
        return f"{value:f}"  # never 1E-8
    if isinstance(value, Promise):
        return str(value)
    if hasattr(value, "__iter__"):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
