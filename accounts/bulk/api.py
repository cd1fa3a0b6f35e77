"""The same change to many records in the REST API."""

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Invalid
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.bulk.choices import MOST, NOTHING, key_of
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent


class ManySerializer(Heard, serializers.Serializer):
    """Which records, what of them, and the new value: a key, a day or a text; null for none. `preview` changes nothing."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=MOST
    )
    change = serializers.SlugField(max_length=40)
    value = serializers.CharField(max_length=300, allow_null=True, allow_blank=True, default=None)
    preview = serializers.BooleanField(default=False)


class StayedSerializer(serializers.Serializer):
    """A record that stays as it is, and why."""

    id = serializers.IntegerField()
    why = serializers.CharField()


class BeforeSerializer(serializers.Serializer):
    """A record that changed, with the value it had: sent back as `value`, it is as it was."""

    id = serializers.IntegerField()
    before = serializers.CharField(allow_null=True)


class ManyAnswerSerializer(serializers.Serializer):
    """What became of the records, or with `preview` what would; those that have the value already are in neither list."""

    changed = BeforeSerializer(many=True)
    stayed = StayedSerializer(many=True)


class InBulk:
    """Mixed into a Resource: POST …/many/ changes many records as the list's page does. `changes` is the accounts.bulk.Bulk."""

    changes = None

    @extend_schema(request=ManySerializer, responses=ManyAnswerSerializer)
    @action(detail=False, methods=["post"])
    @idempotent
    def many(self, request):
        """Change one thing of many records; each that stays says why."""
        asked = checked(ManySerializer(data=request.data))
        choice = self.changes.choice(asked["change"])
        if choice is None:
            names = ", ".join(one.name for one in self.changes.choices)
            raise ValidationError({"change": f"One of: {names}."})
        if not request.user.has_perm(choice.permission):
            raise PermissionDenied
        if len(asked["ids"]) > choice.most:
            raise ValidationError({"ids": _("Send at most %(most)d at once.") % {"most": choice.most}})
        value = _value(choice, request.user, asked["value"])
        if asked["preview"]:
            return Response(_foreseen(self.changes, choice, asked["ids"], value, request.user))
        done = self.changes.change(choice, asked["ids"], value, by=request.user, at=timezone.now())
        return Response({"changed": _before(done.before), "stayed": _stayed(done.stayed.items())})


def _value(choice, user, sent):
    try:
        return key_of(choice.field(user).clean(NOTHING if sent is None else sent))
    except Invalid as error:
        raise ValidationError({"value": error.messages}) from None


def _foreseen(bulk, choice, ids, value, user):
    found = bulk.forecast(choice, ids, by=user, value=value)
    now = choice.now(choice, [record for record, _shown in found.changing])
    changing = {pk: was for pk, was in now.items() if was != value}
    return {"changed": _before(changing), "stayed": _stayed((one.pk, why) for one, why in found.staying)}


def _before(values):
    return [{"id": pk, "before": None if was is None else str(was)} for pk, was in values.items()]


def _stayed(pairs):
    return [{"id": pk, "why": str(why)} for pk, why in pairs]
