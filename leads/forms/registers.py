"""Forms of what an administrator keeps about leads: agreed questions, return reasons, names of mappings."""

from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from leads import questions
from leads.models import Destination, HandoverRule, Mapping, Question, ReturnReason
from leads.models.handover import BEST, CHOICES, DAYS, HOURS
from pipeline.forms.stages import free_code
from ui.forms import ModelForm, OurWords
from ui.once import NamedOnce


class QuestionForm(NamedOnce, OurWords, ModelForm):
    """A question that the desk answers before a lead is ready."""

    words = ("text",)
    named = "text"

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
        saved = super().save(commit)
        questions.IN_USE.forget()
        return saved


class ReturnReasonForm(NamedOnce, OurWords, ModelForm):
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


class HandoverForm(ModelForm):
    """Where the leads of one event go: only what may be chosen for it, and its own number where it has one."""

    class Meta:
        model = HandoverRule
        fields = ["goes_to", "after", "best_goes_to", "best_after"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        event = self.instance.event
        self.fields["goes_to"].choices = _ways(CHOICES[event])
        self.fields["best_goes_to"].choices = _ways(BEST.get(event, ()))
        self.fields["best_goes_to"].required = True
        unit = _("Hours in line") if event in HOURS else _("Days of rest")
        for name in ("after", "best_after"):
            self.fields[name].help_text = unit
            self.fields[name].required = True
            self.fields[name].validators.append(MinValueValidator(1))
            self.fields[name].widget.attrs["min"] = 1
        unused = [
            *([] if event in BEST else ["best_goes_to"]),
            *([] if event in (*HOURS, *DAYS) else ["after"]),
            *([] if event in HOURS else ["best_after"]),
        ]
        for name in unused:
            del self.fields[name]


def _ways(destinations):
    return [(to.value, to.label) for to in map(Destination, destinations)]


class MappingForm(ModelForm):
    """What a remembered mapping is called."""

    class Meta:
        model = Mapping
        fields = ["name"]
