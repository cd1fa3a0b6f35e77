"""Units at customers, readings of their use and what it says, in the REST API."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Max, OuterRef, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts import organisation
from accounts.formed import Formed, Shown
from accounts.resources import Resource, Writable
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.moments import day_in_reach
from engine.parsers import RowsJSONParser
from engine.refusals import Conflict
from leads import usage
from leads.api.bulk import BulkAnswerSerializer, judged
from leads.api.taps import take_back
from leads.forms.usage import UnitForm, UsageRuleForm
from leads.models import UsageRule, UsageSign
from leads.models.moments import Outcome
from pipeline import readings
from pipeline.models import Company, Reading, Unit
from ui.filters import FilterSet, WordsFilter


class ReadingSerializer(serializers.ModelSerializer):
    """What a system reported of a unit's day."""

    class Meta:
        model = Reading
        fields = ["id", "unit", "day", "usage", "errors", "version", "source", "external_id", "created_at"]


class ReadingInSerializer(Heard, serializers.Serializer):
    """A reading as a system reports it: of which product (its code, or the source's id of it) and serial number, on which day.

    `source` and `external_id` name it: the same again changes it instead of adding one. Without an `external_id` a source has
    one reading of a unit a day. A unit that is not known yet is made at `company` (our id) or `company_key` (the source's).
    """

    source = serializers.CharField(max_length=100)
    external_id = serializers.CharField(max_length=200, default="", allow_blank=True)
    product = serializers.CharField(max_length=200)
    serial = serializers.CharField(max_length=100)
    company = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    company_key = serializers.CharField(max_length=200, default="", allow_blank=True)
    day = serializers.DateField(validators=[day_in_reach])
    usage = serializers.DecimalField(14, 3, min_value=0)
    errors = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    version = serializers.CharField(max_length=50, default="", allow_blank=True)

    def validate_day(self, day):
        """Nobody reports tomorrow's use."""
        if day > organisation.today(timezone.now()):
            raise ValidationError(_("This day is still to come."))
        return day

    def told(self):
        """The reading, to be taken."""
        return readings.Told(**self.validated_data)


class ReadingFilters(FilterSet):
    day = django_filters.DateFromToRangeFilter()

    class Meta:
        model = Reading
        fields = ["unit", "source", "external_id"]


class ReadingResource(Resource):
    """Readings of use: reported in bulk by other systems."""

    queryset = Reading.objects.all()
    serializer_class = ReadingSerializer
    filterset_class = ReadingFilters
    may = {"bulk": "pipeline.report_usage"}

    @extend_schema(request=ReadingInSerializer(many=True), responses=BulkAnswerSerializer)
    @action(detail=False, methods=["post"], parser_classes=[RowsJSONParser])
    @idempotent
    def bulk(self, request):
        """Report up to 1,000 readings; the answer has a result for each, and a row that cannot be taken harms no other."""
        return judged(
            request, ReadingInSerializer, lambda shapes: readings.take([one.told() for one in shapes])
        )


