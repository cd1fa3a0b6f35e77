"""What an administrator keeps about deals and fields, in the REST API: judged and kept by the forms of their pages."""

from django.conf import settings
from rest_framework import serializers

from accounts import organisation
from accounts.formed import Formed, Shown
from pipeline.forms.fields import MOST_CHOICES, FieldForm
from pipeline.forms.stages import ReasonForm, StageForm
from pipeline.models import CustomField, DealStage, OutcomeReason
from ui.filters import FilterSet


class DealStageSerializer(Formed, serializers.ModelSerializer):
    """A column of the board: what a deal there is worth to the forecast. `outcome` tells the two that stand for won and lost.

    `asks` is what a deal needs to be moved there. Without `active` it is archived: history keeps it, no deal moves there.
    """

    class Meta:
        model, form = DealStage, StageForm
        fields = [
            "id",
            "code",
            "name",
            "definition",
            "position",
            "probability",
            "category",
            "outcome",
            "asks",
            "active",
        ]
        read_only_fields = ["code", "outcome"]
        extra_kwargs = {"position": {"required": False}, "category": {"required": False}}


class StageFilters(FilterSet):
    class Meta:
        model = DealStage
        fields = ["code", "outcome", "category", "active"]


class StageResource(Shown):
    """Deal stages, in the order of the board."""

    queryset = DealStage.objects.all()
    serializer_class = DealStageSerializer
    filterset_class = StageFilters
    order = ("position", "id")
    reads = "pipeline.view_deal"
    may = dict.fromkeys(("create", "partial_update"), "pipeline.manage_stages")


class OutcomeReasonSerializer(Formed, serializers.ModelSerializer):
    """Why a deal is won or lost. `later`: the lead gets a day on which it wakes up. Without `active` nobody can choose it."""

    class Meta:
        model, form = OutcomeReason, ReasonForm
        fields = ["id", "code", "name", "outcome", "later", "position", "active"]
        read_only_fields = ["code"]


class ReasonFilters(FilterSet):
    class Meta:
        model = OutcomeReason
        fields = ["code", "outcome", "later", "active"]


class ReasonResource(Shown):
    """Reasons of won and lost deals."""

    queryset = OutcomeReason.objects.all()
    serializer_class = OutcomeReasonSerializer
    filterset_class = ReasonFilters
    order = ("outcome", "position", "id")
    reads = "pipeline.view_deal"
    may = dict.fromkeys(("create", "partial_update"), "pipeline.manage_stages")


class FieldSerializer(Formed, serializers.ModelSerializer):
    """A field of one's own: its values stand in `attributes` of leads, companies or deals, under its `code`.

    `names` has its name in other languages than the organisation's, `choices` what may be chosen where `kind` is a choice.
    `on` and `kind` stay as they began.
    """

    names = serializers.DictField(
        child=serializers.CharField(max_length=80, allow_blank=True), required=False
    )
    choices = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=MOST_CHOICES, required=False
    )

    class Meta:
        model, form = CustomField, FieldForm
        fields = ["id", "on", "code", "name", "names", "kind", "choices", "required", "position", "active"]
        read_only_fields = ["code"]

    def validate_names(self, names):
        """By languages that this copy speaks, but for the organisation's: that is `name`."""
        others = [code for code, _name in settings.LANGUAGES if code != organisation.current().language]
        by_code = serializers.ChoiceField(others)
        return {by_code.run_validation(code): name for code, name in names.items()}

    def asked(self, values):
        """As the form asks for them: a name for each language, choices line by line."""
        said = {name: value for name, value in values.items() if name not in ("names", "choices")}
        if "choices" in values:
            said["choose_from"] = "\n".join(values["choices"])
        if "names" in values:
            said |= {f"name_{code}": values["names"].get(code, "") for code in self.begin().others}
        return said

    def ours(self, name):
        """The form's extra fields by the field that they fill."""
        return {"choose_from": "choices"}.get(name, "names" if name.startswith("name_") else name)


class FieldFilters(FilterSet):
    class Meta:
        model = CustomField
        fields = ["on", "code", "kind", "active"]


class FieldResource(Shown):
    """Own fields of leads, companies and deals."""

    queryset = CustomField.objects.all()
    serializer_class = FieldSerializer
    filterset_class = FieldFilters
    order = ("on", "position", "id")
    reads = "pipeline.view_company"
    may = dict.fromkeys(("create", "partial_update"), "pipeline.manage_fields")
