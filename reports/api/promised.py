"""What the API tells of budgets, targets and quotas."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.unheard import Heard
from pipeline.api.shapes import MonthField
from reports.api.shapes import PeriodSerializer
from reports.models import Measure


class BudgetSumsSerializer(serializers.Serializer):
    """Spend by month of service."""

    planned = serializers.DecimalField(22, 4)
    committed = serializers.DecimalField(22, 4)
    paid = serializers.DecimalField(22, 4)


class BudgetMonthSerializer(BudgetSumsSerializer):
    """That of a month."""

    month = serializers.DateField()


class BudgetLineSerializer(BudgetSumsSerializer):
    """That of a campaign with what is under it; `campaign` is null for spend without one. The rest is to date."""

    campaign = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    parent = serializers.IntegerField(allow_null=True)
    budget = serializers.DecimalField(22, 4, allow_null=True)
    left = serializers.DecimalField(22, 4, allow_null=True)
    spent = serializers.DecimalField(22, 4)
    revenue = serializers.DecimalField(22, 4)
    revenue_roi = serializers.DecimalField(None, 6, allow_null=True)


class BudgetSerializer(PeriodSerializer):
    """The budget of a period."""

    total = BudgetLineSerializer()
    months = BudgetMonthSerializer(many=True)
    results = BudgetLineSerializer(many=True)


class PromiseSerializer(serializers.Serializer):
    """A target, null where there is none, and what was attained."""

    target = serializers.DecimalField(22, 4, allow_null=True)
    attained = serializers.DecimalField(22, 4)


class CellSerializer(PromiseSerializer):
    """That of a region, with all that is part of it, and a segment, by id; 0 for none.

    `own`: what is agreed for the region itself, which is its target as far as there is any; else that of its parts is.
    """

    region = serializers.IntegerField()
    parent = serializers.IntegerField(allow_null=True, help_text="the region that it is part of")
    own = serializers.DecimalField(22, 4, allow_null=True)
    segment = serializers.IntegerField()


class HorizonsSerializer(serializers.Serializer):
    """The same measure over three spans."""

    month = PromiseSerializer()
    quarter = PromiseSerializer()
    year = PromiseSerializer()


class TargetYearSerializer(serializers.Serializer):
    """How the targets of a fiscal year stand: ids of the round that was agreed last and of the one that waits; both null: only set."""

    first = serializers.DateField()
    agreed = serializers.IntegerField(allow_null=True)
    waiting = serializers.IntegerField(allow_null=True)


class TargetsSerializer(PeriodSerializer):
    """Targets of a period, as they count."""

    measure = serializers.CharField()
    years = TargetYearSerializer(many=True)
    cells = CellSerializer(many=True)
    total = PromiseSerializer()
    horizons = HorizonsSerializer()


class WishSerializer(serializers.Serializer):
    """The target of a region and a segment, by id (0 for none); null takes it away."""

    region = serializers.IntegerField(min_value=0)
    segment = serializers.IntegerField(min_value=0)
    amount = serializers.DecimalField(16, 2, min_value=0, allow_null=True)

    def validate_region(self, value):
        """A region that there is."""
        return self._known(value, self.context["known"].regions)

    def validate_segment(self, value):
        """A segment that there is."""
        return self._known(value, self.context["known"].segments)

    def _known(self, value, axes):
        if value and value not in axes:
            raise serializers.ValidationError(_("There is none with the id %(id)s.") % {"id": value})
        return value


class MonthsSerializer(Heard, serializers.Serializer):
    """What is set of a measure over months; `wishes` names the field that holds what, `told` what names one of them."""

    wishes, told = "", ()

    measure = serializers.ChoiceField(Measure.choices)
    first = MonthField(help_text="the first month, or any day of it")
    last = MonthField(help_text="the last month, or any day of it")

    def validate(self, data):
        """The months in their order, ten years at most; nothing twice."""
        if (data["last"].year, data["last"].month) < (data["first"].year, data["first"].month):
            raise serializers.ValidationError({"last": [_("The last month lies before the first one.")]})
        if (data["last"] - data["first"]).days > 3660:
            raise serializers.ValidationError(_("Targets are set for ten years at most at once."))
        named = [tuple(one[name] for name in self.told) for one in data[self.wishes]]
        if len(named) > len(set(named)):
            twice = next(one for place, one in enumerate(named) if one in named[:place])
            words = ", ".join(f"{name} {value}" for name, value in zip(self.told, twice, strict=True))
            raise serializers.ValidationError(
                {self.wishes: [_("There are several amounts for %(what)s.") % {"what": words}]}
            )
        return data


class PromisesSerializer(MonthsSerializer):
    """Targets to set."""

    wishes, told = "cells", ("region", "segment")

    cells = WishSerializer(many=True, max_length=5000)
    why = serializers.CharField(
        max_length=1000, required=False, default="", help_text="asked for where the targets are agreed"
    )
    asked_by = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
