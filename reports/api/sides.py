"""Both sides of the agreement in the REST API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from reports import sides
from reports.api.reports import CHOICE, Report, answers_of, asked, number
from reports.api.shapes import AnswersSerializer, PeriodSerializer


class SideAccountSerializer(serializers.Serializer):
    """One line of the account: `balance` is what was given over what was owed."""

    side = serializers.CharField()
    name = serializers.CharField()
    owed = serializers.IntegerField()
    given = serializers.IntegerField()
    balance = serializers.IntegerField()


class SideReasonSerializer(serializers.Serializer):
    """Why offers came back."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    to = serializers.CharField()
    blames = serializers.BooleanField()
    offers = serializers.IntegerField()


class BothSidesSerializer(PeriodSerializer):
    """Both sides of the agreement in force; `crossings`: contacts that it leaves to the other track, among
    those `looked_at`: all of the period, or the newest 50,000.
    """

    version = serializers.IntegerField()
    accounts = SideAccountSerializer(many=True)
    reasons = SideReasonSerializer(many=True)
    answers = AnswersSerializer()
    acceptance = serializers.DecimalField(None, 6, allow_null=True)
    crossings = serializers.IntegerField()
    looked_at = serializers.IntegerField()


class Sides(Report):
    """Both sides of the agreement."""

    permission = "leads.view_agreement"

    @extend_schema(parameters=CHOICE, responses=BothSidesSerializer, operation_id="reports_sides")
    def get(self, request):
        """What each side owed and gave over the period, by the agreement in force."""
        return super().get(request)

    def report(self, request, choice, at):
        found, crossed = sides.sides(choice, at), sides.crossed(choice)
        return {
            **asked(choice),
            "version": found.version,
            "accounts": [
                {name: getattr(one, name) for name in ("side", "name", "owed", "given", "balance")}
                for one in found.accounts
            ],
            "reasons": [vars(one) for one in found.reasons],
            "answers": answers_of(found.answers),
            "acceptance": number(found.funnel.acceptance),
            "crossings": crossed.n,
            "looked_at": crossed.looked,
        }
