"""What a request sends and nobody would hear: refused, with the address that does it, never passed over in silence."""

from functools import wraps

import orjson
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from engine.renderers import OrjsonRenderer


class Heard(serializers.Serializer):
    """Mixed into a Serializer that takes a request's body: a name that it does not take is refused, whatever its value.

    By PATCH a field sent back as it stands is no change: that is for `refusals` to tell.
    """

    def to_internal_value(self, sent):
        """The values as they are stored. Raises ValidationError."""
        if wrong := self._unheard(sent) if isinstance(sent, dict) and not self.root.partial else {}:
            raise ValidationError(wrong)
        return super().to_internal_value(sent)

    def _unheard(self, sent):
        strange = {name: [_("There is no such field.")] for name in sent if name not in self.fields}
        given = [name for name in sent if name not in strange and self.fields[name].read_only]
        return strange | {name: [_("This is not taken: Tandem sets it.")] for name in given}


def bodiless(handler):
    """Decorates a method of an API view whose POST says everything by its address: a body with fields is refused."""

    @wraps(handler)
    def heard(view, request, *args, **kwargs):
        if said := request.data:
            names = list(said) if isinstance(said, dict) else [""]
            raise ValidationError({name: [_("This request takes no fields.")] for name in names})
        return handler(view, request, *args, **kwargs)

    heard.bodiless = True  # type: ignore[attr-defined]  # a mark on the function
    return heard


def checked(shape):
    """What a request says to the serializer `shape`, which holds its data: a dict, or a list with many=True.

    Raises ValidationError, with the field.
    """
    shape.is_valid(raise_exception=True)
    return shape.validated_data


def refusals(sent, row, address, elsewhere):
    """{field: why} of the fields in `sent`, none of which PATCH takes.

    `row` is the record as it is shown: a field sent back as it stands is no change, and passes. `elsewhere` names the
    actions below `address`, or the addresses, by which a field does change.
    """
    shown = orjson.loads(OrjsonRenderer().render(row))
    changed = {
        name: value
        for name, value in sent.items()
        if name not in shown or (shown[name] != value and str(shown[name]) != str(value))
    }
    return why(changed, shown, address, elsewhere)


def why(names, shown, address, elsewhere):
    """{field: why} it is not taken; `shown` are the fields of an answer, `address` and `elsewhere` as in `refusals`."""
    wrong = {}
    for name in names:
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
