"""Whether a text keeps to what both heads have signed: it finds wordings, and understands nothing."""

import re
from dataclasses import dataclass

from pipeline.models import Statement, StatementKind

QUOTES = "[\"'«»\u201e\u201c\u201d\u2018\u2019\u300c\u300d\u300e\u300f]"
STOPS = ".!\u3002\uff01"


@dataclass(frozen=True)
class Finding:
    """A statement whose words stand in the text; `wrong` where they should not: what we do not say, or say no more."""

    statement: Statement
    wrong: bool
    instead: str


def check(text, day):
    """[Finding] of a text on a day, wrong ones first.

    Words are compared whatever their case, spaces and quotation marks. A wording counts where no letter or digit of an alphabet goes on
    at its ends; Chinese has no such ends. Inflected words of Russian are not found.
    """
    plain = _plain(text)
    known = Statement.objects.with_signatures().filter(signed=2).prefetch_related("replaced_by")
    found = [_finding(one, day) for one in known.order_by("pk") if _stands_in(_plain(one.text), plain)]
    return sorted(found, key=lambda one: not one.wrong)


def _finding(one, day):
    over = one.retired_at is not None or (one.until is not None and one.until < day)
    if one.kind == StatementKind.AVOID:
        # what was retired may be said again
        return Finding(one, not over, "" if over else one.proof)
    newer = [other.text for other in one.replaced_by.all() if other.retired_at is None] if over else []
    return Finding(one, over, newer[0] if newer else "")


def _plain(text):
    """Lower case, one space between words, no quotation marks and no full stop at the end."""
    return " ".join(re.sub(QUOTES, "", text.casefold()).split()).rstrip(STOPS)


def _stands_in(words, text):
    if not words:
        return False
    before = r"(?<![^\W_])" if _alphabetic(words[0]) else ""
    after = r"(?![^\W_])" if _alphabetic(words[-1]) else ""
    return re.search(before + re.escape(words) + after, text) is not None


def _alphabetic(letter):
    """Whether words of its script have ends that are seen: not so in Chinese."""
    return letter.isalnum() and not "\u2e80" <= letter <= "\uffdc"
