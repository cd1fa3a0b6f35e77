"""What requests about scorecards hold, and what is answered."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.unheard import Heard
from leads import grading
from leads.models import ScoreModel, ScoreRule, SignalVerdict, TouchKind, Worth
from leads.models.score import Operator
from leads.scoring import lines


class ScoreModelSerializer(serializers.ModelSerializer):
    """A version of a scorecard: the general one, or that of a product `line`. `in_force` grades; a draft was never published."""

    class Meta:
        model = ScoreModel
        fields = [
            "id", "line", "number", "name", "in_force", "publishing", "published_at", "published_by", "half_life",
            "fit_floors", "engagement_floors", "grades", "caps",
        ]  # fmt: skip


class DraftSerializer(Heard, serializers.Serializer):
    """A draft to make: of the general scorecard, or of a product line's; a copy of `source`, else of what is in force."""

    line = serializers.CharField(max_length=100, default="", allow_blank=True)
    name = serializers.CharField(max_length=100, default="", allow_blank=True)
    source = serializers.PrimaryKeyRelatedField(
        queryset=ScoreModel.objects.all(), default=None, allow_null=True
    )

    def validate_line(self, line):
        """A line that a product has, or that has a scorecard already."""
        if line and not (ScoreModel.objects.filter(line=line).exists() or line in lines.without_scorecard()):
            raise serializers.ValidationError(_("No product for sale has this product line."))
        return line


class LineSerializer(serializers.Serializer):
    """A product line; empty for all leads."""

    line = serializers.CharField(max_length=100, default="", allow_blank=True)


class ScoreRuleSerializer(Heard, serializers.Serializer):
    """A rule to add: `value` is text, a list, or [lowest, highest] by the operator; `cap` limits the group."""

    field = serializers.CharField(max_length=100)
    operator = serializers.ChoiceField(Operator.choices)
    value = serializers.JSONField(default=None, allow_null=True)
    points = serializers.IntegerField(min_value=-10_000, max_value=10_000)
    group = serializers.CharField(max_length=60, default="", allow_blank=True)
    cap = serializers.IntegerField(min_value=0, max_value=10_000, default=None, allow_null=True)

    def validate(self, values):
        if values["cap"] is not None and not values["group"]:
            raise serializers.ValidationError({"group": _("Name the group that the most is for.")})
        return values


class ThresholdsSerializer(Heard, serializers.Serializer):
    """Name, half-life in days, and the floors of letters and digits, best first."""

    name = serializers.CharField(max_length=100)
    half_life = serializers.FloatField(min_value=0.5, max_value=3650)
    fit_floors = serializers.DictField(child=serializers.IntegerField())
    engagement_floors = serializers.DictField(child=serializers.FloatField(min_value=0))

    def validate(self, values):
        """Every letter and digit but the last has a floor."""
        for name, keys in (("fit_floors", grading.LETTERS), ("engagement_floors", map(str, grading.DIGITS))):
            if set(values[name]) != set(list(keys)[:-1]):
                raise serializers.ValidationError(
                    {name: _("Give a floor for every one but the last, and no other.")}
                )
        return values


class WeightSerializer(Heard, serializers.Serializer):
    """What a touch of a kind adds, and the most that the kind may add on one day."""

    kind = serializers.ChoiceField(TouchKind.choices)
    weight = serializers.FloatField(min_value=0, max_value=10_000)
    daily_cap = serializers.FloatField(min_value=0, max_value=10_000, default=None, allow_null=True)


class SharesSerializer(Heard, serializers.Serializer):
    """The best share (0 to 1) of running leads that is A, A or B, and A to C; each takes in the better ones."""

    A = serializers.FloatField(min_value=0.001, max_value=0.999)
    B = serializers.FloatField(min_value=0.001, max_value=0.999)
    C = serializers.FloatField(min_value=0.001, max_value=0.999)

    def validate(self, values):
        """Each larger than the one before."""
        if not values["A"] < values["B"] < values["C"]:
            raise serializers.ValidationError(
                {"C": _("Each share takes in the better ones, so it must be larger.")}
            )
        return values


class RuleShownSerializer(serializers.ModelSerializer):
    """A rule of a scorecard."""

    class Meta:
        model = ScoreRule
        fields = ["id", "field", "operator", "value", "points", "group"]


class ScoreModelWholeSerializer(ScoreModelSerializer):
    """A version with its rules, and what touches weigh."""

    rules = RuleShownSerializer(many=True, read_only=True)
    weights = WeightSerializer(many=True, read_only=True)

    class Meta(ScoreModelSerializer.Meta):
        fields = [*ScoreModelSerializer.Meta.fields, "rules", "weights"]


class ShareReachedSerializer(serializers.Serializer):
    """What a share came to: `share` have the `letter` or a better one where `asked` was wished, `leads` have it alone."""

    letter = serializers.CharField()
    floor = serializers.IntegerField()
    asked = serializers.FloatField()
    share = serializers.FloatField()
    leads = serializers.IntegerField()
    words = serializers.CharField()


class SharedModelSerializer(ScoreModelWholeSerializer):
    """A version whose floors were set by shares of leads."""

    reached = ShareReachedSerializer(many=True, read_only=True)

    class Meta(ScoreModelWholeSerializer.Meta):
        fields = [*ScoreModelWholeSerializer.Meta.fields, "reached"]


class RegradedSerializer(serializers.Serializer):
    """A lead whose proposed grade would change."""

    lead = serializers.IntegerField()
    was = serializers.CharField()
    becomes = serializers.CharField()


class PreviewSerializer(serializers.Serializer):
    """`looked_at` running leads, `changed` of them; `moves` [was, becomes, how many]; `shares` of each grade, now and then."""

    looked_at = serializers.IntegerField()
    changed = serializers.IntegerField()
    moves = serializers.ListField(child=serializers.ListField())
    first = RegradedSerializer(many=True)
    shares = serializers.DictField(child=serializers.ListField(child=serializers.IntegerField()))


class SignalWordSerializer(serializers.ModelSerializer):
    """A track's last word on a signal."""

    class Meta:
        model = SignalVerdict
        fields = ["track", "worth", "why", "by", "at"]


class SignalSerializer(serializers.Serializer):
    """A signal; `difference` of the win rates with and without it, with its 95 % interval: null where too few leads are known."""

    key = serializers.CharField(source="signal.key")
    kind = serializers.ChoiceField(["rule", "touch", "question", "fact"], source="signal.kind")
    words = serializers.CharField(source="signal.words")
    points = serializers.IntegerField(source="signal.points", allow_null=True)
    closed_with = serializers.IntegerField(source="having.closed")
    won_with = serializers.IntegerField(source="having.won")
    closed_without = serializers.IntegerField(source="lacking.closed")
    won_without = serializers.IntegerField(source="lacking.won")
    difference = serializers.FloatField(source="difference.estimate", allow_null=True)
    low = serializers.FloatField(source="difference.low", allow_null=True)
    high = serializers.FloatField(source="difference.high", allow_null=True)
    tells = serializers.BooleanField(help_text="the difference is more than chance explains")
    said = serializers.SerializerMethodField()

    @extend_schema_field(SignalWordSerializer(many=True))
    def get_said(self, one):
        """The last word of each track."""
        return SignalWordSerializer([word for word in one.words if word], many=True).data


class SignalSaidSerializer(Heard, serializers.Serializer):
    """What the own track says of a signal."""

    signal = serializers.CharField(max_length=300)
    worth = serializers.ChoiceField(Worth.choices)
    why = serializers.CharField(max_length=300, allow_blank=True, default="")
