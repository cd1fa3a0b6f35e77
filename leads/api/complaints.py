"""Open complaints in the REST API: which there are and whose; they are closed as touches."""

import django_filters
from django.db.models.functions import Now
from rest_framework import serializers

from accounts.resources import Resource
from leads import complaints
from leads.models import Touch
from ui.filters import FilterSet


class ComplaintSerializer(serializers.ModelSerializer):
    """An open complaint: who complained of what, and whose it is. Its id is the touch's, closed by `POST touches/{id}/close/`."""

    company = serializers.IntegerField(source="contact.company_id", allow_null=True, read_only=True)
    whose = serializers.IntegerField(read_only=True)

    class Meta:
        model = Touch
        fields = ["id", "contact", "company", "at", "note", "campaign", "whose"]


class ComplaintFilters(FilterSet):
    whose = django_filters.NumberFilter()
    company = django_filters.NumberFilter(field_name="contact__company")
    old = django_filters.BooleanFilter(method="by_age", label="open for more than a day")

    class Meta:
        model = Touch
        fields = ["contact"]

    def by_age(self, queryset, name, value):
        """Those open for long, or the others."""
        long_ago = Now() - complaints.LONG
        return queryset.filter(at__lte=long_ago) if value else queryset.filter(at__gt=long_ago)


class ComplaintResource(Resource):
    """Open complaints that the caller sees, the oldest first."""

    queryset = complaints.told()
    serializer_class = ComplaintSerializer
    filterset_class = ComplaintFilters
    order = ("at", "id")
    may = {"list": "leads.view_complaint"}

    def get_queryset(self):
        """Of people whom the caller sees, and the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return complaints.opened(complaints.seen_by(self.request.user))
