"""The filters of the reports, as a form whose every control works without a script."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from pipeline.channels import Channel
from reports import periods
from reports.attribution.models import shown
from ui.forms import Form, MonthField


class ChoiceForm(Form):
    """Period, model, channel, segment and region; what is in force stands in it."""

    period = forms.ChoiceField(label=_("Period"))
    model = forms.ChoiceField(label=_("Model"))
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, choice, known, path):
        super().__init__(
            initial={
                "period": choice.period.key,
                "model": choice.model,
                "channel": choice.channel,
                "segment": choice.segment and choice.segment.id,
                "region": choice.region and choice.region.id,
            }
        )
        self.fields["period"].choices = [*periods.LABELS.items(), ("custom", _("From month to month"))]
        models = shown(organisation.current().level, choice.model)
        self.fields["model"].choices = [(name, model.label) for name, model in models.items()]
        self.fields["channel"].choices = [("", _("All")), *Channel.choices]
        for name, axes in (("segment", known.segments), ("region", known.regions)):
            self.fields[name].choices = [("", _("All")), *((axis.id, axis.name) for axis in axes.values())]
            if not axes:
                del self.fields[name]
        if choice.period.key == "custom":
            self._ask_months(choice.period)
        for field in self.fields.values():
            field.widget.attrs |= {"hx-get": path, "hx-include": "closest form", "hx-trigger": "change"}

    def _ask_months(self, period):
        self.fields["from"] = MonthField(label=_("From"), initial=period.first)
        self.fields["to"] = MonthField(label=_("To"), initial=period.last)
        self.order_fields(["period", "from", "to"])
