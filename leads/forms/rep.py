"""Forms that reps fill in on the phone: few fields, most of them optional."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.capture import Captured, Consent
from leads.forms.reach import Reachable
from leads.models import TouchKind
from pipeline.channels import Channel
from pipeline.models import ConsentPurpose
from ui.forms import Form

HOW = (TouchKind.MEETING, TouchKind.CALL, TouchKind.CHAT, TouchKind.EVENT, TouchKind.MAIL)


class FindForm(Reachable, Form):
    """A rep's own find: who it is, one way to reach them, how they met."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    company = forms.CharField(label=_("Company"), max_length=300, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=60,
        required=False,
        help_text=_("With the country code"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    wechat = forms.CharField(label=_("WeChat"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=320, required=False)
    kind = forms.ChoiceField(label=_("How did you meet?"), choices=[(kind.value, kind.label) for kind in HOW])
    note = forms.CharField(
        label=_("What do they need?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    consent = forms.BooleanField(label=_("They agreed that we contact them"), required=False)

    def clean(self):
        """Somebody without any name or address could never be found again."""
        given = super().clean()
        if not any(self.data.get(name, "").strip() for name in ("email", "phone", "wechat", "full_name")):
            raise forms.ValidationError(_("Give a name, or at least one way to reach them."))
        return given

    def captured(self):
        """What `leads.capture` takes. A consent said aloud carries no text: it opens no suppressed address."""
        given = dict(self.cleaned_data)
        agreed = given.pop("consent")
        consents = [Consent(purpose=ConsentPurpose.SALES, evidence={"said": "aloud"})] if agreed else []
        return Captured(channel=Channel.SALES_OWN, consents=consents, **given)


class NoteForm(Form):
    """Something to remember about a contact."""

    note = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
