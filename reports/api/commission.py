"""The common commission in the REST API: plans, quarters, and the statement of each."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import organisation
from accounts.doors import permitted, require
from accounts.tokens import HasScope
from reports.api.effects import EffectSerializer
from reports.api.reports import only
from reports.commission import keeping, plans
from reports.commission.statement import statement
from reports.commission.telling import KINDS, WHY
from reports.models import ShareRule
from reports.views.commission import quarter_of


class CommissionSharerSerializer(serializers.Serializer):
    """Somebody who takes part, with their share in %: null where shares are equal."""

    person = serializers.IntegerField()
    name = serializers.CharField()
    track = serializers.CharField()
    percent = serializers.DecimalField(5, 2, allow_null=True)


class CommissionPlanSerializer(serializers.Serializer):
    """A plan that both heads have signed, for the months from `first` to before `until`: `rate` in % of the incremental margin of a
    quarter, `cap` at most. Effects whose interval covers 0 count with `unproven`, those against a baseline with `baselines`.
    """

    id = serializers.IntegerField()
    first = serializers.DateField()
    until = serializers.DateField()
    rate = serializers.DecimalField(5, 2)
    cap = serializers.DecimalField(18, 4, allow_null=True)
    unproven = serializers.BooleanField()
    baselines = serializers.BooleanField()
    rule = serializers.CharField(help_text=", ".join(ShareRule.values))
    sharers = CommissionSharerSerializer(many=True)


class CommissionQuarterSerializer(serializers.Serializer):
    """A quarter that a plan covers; its figures once it is settled, else null."""

    key = serializers.CharField(help_text="2026-07")
    settled_at = serializers.DateTimeField(allow_null=True)
    margin = serializers.DecimalField(22, 4, allow_null=True)
    earned = serializers.DecimalField(22, 4, allow_null=True)
    corrected = serializers.DecimalField(22, 4, allow_null=True)
    paid = serializers.DecimalField(22, 4, allow_null=True)


class OwnCommissionSerializer(serializers.Serializer):
    """What the caller was paid of a settled quarter."""

    key = serializers.CharField()
    amount = serializers.DecimalField(22, 4)
    currency = serializers.CharField()


class CommissionSerializer(serializers.Serializer):
    """Plans, the newest first, quarters, the latest first, and the caller's own part of what was settled."""

    currency = serializers.CharField()
    plans = CommissionPlanSerializer(many=True)
    quarters = CommissionQuarterSerializer(many=True)
    own = OwnCommissionSerializer(many=True)


class CommissionLineSerializer(serializers.Serializer):
    """A campaign whose measurement ends in the quarter. `effect`: its incremental margin without what was cancelled since, of which
    `cancelled` since its days; `counted` of it, and `why` nothing is ("" where it counts)."""

    campaign = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(help_text=", ".join(KINDS))
    first = serializers.DateField()
    last = serializers.DateField(help_text="the day after the last one that is measured")
    over = serializers.BooleanField()
    effect = EffectSerializer(allow_null=True)
    cancelled = serializers.DecimalField(22, 4)
    uncosted = serializers.IntegerField()
    left_out = serializers.ListField(
        child=serializers.DateField(), help_text="months without a year before to be compared with"
    )
    why = serializers.CharField(help_text=f"{', '.join(filter(None, WHY))}, or empty")
    counted = serializers.DecimalField(22, 4)


class CommissionChangeSerializer(serializers.Serializer):
    """A campaign of a settled quarter that no longer counts as it was told."""

    campaign = serializers.IntegerField()
    was = serializers.DecimalField(22, 4)
    now = serializers.DecimalField(22, 4)


class CommissionCorrectionSerializer(serializers.Serializer):
    """What is added to, or taken back of (below nothing), the commission of an earlier quarter, and why."""

    of = serializers.CharField()
    amount = serializers.DecimalField(22, 4)
    changes = CommissionChangeSerializer(many=True)


class CommissionPartSerializer(CommissionSharerSerializer):
    """What somebody gets."""

    amount = serializers.DecimalField(22, 4)


class CommissionStatementSerializer(serializers.Serializer):
    """A quarter: live until `settled_at`, then as it was frozen. `paid` = `earned` + corrections + `carried` − `carry`; what
    cannot be taken back of it is carried on. `endless` campaigns have no last day and end in no quarter."""

    key = serializers.CharField()
    plan = serializers.IntegerField()
    currency = serializers.CharField()
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField()
    lines = CommissionLineSerializer(many=True)
    margin = serializers.DecimalField(22, 4)
    earned = serializers.DecimalField(22, 4)
    corrections = CommissionCorrectionSerializer(many=True)
    carried = serializers.DecimalField(22, 4)
    paid = serializers.DecimalField(22, 4)
    carry = serializers.DecimalField(22, 4)
    parts = CommissionPartSerializer(many=True)
    endless = serializers.ListField(child=serializers.IntegerField())


class Commission(APIView):
    """The common commission."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=CommissionSerializer, operation_id="reports_commission")
    def get(self, request):
        """Plans in force and over, quarters, and the own part; only that for whoever takes part without reading the rest."""
        only(request)
        reads = permitted(request, "reports.view_commission")
        if not reads and not plans.takes_part(request.user):
            raise PermissionDenied
        kept = keeping.kept() if reads else None
        own = [
            {
                "key": f"{row['statement__first']:%Y-%m}",
                "amount": row["amount"],
                "currency": row["statement__currency"],
            }
            for row in keeping.own(request.user)
        ]
        told = {
            "currency": organisation.current().currency,
            "plans": kept.plans if kept else [],
            "quarters": _quarters(kept) if kept else [],
            "own": own,
        }
        return Response(CommissionSerializer(told).data)


class CommissionStatement(APIView):
    """The statement of a quarter."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=CommissionStatementSerializer, operation_id="reports_commission_statement")
    def get(self, request, key):
        """Every campaign, the sum, what it earns, corrections of settled quarters, and who gets what."""
        require(request, "reports.view_commission")
        only(request)
        period, house = quarter_of(key), organisation.current()
        kept = keeping.kept(period)
        today = organisation.today(timezone.now())
        found = statement(kept, period, today, house.currency, house.live_on)
        if found is None:
            raise Http404
        return Response(CommissionStatementSerializer(told(found)).data)


def told(found):
    """A statement as its serializer reads it."""
    names = ("currency", "settled_at", "settled_by", "margin", "earned", "carried", "paid", "carry")
    line_names = ("name", "over", "effect", "cancelled", "uncosted", "left_out", "why", "counted")
    return {
        "key": found.period.key,
        "plan": found.plan.id,
        **{name: getattr(found, name) for name in names},
        "lines": [
            {
                **{name: getattr(one.scope, name) for name in ("campaign", "kind", "first", "last")},
                **{name: getattr(one, name) for name in line_names},
            }
            for one in found.lines
        ],
        "corrections": [
            {"of": f"{one.of:%Y-%m}", "amount": one.amount, "changes": one.changes}
            for one in found.corrections
        ],
        "parts": [{**vars(one.sharer), "amount": one.amount} for one in found.parts],
        "endless": [campaign for campaign, _name in found.endless],
    }


def _quarters(kept):
    settled = kept.settled
    return [
        {
            "key": f"{day:%Y-%m}",
            "settled_at": row and row["settled_at"],
            **{name: row and row[name] for name in ("margin", "earned", "corrected", "paid")},
        }
        for day in sorted({*kept.planned, *settled}, reverse=True)
        for row in (settled.get(day),)
    ]
