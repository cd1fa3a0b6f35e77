"""The marketer's form for a capture form: what it asks, says and allows."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import Question, WebForm
from leads.webforms.asking import ADDRESSES, ANSWER, ASK, FIELDS, MUST
from leads.webforms.origins import normalised
from ui.forms import ModelForm

HOW = (("", _("not asked")), (ASK, _("asked")), (MUST, _("must be given")))
ASKS = "asks-"


class WebFormForm(ModelForm):
    """Texts, consent and sites are columns; each field that may be asked is a choice of its own."""

    class Meta:
        model = WebForm
        fields = [
            "title", "intro", "kind", "language", "button", "thanks", "consent_text", "consent_must", "news", "hosts",
            "per_hour", "active",
        ]  # fmt: skip
        widgets = {
            "intro": forms.Textarea(attrs={"rows": 2}),
            "thanks": forms.Textarea(attrs={"rows": 2}),
            "consent_text": forms.Textarea(attrs={"rows": 3}),
            "hosts": forms.Textarea(attrs={"rows": 2, "placeholder": "https://www.example.com"}),
        }
        help_texts = {
            "language": _("None: the language of the visitor's browser."),
            "button": _("Empty: the shipped words, in the visitor's language."),
            "consent_text": _("Empty: the shipped text. A changed text gets a new version; old consents keep theirs."),
            "per_hour": _("Those beyond it are held for a look, not lost. Raise it for a fair, where everybody sends from one network."),
            "hosts": _("One a line. Only these may embed the form, or post to it from a page of their own."),
            "kind": _("A request for a quote, a demo or a call raises a hand: an MQL at once."),
        }  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("the visitor's")), *self.fields["language"].choices[1:]]
        self.fields["per_hour"].required = False
        self.asking = []
        for name, label in self._askable():
            self.fields[f"{ASKS}{name}"] = forms.ChoiceField(
                label=label, choices=HOW, required=False, initial=self.instance.asked.get(name, "")
            )
            self.asking.append(f"{ASKS}{name}")

    def _askable(self):
        yield from ((name, label) for name, (label, _make) in FIELDS.items())
        for question in Question.objects.filter(active=True):
            yield f"{ANSWER}{question.code}", str(question)

    @property
    def asked_fields(self):
        """The choices of what is asked, as the page shows them."""
        return [self[name] for name in self.asking]

    @property
    def texts(self):
        """What the form says."""
        return [self[name] for name in ("title", "intro", "kind", "language", "button", "thanks")]

    @property
    def rest(self):
        """Consent, sites, and whether it is open."""
        return [
            self[name] for name in ("consent_text", "consent_must", "news", "hosts", "per_hour", "active")
        ]

    def clean_per_hour(self):
        """An empty answer leaves it as it is."""
        return self.cleaned_data["per_hour"] or self.instance.per_hour

    def clean_hosts(self):
        """One origin a line."""
        lines = self.cleaned_data["hosts"].split()
        try:
            return "\n".join(dict.fromkeys(normalised(line) for line in lines))
        except ValueError as error:
            raise forms.ValidationError(
                _("“%(site)s” is no site, such as https://www.example.com."), params={"site": error}
            ) from None

    def clean(self):
        """A form that asks for no address brings nobody back."""
        given = super().clean()
        asked = {name.removeprefix(ASKS): given[name] for name in self.asking if given.get(name)}
        if not any(name in asked for name in ADDRESSES):
            self.add_error(None, _("Ask for at least one of e-mail, mobile and WeChat."))
        given["asked"] = asked
        return given

    def save(self, commit=True):
        """A changed text of consent is a new version."""
        self.instance.asked = self.cleaned_data["asked"]
        if self.instance.pk and "consent_text" in self.changed_data:
            self.instance.consent_version += 1
        return super().save(commit)
