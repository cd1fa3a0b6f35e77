"""Somebody leaves, in the REST API: access ends, and what was in their hands goes on, both or neither."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts import people
from accounts.api.people import PersonResource, PersonSerializer
from accounts.unheard import bodiless
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import handoffs


class LeaverSerializer(PersonSerializer):
    """Somebody who left, and how many leads went on to others."""

    released = serializers.IntegerField(read_only=True)

    class Meta(PersonSerializer.Meta):
        fields = [*PersonSerializer.Meta.fields, "released"]


class PeopleResource(PersonResource):
    __doc__ = PersonResource.__doc__

    may = {**PersonResource.may, "leave": "leads.release_person"}

    @extend_schema(request=None, responses=LeaverSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def leave(self, request, pk):
        """End somebody's access at once and route their leads anew; 409 for the last administrator.

        Open deals go to the head of the team. Campaigns, companies and steps keep their owner: hand the book over first.
        """
        with transaction.atomic():
            leaver, at = self.hold(self.get_permitted()), timezone.now()
            try:
                people.deactivate(leaver, at)
            except people.LastAdministrator:
                raise Conflict(_("At least one administrator must stay.")) from None
            released = handoffs.release(leaver, by=request.user, at=at)
        answer = self.row(pk)
        answer.data["released"] = released
        return answer
