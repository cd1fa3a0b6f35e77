"""Forms of the message house: a statement, what to look at, a text to check."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pipeline.forms.base import SpineForm
from pipeline.models import Audience, Product, Statement, StatementKind
from ui.forms import Form

MOST = 20_000  # characters of a text to check


class StatementForm(SpineForm):
    """What is proposed; of another wording the kind is given."""

    class Meta:
        model = Statement
        fields = ["kind", "text", "proof", "pillar", "product", "audience", "until"]

    def __init__(self, *args, replaces=None, **kwargs):
        super().__init__(*args, **kwargs)
        said = Statement.objects.filter(kind=StatementKind.PILLAR, retired_at=None)
        self.fields["pillar"].queryset = said.order_by("pk")
        if replaces is not None:
            del self.fields["kind"]
            self.instance.kind = replaces.kind


class LookForm(Form):
    """For which product and which audience the house is looked at."""

    product = forms.ModelChoiceField(
        Product.objects.filter(active=True).order_by("name"),
        label=_("Product"),
        required=False,
        empty_label=_("all"),
    )
    audience = forms.ChoiceField(
        label=pgettext_lazy("message house", "To whom"),
        choices=[("", _("all")), *Audience.choices[1:]],
        required=False,
    )


class TextForm(Form):
    """An advertisement, a mail, a page: whatever is to be said."""

    text = forms.CharField(label=_("Text"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 5}))
