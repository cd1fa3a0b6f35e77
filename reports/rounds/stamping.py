"""What a round says to whoever signs it, as a stamp: nobody signs what they have not read."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads import signing
from leads.signing import NotToSign
from reports.models import RoundTarget
from ui.formats import listed

CELL = ("month", "measure", "region", "segment", "before", "amount")
TERMS = {
    "cells": gettext_lazy("What it changes"),
    "why": gettext_lazy("Why"),
    "asked_by": gettext_lazy("Asked by"),
}


def stamp(found):
    """The stamp of a TargetRound."""
    told = {"id": found.pk, "why": found.why, "asked_by": found.asked_by}
    return stamps([told])[found.pk]


def stamps(rows):
    """{round id: its stamp} of values() of rounds, in one statement."""
    cells = {row["id"]: [] for row in rows}
    asked = RoundTarget.objects.filter(round__in=cells).order_by("month", "measure", "region", "segment")
    for pk, *cell in asked.values_list("round", *CELL):
        cells[pk].append([str(one) for one in cell])
    return {
        row["id"]: signing.stamp({"cells": cells[row["id"]], "why": row["why"], "asked_by": row["asked_by"]})
        for row in rows
    }


def as_seen(found, seen):
    """Raise NotToSign where a round says something else than what the stamp `seen` stands for; "": nobody asks."""
    names = signing.changed_since(seen, stamp(found)) if seen else []
    if names:
        said = _(
            "It was changed after you opened it, and nothing is signed. Read these again, then sign: %(terms)s."
        )
        raise NotToSign(said % {"terms": listed([str(TERMS[name]) for name in names])})
