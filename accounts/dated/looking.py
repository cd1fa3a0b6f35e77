"""Looking up what was so, is so and will be, and for how long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Window
from django.db.models.functions import Lead

from accounts.dated.registry import facts
from accounts.models import DatedFact


@dataclass(frozen=True)
class Stretch:
    """A fact of a subject in [since, until), `until` None where no end is known. `pk` is the row that begins it.

    `told` are the words of the value, "" for none.
    """

    pk: int
    what: str
    subject: int
    value: Any
    told: str
    since: datetime
    until: datetime | None
    by: str
    reorganisation: Any


def values(what, moment, subjects=()) -> dict[int, Any]:
    """{subject: value} at a moment: of all, or of these; of whom nothing was dated by then it says nothing."""
    return dict(DatedFact.objects.of(what, *subjects).in_force(moment).values_list("subject", "value"))


def stretches(queryset) -> list[Stretch]:
    """[Stretch] of these facts (all rows of each subject), the newest first."""
    following = Window(Lead("since"), partition_by=("what", "subject"), order_by="since")
    rows = queryset.annotate(until=following).select_related("by", "reorganisation").order_by("-since", "-pk")
    rows = list(rows)
    words = tell((row.what, row.value) for row in rows)
    return [
        Stretch(
            row.pk, row.what, row.subject, row.value, words[row.what, key(row.value)], row.since, row.until,
            str(row.by or ""), row.reorganisation,
        )
        for row in rows
    ]  # fmt: skip


def tell(pairs) -> dict[tuple[str, Any], str]:
    """{(what, value): its words} of pairs of a fact's name and a value; sets of ids by the tuple of them. One statement a kind."""
    of: dict[str, list] = {}
    for what, value in pairs:
        of.setdefault(what, []).append(value)
    found = {}
    for what, several in of.items():
        words = facts()[what].told(several)
        for value in several:
            found[what, key(value)] = str(words.get(key(value), "–" if value else ""))
    return found


def key(value):
    """A value by which its words are kept: sets of ids as a tuple."""
    return tuple(value) if isinstance(value, list) else value
