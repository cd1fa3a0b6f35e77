"""Living audiences in the REST API: conditions kept under a name, and their people, channels and interests as of now."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.resources import Writable
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from leads.live import channels, drawing, interests, people
from leads.live.conditions import askable, cleaned
from leads.models import LiveAudience
from pipeline.models import Campaign
from ui.filters import FilterSet


class LiveAudienceSerializer(serializers.ModelSerializer):
    """An audience. `conditions`: `stages`, `grades`, `channels`, `touch_kinds`, `campaigns`, `products`, `segments`, `regions`, `usage`,
    `touch_campaigns` and `touch_products` are lists of codes, `engagement`, `captured_days` and `touch_days` numbers, `customers`
    is "customers" or "others", `own` a list of {`field`, `operator`, `value`} as in score rules. All that is asked must be met.
    """

    conditions = serializers.JSONField()

    class Meta:
        model = LiveAudience
        fields = ["id", "name", "note", "owner", "conditions", "created_at"]

    def validate_conditions(self, given):
        """Without what asks nothing."""
        try:
            return cleaned(given)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None


class AudiencePersonSerializer(serializers.Serializer):
    """Somebody who belongs: the pass they are in, how warm it is now, who has it, and the next step."""

    lead = serializers.IntegerField(source="id")
    contact = serializers.IntegerField()
    name = serializers.CharField(source="contact__full_name")
    company = serializers.CharField(source="contact__company__name", allow_null=True)
    grade = serializers.CharField(source="grade_now")
    engagement = serializers.FloatField(allow_null=True)
    stage = serializers.CharField()
    owner = serializers.CharField(source="owner__full_name", allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
    step = serializers.CharField(allow_null=True)
    step_due_at = serializers.DateTimeField(allow_null=True)


class AudienceConsentSerializer(serializers.Serializer):
    """What people last said of being written to over a channel; empty for any."""

    channel = serializers.CharField(allow_blank=True)
    given = serializers.IntegerField()
    silent = serializers.IntegerField()
    withdrawn = serializers.IntegerField()


class AudienceAnswerSerializer(serializers.Serializer):
    """People who did something by a channel or for a campaign in ninety days, how often, and in the last seven."""

    channel = serializers.CharField(allow_blank=True)
    campaign = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    people = serializers.IntegerField()
    touches = serializers.IntegerField()
    week = serializers.IntegerField()


class AudienceChannelsSerializer(serializers.Serializer):
    """Size, whom a way reaches (without those who withdrew), consent and answers."""

    people = serializers.IntegerField()
    email = serializers.IntegerField()
    mobile = serializers.IntegerField()
    wechat = serializers.IntegerField()
    consents = AudienceConsentSerializer(many=True)
    channels = AudienceAnswerSerializer(many=True)
    campaigns = AudienceAnswerSerializer(many=True)


class AudienceInterestSerializer(serializers.Serializer):
    """A thing, how many people show interest in it, and how that changes; `direction` is up, down, new or empty."""

    kind = serializers.CharField()
    what = serializers.CharField()
    words = serializers.CharField()
    people = serializers.IntegerField()
    weight = serializers.FloatField()
    week = serializers.IntegerField()
    before = serializers.IntegerField()
    trend = serializers.FloatField(allow_null=True)
    direction = serializers.CharField(allow_blank=True)


class AudienceInterestsSerializer(serializers.Serializer):
    """By kind. `hidden`: things that fewer than `fewest` people show interest in, of which nothing is told."""

    half_life = serializers.FloatField()
    hidden = serializers.IntegerField()
    fewest = serializers.IntegerField()
    product = AudienceInterestSerializer(many=True)
    answer = AudienceInterestSerializer(many=True)
    lost = AudienceInterestSerializer(many=True)
    returned = AudienceInterestSerializer(many=True)


class AudienceUseSerializer(Heard, serializers.Serializer):
    """For which campaign; `held_percent` of a lot that is not there yet, 10 without it."""

    campaign = serializers.PrimaryKeyRelatedField(queryset=Campaign.objects.all())
    held_percent = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=50, default=None
    )


class AudienceDrawnSerializer(serializers.Serializer):
    """How many came new."""

    drawn = serializers.IntegerField()


class LiveAudienceFilters(FilterSet):
    class Meta:
        model = LiveAudience
        fields = ["owner"]


class LiveAudienceResource(Writable):
    """Audiences that live: whoever meets the conditions belongs."""

    queryset = LiveAudience.objects.all()
    serializer_class = LiveAudienceSerializer
    filterset_class = LiveAudienceFilters
    order = ("name", "id")
    may = {
        **dict.fromkeys(("create", "partial_update", "destroy"), "leads.change_audience"),
        "use": "leads.draw_audience",
    }

    def destroy(self, request, pk):
        """Take it away; what was drawn from it stays."""
        self.get_permitted().delete()
        return Response(status=204)

    @extend_schema(responses=AudiencePersonSerializer(many=True))
    @action(detail=True, methods=["get"], filter_backends=[])
    def people(self, request, pk):
        """The people of it whom the caller may see, the hottest now first."""
        asked, at = self._asked()
        self.order = ("-heat", "-id")
        rows = self.paginate_queryset(people.seen_by(request.user, asked, at).values(*people.NAMED))
        return self.get_paginated_response(AudiencePersonSerializer(rows, many=True).data)

    @extend_schema(responses=AudienceChannelsSerializer)
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def channels(self, request, pk):
        """How it may be reached and what it answers to."""
        return Response(channels.of(*self._asked()).as_dict())

    @extend_schema(responses=AudienceInterestsSerializer)
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def interests(self, request, pk):
        """What it is interested in, without names."""
        return Response(interests.of(*self._asked()).as_dict())

    @extend_schema(request=AudienceUseSerializer, responses=AudienceDrawnSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def use(self, request, pk):
        """Draw whoever belongs now into the lot of a campaign."""
        asked, at = self._asked()
        said = checked(AudienceUseSerializer(data=request.data))
        return Response({"drawn": drawing.use(asked, **said, by=request.user, at=at)})

    def _asked(self):
        return askable(self.get_permitted().conditions), timezone.now()
