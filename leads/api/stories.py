"""Win stories in the REST API: read, ask, tell, decline, helps; the same verbs as the pages."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied

from accounts.doors import require
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import stories
from leads.consulting import Refused
from leads.models import UseOfStory, WinStory
from pipeline.models import Deal
from ui.filters import FilterSet


class WinStorySerializer(serializers.ModelSerializer):
    """How a deal was won: asked for, then told or declined. `use`: what the customer lets marketing do with it."""

    class Meta:
        model = WinStory
        fields = [
            "id",
            "deal",
            "winner",
            "asked_at",
            "declined_at",
            "told_at",
            *stories.TEXTS,
            "use",
            "use_note",
        ]


class AskStorySerializer(Heard, serializers.Serializer):
    """The won deal whose story is wanted."""

    deal = serializers.PrimaryKeyRelatedField(queryset=Deal.objects.all())


class TellSerializer(Heard, serializers.Serializer):
    """What is told; only what convinced them has to be said. A use that the customer agreed to needs its note."""

    targeted = serializers.CharField(max_length=1000, default="", allow_blank=True)
    decided = serializers.CharField(max_length=1000, default="", allow_blank=True)
    convinced = serializers.CharField(max_length=1000)
    nearly_lost = serializers.CharField(max_length=1000, default="", allow_blank=True)
    lesson = serializers.CharField(max_length=1000, default="", allow_blank=True)
    use = serializers.ChoiceField(UseOfStory.choices, default=UseOfStory.UNASKED)
    use_note = serializers.CharField(max_length=300, default="", allow_blank=True)


class StoryFilters(FilterSet):
    told = django_filters.BooleanFilter(field_name="told_at", lookup_expr="isnull", exclude=True)
    segment = django_filters.NumberFilter(field_name="deal__company__segment")
    product = django_filters.NumberFilter(field_name="deal__product")

    class Meta:
        model = WinStory
        fields = ["deal", "winner", "use"]


class StoryResource(Resource):
    """How deals were won, for the others."""

    queryset = WinStory.objects.all()
    serializer_class = WinStorySerializer
    filterset_class = StoryFilters

    @extend_schema(request=AskStorySerializer, responses={201: WinStorySerializer})
    @idempotent
    def create(self, request):
        """Ask whoever won a deal for its story, once."""
        deal = checked(AskStorySerializer(data=request.data))["deal"]
        if not Deal.objects.visible_to(request.user).filter(pk=deal.pk).exists():
            raise PermissionDenied
        require(request, "leads.ask_story", deal)
        self._do(stories.ask, deal, at=timezone.now())
        return self.row(WinStory.objects.get(deal=deal).pk, status=201)

    @extend_schema(request=TellSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def tell(self, request, pk):
        """Tell it, or tell it better."""
        found = self._told_by()
        said = checked(TellSerializer(data=request.data))
        use = {name: said.pop(name) for name in ("use", "use_note")}
        self._do(stories.tell, found, said, **use, at=timezone.now())
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def decline(self, request, pk):
        """Nothing to tell; nobody asks again."""
        self._do(stories.decline, self._told_by(), at=timezone.now())
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def helps(self, request, pk):
        """It helped the caller on; once each."""
        self._do(stories.helps, self.get_permitted(), by=request.user)
        return self.row(pk)

    def _told_by(self):
        found = self.get_permitted()
        require(self.request, "leads.tell_story", found)
        return found

    def _do(self, verb, *args, **named):
        try:
            return verb(*args, **named)
        except Refused as refused:
            raise Conflict(str(refused)) from None
