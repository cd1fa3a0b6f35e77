"""The forms of an audience: how its effect is measured, and whom to draw into it."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from accounts.models import Region, Segment
from leads import audiences
from leads.models import Audience
from ui.forms import Form, ModelForm


class AudienceForm(ModelForm):
    """Share held out, days, baseline; the share stays once the lot is drawn, its days once they are over: a result is known by then."""

    class Meta:
        model = Audience
        fields = ["held_percent", "days", "baseline"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.drawn_on:
            del self.fields["held_percent"]
        if self.instance.is_over(organisation.today(timezone.now())):
            del self.fields["days"]


class DrawForm(Form):
    """Whom to draw."""

    customers = forms.ChoiceField(
        label=_("Who"),
        required=False,
        choices=[("", _("Everybody")), ("customers", _("Customers")), ("others", _("Not customers yet"))],
    )
    segment = forms.ModelChoiceField(Segment.objects.all(), label=_("Segment"), required=False)
    region = forms.ModelChoiceField(Region.objects.all(), label=_("Region"), required=False)

    def wish(self):
        """The leads.audiences.Wish."""
        return audiences.wish(**self.cleaned_data)


class IncludeForm(Form):
    """Why people with whom sales is talking are written to all the same."""

    reason = forms.CharField(label=_("Why they are included"), max_length=300)
