"""The lists of lost deals: of one reason, in one stage, to one rival."""

import re
from hashlib import md5

from django.db.models.functions import MD5

from reports.behind.which import closed
from reports.models import CountedDeal

NAME = re.compile(r"lost-(all|\d{1,18})(?:-at-(\d{1,18})|-to-([0-9a-f]{32}))?")


def of_losses(name):
    """The Behind that a name asks for, None where it is no such name.

    `lost-7` holds the deals lost for the outcome reason 7 (0: none was told), `lost-all` those of every reason; `lost-7-at-2` those of them
    that were lost in the stage 2, `lost-7-to-…` those that somebody else got: the MD5 of the name.
    """
    found = NAME.fullmatch(name)
    if found is None:
        return None
    reason, stage, rival = found.groups()
    which = {} if reason == "all" else {"reason": int(reason)}
    if stage:
        which["lost_at"] = int(stage)
    if not rival:
        return closed("lost", **which)
    plain = closed("lost", **which)
    return type(plain)(
        plain.kind,
        lambda rows, choice: plain.counted(rows, choice).alias(digest=MD5("rival")).filter(digest=rival),
        plain.order,
    )


def named(rival):
    """[the rival that a list names so]; [] where there is none."""
    known = CountedDeal.objects.filter(outcome="lost").exclude(rival="").alias(digest=MD5("rival"))
    return known.filter(digest=rival).values_list("rival", flat=True)[:1] if rival else []


def digest(rival):
    """How a list names a rival."""
    return md5(rival.encode(), usedforsecurity=False).hexdigest()
