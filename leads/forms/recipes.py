"""Forms of campaign templates: what is asked when a campaign begins, and the template itself."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.currency import InHouse
from engine.moments import day_in_reach
from leads.models import CampaignTemplate
from pipeline.identities import clean_text
from ui.forms import Form, ModelForm, MoneyField, OurWords


class BeginForm(InHouse, Form):
    """The three things that no template knows."""

    name = forms.CharField(label=pgettext_lazy("of a campaign", "Name"), max_length=300)
    starts_on = forms.DateField(label=_("First day"), validators=[day_in_reach])
    budget = MoneyField(label=_("Budget"), min_value=0, required=False)
    with_form = forms.BooleanField(label=_("With a capture form"), required=False)

    def clean_name(self):
        """As names are stored."""
        return clean_text(self.cleaned_data["name"])


class TemplateForm(OurWords, InHouse, ModelForm):
    """A template: the typical plan, and whether a form comes with it."""

    words = ("name", "note")

    budget = MoneyField(label=_("Typical budget"), min_value=0, required=False)
    expected_revenue = MoneyField(label=_("Expected revenue"), min_value=0, required=False)

    class Meta:
        model = CampaignTemplate
        fields = [
            "name", "channel", "days", "budget", "expected_leads", "expected_revenue", "note", "with_form", "form_kind",
            "position", "active",
        ]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
