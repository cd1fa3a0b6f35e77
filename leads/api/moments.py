"""Moments in the REST API: what somebody of the caller's did that matters, and what came of it."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.formed import Formed, Shown
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import moments
from leads.api.taps import take_back
from leads.forms.moments import RuleForm
from leads.models.moments import Moment, MomentRule, Outcome
from ui.filters import FilterSet


class MomentSerializer(serializers.ModelSerializer):
    """A moment: which rule named it, who did it, when and how often; `outcome` once it is closed."""

    rule_name = serializers.CharField(source="rule.name", read_only=True)
    kind = serializers.CharField(source="rule.kind", read_only=True)
    note = serializers.CharField(source="touch.note", read_only=True)

    class Meta:
        model = Moment
        fields = [
            "id", "rule", "rule_name", "kind", "contact", "lead", "touch", "note", "at", "times", "closed_at", "outcome",
        ]  # fmt: skip


class OutcomeSerializer(Heard, serializers.Serializer):
    """What came of it: reached logs the call, again plans the next attempt."""

    outcome = serializers.ChoiceField(Outcome.choices)


class MomentFilters(FilterSet):
    class Meta:
        model = Moment
        fields = ["contact", "lead", "outcome"]


class MomentResource(Resource):
    """Moments: the caller's own, the newest first; the open ones have an empty outcome."""

    queryset = Moment.objects.all()
    serializer_class = MomentSerializer
    filterset_class = MomentFilters
    order = ("-at", "-id")

    def get_queryset(self):
        """Everybody has their own."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return moments.of(self.request.user)

    @extend_schema(request=OutcomeSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def close(self, request, pk):
        """Say what came of it, once."""
        said = checked(OutcomeSerializer(data=request.data))
        found = self.get_permitted()
        if not request.user.has_perm("leads.claim_lead"):
            raise PermissionDenied
        if not moments.close(found, said["outcome"], by=request.user, at=timezone.now()):
            raise Conflict(_("It is closed already."))
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def undo(self, request, pk):
        """Take the outcome back within ten minutes, with what it logged and planned; 409 where it is too late."""
        take_back(request, moment=self.get_permitted().pk)
        return self.row(pk)


class MomentRuleSerializer(Formed, serializers.ModelSerializer):
    """What matters: `times` touches of a kind within `days`, by whom; one of `words` (parted by commas) stands in their notes.

    The first rule that fits decides, by `position`.
    """

    class Meta:
        model, form = MomentRule, RuleForm
        fields = ["id", "name", "kind", "whom", "times", "days", "words", "position", "active"]


class MomentRuleFilters(FilterSet):
    class Meta:
        model = MomentRule
        fields = ["kind", "active"]


class MomentRuleResource(Shown):
    """The rules that name what matters, in the order in which they are asked; the heads'."""

    queryset = MomentRule.objects.all()
    serializer_class = MomentRuleSerializer
    filterset_class = MomentRuleFilters
    order = ("position", "id")
    reads = "leads.change_moments"
    may = dict.fromkeys(("create", "partial_update"), "leads.change_moments")
