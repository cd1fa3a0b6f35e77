"""Forms of obstacles: what stopped a talk, and marketing's answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import AnswerKind, ObstacleKind
from ui.forms import Form


class ObstacleForm(Form):
    """What stopped the talk: one tap, and words if there are any."""

    kind = forms.ChoiceField(
        label=_("What stopped it?"),
        choices=ObstacleKind.choices,
        error_messages={"required": _("Choose what stopped it.")},
    )
    words = forms.CharField(label=_("In their words"), max_length=500, required=False)


class MetForm(Form):
    """The same within another dialog, where nothing needs to have stopped anything."""

    obstacle = forms.ChoiceField(
        label=_("What stopped the talk?"),
        required=False,
        choices=[("", _("Nothing for marketing to answer")), *ObstacleKind.choices],
        help_text=_("Marketing owes an answer to what you choose; the note goes along."),
    )


class AnswerObstacleForm(Form):
    """What a rep can say, show or offer where this stops a talk."""

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=AnswerKind.choices)
    text = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    link = forms.URLField(
        label=_("Address of the material"), max_length=500, required=False, assume_scheme="https"
    )


class SpeakForm(Form):
    """The answer as an argument of One voice."""

    text = forms.CharField(label=_("Words"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    proof = forms.CharField(label=_("Proof"), max_length=500)
