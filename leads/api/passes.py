"""How the REST API shows a lead: in lists, alone, and after what the desk did."""

from rest_framework import serializers

from accounts.describing import shape
from leads.api.shapes import CollisionSerializer, LessonSerializer, NotLearnedSerializer
from leads.forms.facts import FACTS
from leads.learning import chances
from leads.models import Lead


class LeadSerializer(serializers.ModelSerializer):
    """A lead as lists show it. `grade` was set by a person; `proposed_grade` is the scorecard's, as of now.

    `desk_by` has taken it at the desk and last worked on it at `desk_since`: half an hour later it is anybody's.
    """

    contact_name = serializers.CharField(source="contact.full_name", read_only=True)
    company = serializers.IntegerField(source="contact.company_id", read_only=True, allow_null=True)
    company_name = serializers.CharField(source="contact.company.name", read_only=True, allow_null=True)
    proposed_grade = serializers.CharField(read_only=True)

    class Meta:
        model = Lead
        fields = [
            "id", "contact", "contact_name", "company", "company_name", "cycle", "stage", "grade", "proposed_grade",
            "campaign", "channel", "source_text", "owner", "product", "segment", "region", "deal", "captured_at",
            "hand_raised_at", "mql_at", "ready_at", "sql_at", "deal_at", "won_at", "ended_at", "pooled_at", "wake_at",
            "desk_by", "desk_since",
            "history", "source", "external_id",
        ]  # fmt: skip


class LeadDetailSerializer(LeadSerializer):
    """A lead with its attributes, answers and the moves open to it.

    `collision` says whom of the same person or company the other track contacted within the agreed days.
    """

    class Meta(LeadSerializer.Meta):
        fields = [*LeadSerializer.Meta.fields, "attributes", "answers", "grade_reason"]


class LeadWholeSerializer(LeadDetailSerializer):
    """A lead as it is answered alone: with its probability to be won, and the facts that speak for and against.

    Where it is not `win_calibrated`, only the order of the probabilities says something.
    """

    next_stages = serializers.ListField(child=serializers.CharField(), read_only=True)
    collision = CollisionSerializer(read_only=True, allow_null=True)
    win_probability = serializers.FloatField(read_only=True, allow_null=True)
    win_calibrated = serializers.BooleanField(read_only=True, allow_null=True)
    win_reasons = shape(chances.Told)(many=True, read_only=True)

    class Meta(LeadDetailSerializer.Meta):
        fields = [
            *LeadDetailSerializer.Meta.fields, "next_stages", "collision", "win_probability", "win_calibrated", "win_reasons",
        ]  # fmt: skip


class LeadFactsSerializer(serializers.ModelSerializer):
    """The facts of a lead that are nobody's verdict. Of `attributes`, what is not named stays as it was."""

    class Meta:
        model = Lead
        fields = [*FACTS, "attributes"]

    def update(self, lead, values):
        """Only the facts: the rest of the row belongs to the funnel."""
        values["attributes"] = lead.attributes | values.get("attributes", {})
        for name, value in values.items():
            setattr(lead, name, value)
        lead.save(update_fields=[*FACTS, "attributes", "updated_at"])
        return lead


class LeadSetAsideSerializer(LeadSerializer):
    """A lead that left the funnel. `lesson`: what scorecards learn from it, null where the code teaches nothing."""

    lesson = LessonSerializer(read_only=True, allow_null=True)

    class Meta(LeadSerializer.Meta):
        fields = [*LeadSerializer.Meta.fields, "lesson"]


class LeadTakenBackSerializer(LeadSerializer):
    """A lead where it stood before. `forgotten`: whom scorecards take no points from any more; `kept`: of whom they still do."""

    forgotten = serializers.ListField(child=serializers.CharField(), read_only=True)
    kept = NotLearnedSerializer(many=True, read_only=True)

    class Meta(LeadSerializer.Meta):
        fields = [*LeadSerializer.Meta.fields, "forgotten", "kept"]


class OnlyIdSerializer(serializers.Serializer):
    """What a token is told that may only capture."""

    id = serializers.IntegerField()
