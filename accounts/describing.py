"""How an operation of the REST API is described beyond what its serializers say."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import get_args, get_origin, get_type_hints

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="1 to 255 characters of your own: the same request again within 24 hours gets the same answer",
)
PLAIN = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    bool: serializers.BooleanField,
    datetime: serializers.DateTimeField,
    date: serializers.DateField,
}


@cache
def shape(told):
    """A serializer class that describes a dataclass as asdict() tells it."""
    hints = get_type_hints(told)
    described = {field.name: _field(hints[field.name]) for field in fields(told)}
    return type(
        f"{told.__name__}Serializer", (serializers.Serializer,), {**described, "__doc__": told.__doc__}
    )


def _field(hint, **more):
    inner = [one for one in get_args(hint) if one is not NoneType]
    if NoneType in get_args(hint):
        return _field(*inner, allow_null=True)
    if isinstance(hint, type) and is_dataclass(hint):
        return shape(hint)(**more)
    if get_origin(hint) is list and isinstance(inner[0], type) and is_dataclass(inner[0]):
        return shape(inner[0])(many=True)
    if get_origin(hint) is list:
        return serializers.ListField(child=_field(inner[0]))
    if get_origin(hint) is tuple:  # of several kinds
        return serializers.ListField()
    return PLAIN[hint](**more)


class Schema(AutoSchema):
    """Names the header that makes a POST safe to send again wherever it is taken, and decimals as engine.renderers writes them."""

    def get_override_parameters(self):
        """The parameters of an operation beside those of its serializers and filters."""
        return [KEY] if self._is_idempotent() else []

    def get_response_serializers(self):
        """What a resource says that it shows, where that is more than what its rows are read as."""
        shown = getattr(self.view, "shown", None)
        if getattr(self.view, "action", "") != "list":
            shown = getattr(self.view, "whole", None) or shown
        return shown() if shown else super().get_response_serializers()

    def _is_idempotent(self):
        handler = getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None)
        return self.method == "POST" and getattr(handler, "idempotent", False)

    def _map_basic_serializer(self, serializer, direction):
        """As it is, but for the fields that its Meta names as `withheld` from some: an answer may lack them."""
        told = super()._map_basic_serializer(serializer, direction)
        withheld = getattr(getattr(serializer, "Meta", None), "withheld", ())
        if "required" in told:
            told["required"] = [name for name in told["required"] if name not in withheld]
        return told

    def _map_serializer_field(self, field, direction, bypass_extensions=False):
        if not isinstance(field, serializers.DecimalField):
            return super()._map_serializer_field(field, direction, bypass_extensions)
        field.coerce_to_string = True
        told = super()._map_serializer_field(field, direction, bypass_extensions)
        if direction == "response":  # what was worked out may have more digits than what is taken
            told.pop("pattern", None)
        return told
