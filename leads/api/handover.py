"""The hand-over in the REST API: what the desk asks, where a lead goes after each event, and why a rep may return one."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.resources import Writable
from leads import questions
from leads.models import HandoverRule, Question, ReturnReason
from leads.models.handover import AGREED, BEST, CHOICES, DAYS, HOURS
from pipeline.forms.stages import free_code
from ui.filters import FilterSet
from ui.once import folded, taken, twin


class HandoverSerializer(serializers.ModelSerializer):
    """One event. `after` and `best_after` are hours for nobody_free and days for lost_later; the others' are agreed."""

    class Meta:
        model = HandoverRule
        fields = ["id", "event", "position", "goes_to", "best_goes_to", "after", "best_after"]
        read_only_fields = ["event", "position"]

    def validate(self, values):
        """Only what may be chosen for the event."""
        event = self.instance.event
        numbers = {"after": (*HOURS, *DAYS), "best_after": HOURS}
        wrong = {}
        for name, choices in (("goes_to", CHOICES[event]), ("best_goes_to", BEST.get(event, ("",)))):
            if name in values and values[name] not in choices:
                wrong[name] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices) or "–"}
        for name, events in numbers.items():
            if name in values and (event in events) != bool(values[name]):
                wrong[name] = _("Say 1 or more.") if event in events else _("This event has no such number.")
        if wrong:
            raise serializers.ValidationError(wrong)
        return values


class HandoverShownSerializer(HandoverSerializer):
    """A row with what may be chosen for it; `agreed` names the agreement's field where the number is, null elsewhere."""

    choices = serializers.ListField(child=serializers.CharField(), read_only=True)
    agreed = serializers.CharField(read_only=True, allow_null=True)

    class Meta(HandoverSerializer.Meta):
        fields = [*HandoverSerializer.Meta.fields, "choices", "agreed"]


class HandoverFilters(FilterSet):
    class Meta:
        model = HandoverRule
        fields = ["event"]


class HandoverResource(Writable):
    """The table of the hand-over: a row for each event, to read and to change."""

    http_method_names = ["get", "patch", "head", "options"]
    queryset = HandoverRule.objects.all()
    serializer_class, shown = HandoverSerializer, HandoverShownSerializer
    filterset_class = HandoverFilters
    order = ("position", "id")
    may = {"partial_update": "leads.change_words"}

    def finish(self, rows):
        """With what may be chosen, and where the agreement has the number."""
        for row in rows:
            row["choices"] = list(CHOICES[row["event"]])
            row["agreed"] = AGREED.get(row["event"])
        return rows


def _once(one, text, named="name"):
    """`text`, where no other record of the model of `one` is called so. Raises ValidationError."""
    if folded(text) != folded(getattr(one, named)) and (other := twin(one, text, named)):
        raise serializers.ValidationError(taken(other))
    return text


class ReturnReasonSerializer(serializers.ModelSerializer):
    """Why a rep may return a lead, and where that sends it. `wake_days` counts for nurture."""

    class Meta:
        model = ReturnReason
        fields = ["id", "code", "name", "destination", "wake_days", "blames", "position", "active"]
        read_only_fields = ["code"]

    def validate_name(self, name):
        """That no other reason has."""
        return _once(self.instance or ReturnReason(), name)

    def create(self, values):
        """With a code of its own, made of the name."""
        return super().create({**values, "code": free_code(ReturnReason, values["name"], "reason")})


class ReturnReasonFilters(FilterSet):
    class Meta:
        model = ReturnReason
        fields = ["code", "destination", "active"]


class ReturnReasonResource(Writable):
    """Return reasons: what a rep may say, and where each sends the lead."""

    queryset = ReturnReason.objects.all()
    serializer_class = ReturnReasonSerializer
    filterset_class = ReturnReasonFilters
    order = ("position", "id")
    may = {"create": "leads.change_words", "partial_update": "leads.change_words"}


class QuestionSerializer(serializers.ModelSerializer):
    """A question that the desk answers before a lead is ready; `answers` of a lead are told by its `code`."""

    class Meta:
        model = Question
        fields = ["id", "code", "text", "required", "position", "active"]
        read_only_fields = ["code"]

    def validate_text(self, text):
        """That no other question has."""
        return _once(self.instance or Question(), text, "text")

    def save(self, **more):
        """With a code of its own, made of the text; pages ask it at once."""
        if self.instance is None:
            more["code"] = free_code(Question, self.validated_data["text"], "question")
        saved = super().save(**more)
        questions.IN_USE.forget()
        return saved


class QuestionFilters(FilterSet):
    class Meta:
        model = Question
        fields = ["code", "required", "active"]


class QuestionResource(Writable):
    """The agreed questions."""

    queryset = Question.objects.all()
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilters
    order = ("position", "id")
    may = {"create": "leads.change_words", "partial_update": "leads.change_words"}
