"""Plan against execution in the REST API."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import get_permitted, require
from accounts.tokens import HasScope
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from pipeline.models import Campaign
from reports import executing
from reports.api.reports import CHOICE, Report, asked, number, only
from reports.api.shapes import PeriodSerializer
from reports.choice import to_date
from reports.models import PlanRemark


class MeasuredSerializer(serializers.Serializer):
    """A measure of a campaign: planned at the launch and now, due by today of the first, came; `off` is (came − due) ÷ due."""

    measure = serializers.CharField(help_text=", ".join(executing.MEASURES))
    launched = serializers.DecimalField(22, 4, allow_null=True)
    now = serializers.DecimalField(22, 4, allow_null=True)
    due = serializers.DecimalField(22, 4, allow_null=True)
    came = serializers.DecimalField(22, 4)
    off = serializers.DecimalField(None, 6, allow_null=True)


class ExecutedSerializer(serializers.Serializer):
    """A launched campaign. `known` is launch, history (read from the history of changes) or not_kept."""

    campaign = serializers.IntegerField()
    name = serializers.CharField()
    code = serializers.CharField()
    status = serializers.CharField()
    known = serializers.ChoiceField(["launch", "history", "not_kept"])
    launched_at = serializers.DateTimeField(allow_null=True)
    launched_by = serializers.CharField()
    starts_on_launched = serializers.DateField(allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on_launched = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    moved_days = serializers.IntegerField(allow_null=True)
    changed = serializers.IntegerField(help_text="how often the plan was changed since")
    most_off = serializers.DecimalField(None, 6, allow_null=True)
    measures = MeasuredSerializer(many=True)


class ExecutionSerializer(PeriodSerializer):
    """Launched campaigns, the furthest from their plan first."""

    results = ExecutedSerializer(many=True)


class PlanRemarkSerializer(Heard, serializers.ModelSerializer):
    """What somebody said of a plan."""

    class Meta:
        model = PlanRemark
        fields = ["id", "text", "by", "at"]
        read_only_fields = ["id", "by", "at"]


class PlanChangeSerializer(serializers.Serializer):
    """A field of the plan that was changed since the launch, both values in words."""

    at = serializers.DateTimeField()
    by = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class OneExecutionSerializer(ExecutedSerializer):
    """A launched campaign with what was changed of its plan, and why; `months`: planned at the launch, with all that was launched under it."""

    months = serializers.DictField(child=serializers.DecimalField(22, 4), allow_null=True)
    changes = PlanChangeSerializer(many=True)
    remarks = PlanRemarkSerializer(many=True)


class ExecutionReport(Report):
    """Plan against execution."""

    permission = "reports.view_money"

    @extend_schema(
        parameters=[one for one in CHOICE if one.name not in ("team", "rep")],
        responses=ExecutionSerializer,
        operation_id="reports_execution",
    )
    def get(self, request):
        """Every launched campaign with days in the period: its plan as launched and now, what came to date, how far off."""
        return super().get(request)

    def report(self, request, choice, at):
        return {**asked(choice), "results": [executed_of(one) for one in executing.executed(choice)]}


class OneExecution(APIView):
    """Plan against execution of one campaign."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=OneExecutionSerializer, operation_id="reports_execution_one")
    def get(self, request, pk):
        """One launched campaign; 404 for one that was not launched."""
        require(request, "reports.view_money")
        only(request)
        campaign = get_permitted(request, Campaign.objects, "pipeline.view_campaign", pk)
        found = executing.executed(to_date(timezone.now()), under=campaign.pk)
        if not found:
            raise Http404
        (launched,) = found
        months = launched.whole_months
        changes = executing.changes(campaign, launched)
        return Response(
            {
                **executed_of(launched),
                "months": months and {key: number(value) for key, value in months.items()},
                "changes": [
                    {"at": one.at, "by": one.by and one.by.pk, "field": one.field, "before": one.before, "after": one.after}
                    for one in changes
                ],
                "remarks": PlanRemarkSerializer(campaign.plan_remarks.all(), many=True).data,
            }
        )  # fmt: skip


class PlanRemarks(APIView):
    """Words on a plan."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(
        request=PlanRemarkSerializer,
        responses={201: PlanRemarkSerializer},
        operation_id="reports_plan_remark",
    )
    @idempotent
    def post(self, request, pk):
        """Say why a plan was changed or came otherwise; every word is kept."""
        require(request, "reports.view_money")
        campaign = get_permitted(request, Campaign.objects, "pipeline.change_campaign", pk)
        data = checked(PlanRemarkSerializer(data=request.data))
        said = executing.remark(campaign, data["text"], request.user, timezone.now())
        return Response(PlanRemarkSerializer(said).data, status=201)


def executed_of(one):
    """An Executed."""
    then = one.launched
    return {
        "campaign": one.id,
        **{
            name: getattr(one, name)
            for name in ("name", "code", "status", "launched_at", "launched_by", "changed")
        },
        "known": "not_kept" if then is None else "history" if one.from_history else "launch",
        "starts_on_launched": then and then.starts_on,
        "starts_on": one.now.starts_on,
        "ends_on_launched": then and then.ends_on,
        "ends_on": one.now.ends_on,
        "moved_days": one.moved,
        "most_off": number(one.most_off),
        "measures": [
            {
                "measure": name,
                "launched": number(one.planned(name)),
                "now": number(one.planned_now(name)),
                "due": number(one.due(name)),
                "came": number(one.came[name]),
                "off": number(one.off(name)),
            }
            for name in executing.MEASURES
        ],
    }
