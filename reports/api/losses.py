"""Why deals are lost, in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.doors import permitted, require
from reports import drawing, losses
from reports.api.reports import CHOICE, Report, asked
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, one_of, parse

BY = OpenApiParameter("by", enum=list(losses.BY), description="default segment")
HEARD = [one for one in CHOICE if one.name != "model"]


class LossSerializer(serializers.Serializer):
    """Lost deals; `amount` is null for whoever may not see the money."""

    deals = serializers.IntegerField()
    unpriced = serializers.IntegerField(help_text="of these, without an amount")
    amount = serializers.DecimalField(22, 4, allow_null=True)


class ReasonLossSerializer(serializers.Serializer):
    """Deals lost for one reason; `reason` is 0 where none was told, `before` the same months a year before, null for all time and
    where no records reach back to all of them."""

    reason = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    now = LossSerializer()
    before = LossSerializer(allow_null=True)


class OneReasonSerializer(LossSerializer):
    """The same of one reason."""

    reason = serializers.IntegerField()


class LossLineSerializer(serializers.Serializer):
    """Lost deals of one value of the axis: an id, a channel or the name of a rival; of a region with all that is part of it."""

    key = serializers.CharField()
    parent = serializers.IntegerField(allow_null=True, help_text="of a region: the one that it is part of")
    all = LossSerializer()
    reasons = OneReasonSerializer(many=True)


class LossesSerializer(PeriodSerializer):
    """Deals lost in the period by reason, and by reason within an axis."""

    by = serializers.CharField()
    running = serializers.BooleanField(
        help_text="the period is not over, while `before` is of the whole one a year before"
    )
    total = LossSerializer()
    reasons = ReasonLossSerializer(many=True)
    lines = LossLineSerializer(many=True)


class LossesReport(Report):
    """Why deals are lost."""

    @extend_schema(parameters=[*HEARD, BY], responses=LossesSerializer, operation_id="reports_losses")
    def get(self, request):
        """Lost deals by reason, beside a year before, and within segments, regions, channels, stages, reps or rivals."""
        require(request, self.permission)
        given = request.query_params.copy()
        by = one_of(given, "by", losses.BY, "segment")
        given.pop("by", None)
        choice = parse(given, axes(given), timezone.now())
        found = losses.losses(choice, by, request.user)
        money = permitted(request, "reports.view_money")
        return Response(
            {**asked(choice), "by": by, "running": bool(drawing.not_over(choice)), **_told(found, money)}
        )


def _told(found, money):
    return {
        "total": _loss(found.total, money),
        "reasons": [
            {
                "reason": one.id,
                "name": one.name,
                "now": _loss(one.now, money),
                "before": one.before and _loss(one.before, money),
            }
            for one in found.reasons
        ],
        "lines": [
            {
                "key": one.key,
                "parent": found.tree.above.get(int(one.key)) if found.tree.above else None,
                "all": _loss(one.all, money),
                "reasons": [{"reason": pk, **_loss(loss, money)} for pk, loss in one.reasons.items()],
            }
            for one in found.lines
        ],
    }


def _loss(one, money):
    return {"deals": one.deals, "unpriced": one.unpriced, "amount": f"{one.amount:.4f}" if money else None}