class UnitSerializer(Formed, serializers.ModelSerializer):
    """A unit of a product at a company. `reported_on`: the last day of which something was reported; `retired_on` ends all signs."""

    company = serializers.PrimaryKeyRelatedField(queryset=Company.objects.surviving())
    reported_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model, form = Unit, UnitForm
        fields = [
            "id", "product", "serial", "company", "deal", "since", "ends_on", "retired_on", "version", "reported_on", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["product", "serial", "deal", "version"]

    def asked(self, values):
        """The form asks for the company by its name or key."""
        return {**values, "company": f"#{values['company'].pk}"} if "company" in values else values


class UnitFilters(FilterSet):
    q = WordsFilter(columns=["serial", "company__name"])

    class Meta:
        model = Unit
        fields = ["company", "product", "deal", "serial"]


class UnitResource(Writable):
    """What stands at customers; made by what is reported or imported."""

    http_method_names = ["get", "patch", "head", "options"]
    queryset = Unit.objects.all()
    serializer_class = UnitSerializer
    filterset_class = UnitFilters
    may = {"partial_update": "pipeline.change_unit"}

    def get_queryset(self):
        """With the last day reported."""
        last = Reading.objects.filter(unit=OuterRef("pk")).order_by().values("unit").annotate(n=Max("day"))
        return super().get_queryset().annotate(reported_on=Subquery(last.values("n")))


class UsageSignSerializer(serializers.ModelSerializer):
    """What the use of a unit says: `words` in the caller's language, from `began_at` until it holds no more."""

    words = serializers.CharField(read_only=True)
    company = serializers.IntegerField(source="unit.company_id", read_only=True)

    class Meta:
        model = UsageSign
        fields = [
            "id", "unit", "company", "kind", "words", "facts", "owner", "began_at", "ended_at", "closed_at", "outcome", "deal",
        ]  # fmt: skip


class UsageOutcomeSerializer(Heard, serializers.Serializer):
    """What came of it, for all signs of the customer: reached logs the call, again plans the next attempt."""

    outcome = serializers.ChoiceField(Outcome.choices)


class UsageProposedSerializer(serializers.Serializer):
    """The deal, and whether this call opened it."""

    deal = serializers.IntegerField()
    opened = serializers.BooleanField()


class UsageSignFilters(FilterSet):
    company = django_filters.ModelChoiceFilter(queryset=Company.objects.all(), field_name="unit__company")
    open = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")

    class Meta:
        model = UsageSign
        fields = ["unit", "kind", "owner"]


class UsageSignResource(Resource):
    """What the use of units says, the newest first; the open ones have no `ended_at`."""

    queryset = UsageSign.objects.all()
    serializer_class = UsageSignSerializer
    filterset_class = UsageSignFilters
    order = ("-began_at", "-id")
    may = {"propose": "pipeline.add_deal"}

    def finish(self, rows):
        """Words need the figures and what the product counts in."""
        found = UsageSign.objects.select_related("unit__product").in_bulk([row["id"] for row in rows])
        for row in rows:
            row["words"] = usage.sentence(found[row["id"]])
        return rows

    def rows(self, queryset, serializer_class=None):
        """All but the words, which are written afterwards."""
        return super().rows(queryset.annotate(words=Value("")), serializer_class)

    @extend_schema(request=UsageOutcomeSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def close(self, request, pk):
        """Say what came of the customer's signs, once; only whoever looks after the account does."""
        said = checked(UsageOutcomeSerializer(data=request.data))
        found = self.get_permitted()
        looks_after = usage.mine(request.user).filter(pk=found.pk).exists()
        if not (looks_after and request.user.has_perm("leads.claim_lead")):
            raise PermissionDenied
        if not usage.close(found.unit.company, said["outcome"], by=request.user, at=timezone.now()):
            raise Conflict(_("It is closed already."))
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def undo(self, request, pk):
        """Take the outcome back within ten minutes, for all signs of the customer, with what it logged and planned."""
        take_back(request, company=self.get_permitted().unit.company_id)
        return self.row(pk)

    @extend_schema(request=None, responses={200: UsageProposedSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def propose(self, request, pk):
        """Open the deal that keeps the customer: the renewal of the contract, else a replacement. One that is open already is answered."""
        found = self.get_permitted()
        if found.ended_at:
            raise Conflict(_("Its use says nothing any more; nothing was opened."))
        made, opened = usage.propose(found, by=request.user, at=timezone.now())
        return Response({"deal": made.pk, "opened": opened})


class UsageRuleSerializer(Formed, serializers.ModelSerializer):
    """When the use of a unit is a sign, of one product or of all (null). Falling: `days`, `before_days` and `percent`; silent and
    ending: `days`; errors: `days` and `errors`. What kind it is of stays.
    """

    class Meta:
        model, form = UsageRule, UsageRuleForm
        fields = ["id", "kind", "product", "days", "before_days", "percent", "errors", "active"]
        validators = []  # the form's own words

    def validate_kind(self, kind):
        """A rule keeps its kind."""
        if self.instance and kind != self.instance.kind:
            raise ValidationError(_("This cannot be changed."))
        return kind


class UsageRuleFilters(FilterSet):
    class Meta:
        model = UsageRule
        fields = ["kind", "product", "active"]


class UsageRuleResource(Shown):
    """The rules about use; the heads'."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = UsageRule.objects.all()
    serializer_class = UsageRuleSerializer
    filterset_class = UsageRuleFilters
    order = ("kind", "id")
    reads = "leads.change_usage"
    may = dict.fromkeys(("create", "partial_update"), "leads.change_usage")
