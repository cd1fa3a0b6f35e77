"""Capture forms, what is held, and tracking links in the REST API."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.resources import Resource, Writable
from accounts.unheard import bodiless
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import links, webforms
from leads.models import Submission, TrackingLink, WebForm
from leads.webforms.asking import ADDRESSES, ANSWER, ASK, FIELDS, MUST
from leads.webforms.origins import normalised
from ui.filters import FilterSet


class WebFormSerializer(serializers.ModelSerializer):
    """A capture form. `asked`: {field: "ask" or "must"}; `hosts`: origins that may show it or post to it, one a line."""

    asked = serializers.DictField(child=serializers.ChoiceField([ASK, MUST]), required=False)
    hosts = serializers.CharField(required=False, allow_blank=True)

    class Meta:
        model = WebForm
        fields = [
            "id", "campaign", "key", "title", "intro", "button", "thanks", "language", "kind", "asked", "consent_text",
            "consent_version", "consent_must", "news", "hosts", "per_hour", "active", "created_at",
        ]  # fmt: skip
        read_only_fields = ["key", "consent_version"]

    def validate_asked(self, asked):
        """Known fields, and one by which somebody can be reached."""
        if unknown := [name for name in asked if name not in FIELDS and not name.startswith(ANSWER)]:
            raise serializers.ValidationError(_("Unknown: %(names)s.") % {"names": ", ".join(unknown)})
        if not any(name in asked for name in ADDRESSES):
            raise serializers.ValidationError(_("Ask for at least one of e-mail, mobile and WeChat."))
        return asked

    def validate_hosts(self, hosts):
        """Origins, one a line."""
        try:
            return "\n".join(dict.fromkeys(normalised(line) for line in hosts.split()))
        except ValueError as error:
            raise serializers.ValidationError(_("“%(site)s” is no site.") % {"site": error}) from None

    def update(self, instance, values):
        """A changed text of consent is a new version."""
        if values.get("consent_text", instance.consent_text) != instance.consent_text:
            instance.consent_version += 1
        return super().update(instance, values)


class WebFormFilters(FilterSet):
    class Meta:
        model = WebForm
        fields = ["campaign", "active", "kind"]


class WebFormResource(Writable):
    """Capture forms of campaigns, each open to everybody at /f/<key>/."""

    queryset = WebForm.objects.all()
    serializer_class = WebFormSerializer
    filterset_class = WebFormFilters
    may = {"create": "leads.change_form", "partial_update": "leads.change_form"}


class LinkSerializer(serializers.ModelSerializer):
    """A tracking link, followed at /t/<key>/. `people` and `robots` count its clicks."""

    people = serializers.IntegerField(read_only=True)
    robots = serializers.IntegerField(read_only=True)

    class Meta:
        model = TrackingLink
        fields = [
            "id", "campaign", "key", "name", "target", "source", "medium", "content", "people", "robots", "created_at",
        ]  # fmt: skip
        read_only_fields = ["key"]


class LinkFilters(FilterSet):
    class Meta:
        model = TrackingLink
        fields = ["campaign"]


class LinkResource(Writable):
    """Tracking links of campaigns."""

    queryset = TrackingLink.objects.all()
    serializer_class = LinkSerializer
    filterset_class = LinkFilters
    may = {"create": "leads.change_link", "partial_update": "leads.change_link"}

    def rows(self, queryset, serializer_class=None):
        """With the clicks counted."""
        return super().rows(links.counted(queryset), serializer_class)


class SubmissionSerializer(serializers.ModelSerializer):
    """A post to a capture form. `data`, what was sent, is empty once it is a lead.

    There: answers to the agreed questions as `answer-<code>`, campaign parameters and click ids, and as `website` what
    stood in the field that people do not see. `before`: posts from its address in the hour before.
    """

    before = serializers.IntegerField(read_only=True)

    class Meta:
        model = Submission
        fields = [
            "id",
            "form",
            "at",
            "state",
            "reasons",
            "data",
            "language",
            "origin",
            "agent",
            "before",
            "lead",
            "decided_by",
            "decided_at",
        ]


class SubmissionFilters(FilterSet):
    class Meta:
        model = Submission
        fields = ["form", "state"]


class SubmissionResource(Resource):
    """Posts to capture forms; those that seemed suspicious are held to be released or dropped."""

    queryset = Submission.objects.all()
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilters
    order = ("-at", "-id")
    may = {"release": "leads.release_submission", "drop": "leads.release_submission"}

    def rows(self, queryset, serializer_class=None):
        """With what else came from the same address."""
        return super().rows(queryset.with_before(), serializer_class)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def release(self, request, pk):
        """Take it in as the lead it is."""
        try:
            webforms.release(self.get_permitted(), by=request.user, at=timezone.now())
        except webforms.Refused as error:
            raise Conflict(str(error)) from None
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def drop(self, request, pk):
        """Set it aside as worthless."""
        found = self.get_permitted()
        webforms.drop(Submission.objects.filter(pk=found.pk), by=request.user, at=timezone.now())
        return self.row(pk)
