"""Forms of what an administrator keeps about leads: agreed questions, return reasons, names of mappings."""

from django.utils.translation import gettext_lazy as _

from leads.models import Mapping, Question, ReturnReason
from pipeline.forms.stages import free_code
from ui.forms import ModelForm


class QuestionForm(ModelForm):
    """A question that the desk answers before a lead is ready."""

    class Meta:
        model = Question
        fields = ["text", "required", "position", "active"]
        help_texts = {
            "required": _("Without an answer a lead is not ready to be offered."),
            "active": _("Without the tick nobody is asked any more; answers stay."),
        }

    def save(self, commit=True):
        if not self.instance.code:
            self.instance.code = free_code(Question, self.instance.text, "question")
        return super().save(commit)


class ReturnReasonForm(ModelForm):
    """Why a rep may return a lead, and where it goes then."""

    class Meta:
        model = ReturnReason
        fields = ["name", "destination", "wake_days", "blames", "position", "active"]
        help_texts = {
            "wake_days": _("Only for nurture: how long the lead sleeps unless the rep says otherwise."),
            "blames": _("Counts in the return rate that marketing answers for."),
            "active": _("Without the tick reps cannot choose it any more; history keeps it."),
        }

    def save(self, commit=True):
        if not self.instance.code:
            self.instance.code = free_code(ReturnReason, self.instance.name, "reason")
        return super().save(commit)


class MappingForm(ModelForm):
    """What a remembered mapping is called."""

    class Meta:
        model = Mapping
        fields = ["name"]
