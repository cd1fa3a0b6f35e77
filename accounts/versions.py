"""Versions of a record in the API: ETag says what a client saw, If-Match that it writes only onto that.

The tag stands for the values that a client may change, not for what the engine keeps beside them. Who sends no
If-Match is taken at their word.
"""

from hashlib import sha256

import orjson
from django.utils import timezone
from rest_framework.exceptions import APIException

from engine.renderers import plain
from ui import changes


class Changed(APIException):
    """412: somebody else changed the record after the client read it. Both values stand beside the problem."""

    status_code = 412
    default_code = "changed"

    def __init__(self, thing, tag, sent, row):
        self.differs = {
            name: {"yours": value, "theirs": row[name]}
            for name, value in sent.items()
            if name in row and plain_text(value) != plain_text(row[name])
        }
        self.tag = tag
        super().__init__(changes.who_and_when([thing], list(self.differs or row), timezone.now()))


def plain_text(value):
    """A value as JSON writes it, numbers and texts of numbers alike."""
    return orjson.dumps(value, default=plain, option=orjson.OPT_NON_STR_KEYS).decode().strip('"')


def tag_of(row, names):
    """The ETag of a row: `names` are what of it may be changed."""
    values = [row.get(name) for name in names]
    return f'"{sha256(orjson.dumps(values, default=plain, option=orjson.OPT_SORT_KEYS)).hexdigest()[:20]}"'


def matches(header, tag):
    """Whether an If-Match header allows the change. A tag may come back weak, as compression makes it."""
    asked = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in asked or tag in asked
