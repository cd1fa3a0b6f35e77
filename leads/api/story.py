"""What happened with a company or a contact in the REST API: one line of time of both tracks and all windows."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import get_permitted
from accounts.tokens import HasScope
from leads import story
from pipeline.models import Company, Contact

CURSOR = OpenApiParameter("cursor", str, description="a former answer's `older`")


class StoryLineSerializer(serializers.Serializer):
    """One thing that happened: what, of whom (null: of the company), by whom, by which window, on whose track.

    `deal` is null, and `text` without an amount, where the caller may not open the deal. Words are in the caller's language.
    """

    at = serializers.DateTimeField()
    kind = serializers.CharField(
        help_text="touch, note, stage, handoff, deal, registration, answer (to a complaint) or usage (what the use of a unit said)"
    )
    title = serializers.CharField(source="event.title")
    text = serializers.CharField(source="event.text", allow_blank=True)
    who = serializers.CharField(source="event.who", allow_blank=True)
    contact = serializers.IntegerField(allow_null=True)
    channel = serializers.CharField(allow_blank=True)
    track = serializers.CharField(allow_blank=True)
    deal = serializers.IntegerField(allow_null=True)


class StorySerializer(serializers.Serializer):
    """The newest lines, and the cursor of what is older: null where nothing is."""

    results = StoryLineSerializer(many=True)
    older = serializers.CharField(allow_null=True)


class _Story(APIView):
    permission_classes = [IsAuthenticated, HasScope]

    def told(self, request, model, permission, pk, tell):
        found = get_permitted(request, model.objects, permission, pk)
        one = tell(found, by=request.user, cursor=request.query_params.get("cursor", ""))
        return Response(
            {"results": StoryLineSerializer(one.lines, many=True).data, "older": one.older or None}
        )


class CompanyStory(_Story):
    """The story of a company and of its people."""

    @extend_schema(parameters=[CURSOR], responses=StorySerializer)
    def get(self, request, pk):
        """What happened with a company, its people and its deals, newest first, as far as the caller sees it."""
        return self.told(request, Company, "pipeline.view_company", pk, story.of_company)


class ContactStory(_Story):
    """The story of a person."""

    @extend_schema(parameters=[CURSOR], responses=StorySerializer)
    def get(self, request, pk):
        """What happened with a person and the deals they take part in, newest first, as far as the caller sees it."""
        return self.told(request, Contact, "pipeline.view_contact", pk, story.of_contact)
