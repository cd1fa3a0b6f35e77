"""The exceptions in the REST API: what is late, full, slipping or forgotten, as the page lists it."""

from django.utils import timezone
from django.utils.text import capfirst
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import permitted, require
from accounts.tokens import HasScope
from reports import attention
from reports.api.reports import only
from reports.choice import axes, parse
from reports.views.attention import AttentionForm


class ExceptionSerializer(serializers.Serializer):
    """One thing that should not stay as it is. `why` and `action` are words in the caller's language, `page` its address."""

    kind = serializers.ChoiceField([(name, capfirst(kind.label)) for name, kind in attention.KINDS.items()])
    name = serializers.CharField()
    company = serializers.CharField(allow_blank=True)
    whose = serializers.CharField()
    why = serializers.CharField(allow_blank=True)
    action = serializers.CharField()
    page = serializers.CharField()


class Exceptions(APIView):
    """What needs a hand."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", enum=list(attention.KINDS), description="default all"),
            OpenApiParameter("team", int, description="of sales, by its id"),
        ],
        responses=ExceptionSerializer(many=True),
        operation_id="reports_exceptions",
    )
    def get(self, request):
        """Exceptions that the caller may see, the most urgent kinds first, at most 100 of each kind."""
        require(request, "leads.view_handoff")
        only(request, "kind", "team")
        asked = {name: request.query_params.get(name, "") for name in ("kind", "team")}
        form = AttentionForm(asked, request.path)
        if not form.is_valid():
            raise ValidationError(form.errors)
        at, chosen = timezone.now(), form.cleaned_data
        choice = parse({}, axes(), at)
        money = choice.currency if permitted(request, "reports.view_money") else None
        rows = attention.listed(
            request.user, choice, at, kind=chosen["kind"], team=chosen["team"], money=money
        )
        return Response([_told(row) for row in rows])


def _told(row):
    words = {name: str(row[name]) for name in ("name", "company", "whose", "why", "action")}
    return {"kind": row["kind_code"], **words, "page": row["href"]}
