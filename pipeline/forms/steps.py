"""The form of a step: what, by when, and for whom where there is a choice."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pipeline.models import Step
from ui.forms import ModelForm, MomentInput


class ForWhom(forms.BaseForm):
    """Mixed into a form of a step. `helpers`: who may be asked, as `pipeline.helping` gives them; `owner`: whose it is so far."""

    def __init__(self, *args, helpers=(), owner=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.so_far = owner
        if {one.pk for one in helpers} - {owner}:
            self.fields["owner"] = forms.TypedChoiceField(
                label=_("For whom"),
                choices=[(one.pk, one.name) for one in helpers],
                coerce=int,
                empty_value=None,
                required=False,
                initial=owner,
            )

    @property
    def whose(self):
        """The key of whom the step is for."""
        return self.cleaned_data.get("owner") or self.so_far


class StepForm(ForWhom, ModelForm):
    """What is to be done, by when, and for whom."""

    class Meta:
        model = Step
        fields = ["what", "due_at"]
        widgets = {"due_at": MomentInput}
