"""How the organisation begins, in the REST API: the ways to sell, and the day from which figures count."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts import organisation
from accounts.api.house import OrganisationResource, OrganisationSerializer
from accounts.models import Organisation
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from leads.first_run import presets


class PresetSerializer(Heard, serializers.Serializer):
    """How the house sells, and whether one head leads both tracks or two sign an agreement."""

    preset = serializers.ChoiceField([(name, preset.label) for name, preset in presets.PRESETS.items()])
    heads = serializers.ChoiceField([1, 2])


class PresetTakenSerializer(OrganisationSerializer):
    """The organisation; `agreement_changed` unless somebody has signed already: later versions are drafted and signed."""

    agreement_changed = serializers.BooleanField(read_only=True)

    class Meta(OrganisationSerializer.Meta):
        fields = [*OrganisationSerializer.Meta.fields, "agreement_changed"]


class LiveSerializer(Heard, serializers.Serializer):
    """The day from which figures count, and whether offers are only suggested until then."""

    shadow = serializers.BooleanField()
    live_on = serializers.DateField()


class HouseResource(OrganisationResource):
    __doc__ = OrganisationResource.__doc__

    may = {**OrganisationResource.may, **dict.fromkeys(("preset", "live"), "accounts.change_organisation")}

    @extend_schema(request=PresetSerializer, responses=PresetTakenSerializer)
    @idempotent
    def preset(self, request):
        """Take the level and the first agreement of a way to sell, as the first run does."""
        said = checked(PresetSerializer(data=request.data))
        changed = presets.take(said["preset"], said["heads"])
        answer = self.retrieve(request)
        answer.data["agreement_changed"] = changed
        return answer

    @extend_schema(request=LiveSerializer)
    @idempotent
    def live(self, request):
        """Set the day from which figures count."""
        Organisation.objects.update(**checked(LiveSerializer(data=request.data)))
        organisation.forget()
        return self.retrieve(request)
