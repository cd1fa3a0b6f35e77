"""What may be wrong with a statement though every line of it is right."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.commission.measuring import LOT
from reports.models.base import ALL
from ui import formats


def overlaps(found, settled=()):
    """Sentences on campaigns that are measured against a baseline over the same months and places: both may claim the same.

    `settled`: the lines of other quarters, which may have claimed it already.
    """
    weaker = [one for one in found.lines if one.scope.kind != LOT and not one.why]
    before = [
        one
        for one in settled
        if one.scope.kind != LOT and not one.why and one.scope not in {line.scope for line in weaker}
    ]
    return [
        _(
            "%(one)s and %(other)s were measured over the same months and regions: what both brought may count twice."
        )
        % {"one": one.name, "other": other.name}
        for number, one in enumerate(weaker)
        for other in [*weaker[number + 1 :], *before]
        if _meet(one.scope, other.scope)
    ]


def _meet(one, other):
    """Do the months, regions and segments of two scopes meet?"""
    return (
        one.first < other.last
        and other.first < one.last
        and (not one.regions or not other.regions or bool(set(one.regions) & set(other.regions)))
        and (ALL in (one.segment, other.segment) or one.segment == other.segment)
    )


def endless(found):
    """A sentence on campaigns that end in no quarter; "" without any."""
    if not found.endless:
        return ""
    said = ngettext(
        "%(count)s campaign with a baseline has no last day, and counts in no quarter before it has one: %(names)s.",
        "%(count)s campaigns with a baseline have no last day, and count in no quarter before they have one: %(names)s.",
        len(found.endless),
    )
    names = formats.listed([name for _pk, name in found.endless])
    return said % {"count": formats.number(len(found.endless)), "names": names}
