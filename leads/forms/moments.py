"""The form of a rule of moments."""

from leads.models.moments import MomentRule
from ui.forms import ModelForm, OurWords


class RuleForm(OurWords, ModelForm):
    """Which touches matter, how often, and by whom."""

    class Meta:
        model = MomentRule
        fields = ["name", "kind", "whom", "times", "days", "words", "position", "active"]
