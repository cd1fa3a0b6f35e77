"""What a capture form may ask, and the form that visitors see."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leads.models import Question
from pipeline import identities
from ui.forms import Form

ASK, MUST = "ask", "must"
ADDRESSES = ("email", "phone", "wechat")
ANSWER = "answer-"
# Campaign parameters and the click ids of ad platforms, taken from the address of the page.
TRACKED = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "gbraid", "wbraid", "fbclid",
    "msclkid", "yclid", "ttclid", "li_fat_id", "bd_vid", "qhclickid", "page",
)  # fmt: skip
LONGEST_TRACKED = 300
PERSON = pgettext_lazy("of a person", "Name")
REGIONS = {"zh-hans": "CN", "ru": "RU"}  # of telephone numbers, as a language hints at
AS_TYPED = "as_typed"  # what the visitor was told that we cannot read: sent again as it stands, it is taken
TRAP = "website"  # a field that people do not see


def _text(label, most, complete, **attrs):
    widget = forms.TextInput(attrs={"autocomplete": complete, **attrs})
    return lambda: forms.CharField(label=label, max_length=most, required=False, widget=widget)


FIELDS = {
    "full_name": (PERSON, _text(PERSON, 300, "name")),
    "company": (_("Company"), _text(_("Company"), 300, "organization")),
    "job_title": (_("Job title"), _text(_("Job title"), 200, "organization-title")),
    "email": (
        _("E-mail"),
        lambda: forms.EmailField(
            label=_("E-mail"),
            max_length=320,
            required=False,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        ),
    ),
    "phone": (_("Mobile"), _text(_("Mobile"), 60, "tel", inputmode="tel")),
    "wechat": (_("WeChat"), _text(_("WeChat"), 100, "off")),
    "country": (_("Country"), _text(_("Country"), 100, "country-name")),
    "city": (_("City"), _text(_("City"), 100, "address-level2")),
    "message": (
        _("Message"),
        lambda: forms.CharField(
            label=_("Message"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
        ),
    ),
}


class PublicForm(Form):
    """The visitor's form. Hidden beside what is asked: where the visitor came from, the seal, and the trap."""

    data: QueryDict

    def __init__(self, web_form, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.web_form = web_form
        asked = web_form.asked
        for name, (_label, make) in FIELDS.items():
            if name in asked:
                self._add(name, make(), asked[name] == MUST)
        for question in self._questions(asked):
            name = f"{ANSWER}{question.code}"
            self._add(name, forms.CharField(label=str(question), max_length=500), asked[name] == MUST)
        self.fields["consent"] = forms.BooleanField(required=web_form.consent_must)
        if web_form.news:
            self.fields["news"] = forms.BooleanField(required=False)
        for name in TRACKED:
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        for name in (AS_TYPED, "seal"):
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields[TRAP] = forms.CharField(required=False)

    def _questions(self, asked):
        codes = [name.removeprefix(ANSWER) for name in asked if name.startswith(ANSWER)]
        return Question.objects.filter(active=True, code__in=codes) if codes else ()

    def _add(self, name, field, must):
        field.required = must
        field.widget.is_required = must
        self.fields[name] = field

    def shown(self):
        """The fields that visitors fill in, in order."""
        return [field for field in self if field.name in FIELDS or field.name.startswith(ANSWER)]

    def quiet(self):
        """The hidden ones."""
        return [self[name] for name in (*TRACKED, AS_TYPED, "seal")]

    def clean(self):
        """Somebody who leaves no address could never be answered: nor, most likely, one whose only address nobody can read."""
        given = super().clean() or self.cleaned_data
        asked = [name for name in ADDRESSES if name in self.web_form.asked]
        if asked and not any(given.get(name) or name in self.errors for name in asked):
            raise forms.ValidationError(_("Leave at least one way to reach you."))
        unread = identities.unreadable(given)
        typed = " ".join(unread.values())
        readable = any(given.get(name) for name in ADDRESSES if name not in unread)
        if unread and not readable and given.get(AS_TYPED) != typed:
            self._ask_again(unread, typed)
        return given

    def _ask_again(self, unread, typed):
        self.data = self.data.copy()
        self.data[AS_TYPED] = typed
        for name in unread:
            self.add_error(
                name, _("We cannot read this. Please correct it, or send it once more as it stands.")
            )

    def said(self):
        """What is kept of a valid post: texts that are not empty, and the ticks."""
        return {
            name: value[:LONGEST_TRACKED] if name in TRACKED else value
            for name, value in self.cleaned_data.items()
            if value and name not in ("seal", AS_TYPED, TRAP)
        }
