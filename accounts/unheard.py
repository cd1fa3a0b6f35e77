"""What a request sends and the resource does not take: refused, with the address that does it, never passed over in silence."""

import orjson
from django.utils.translation import gettext as _

from engine.renderers import OrjsonRenderer


def refusals(sent, row, address, elsewhere):
    """{field: why} of the fields in `sent`, none of which PATCH takes.

    `row` is the record as it is shown: a field sent back as it stands is no change, and passes. `elsewhere` names the
    actions below `address`, or the addresses, by which a field does change.
    """
    shown = orjson.loads(OrjsonRenderer().render(row))
    wrong = {}
    for name, value in sent.items():
        if name in shown and (shown[name] == value or str(shown[name]) == str(value)):
            continue
        if name in elsewhere:
            wrong[name] = pointer(address, elsewhere[name])
        elif name in shown:
            wrong[name] = _("This cannot be changed.")
        else:
            wrong[name] = _("There is no such field.")
    return wrong


def pointer(address, ways):
    """Where the field is changed: "POST /api/v1/deals/7/move/"."""
    told = (way if way.startswith("/") else f"{address}{way}/" for way in ways)
    return _("This is changed by its own action: %(ways)s") % {
        "ways": ", ".join(f"POST {way}" for way in told)
    }
