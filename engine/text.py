"""Text that may be stored, logged or put in a header."""

import re

SURROGATE = re.compile("[\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def is_storable(text):
    """Whether PostgreSQL can hold it: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not SURROGATE.search(text)


def storable(text):
    """The text without what PostgreSQL cannot hold."""
    return SURROGATE.sub("", text.replace("\x00", ""))


def one_line(text, longest=None):
    """The text on one line, as a header or a log line needs it; cut to `longest` characters."""
    line = CONTROL.sub(" ", SURROGATE.sub("", str(text))).strip()
    return line[:longest]
