"""Forms of what an administrator keeps about deals: the stages of the board, and why deals are won or lost."""

import unicodedata

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pipeline import gates
from pipeline.models import DealStage, ForecastCategory, Outcome, OutcomeReason
from pipeline.names import latin
from ui import formats
from ui.forms import ModelForm, OurWords
from ui.once import NamedOnce


def spelt(name):
    """A code that spells the name in Latin letters; "" where not all of it can be written so: half a name misleads."""
    text = unicodedata.normalize("NFKD", latin(name))
    return "" if any(char.isalpha() and not char.isascii() for char in text) else slugify(text)[:40]


def free_code(model, name, fallback, joint="-"):
    """A code made of the name that no other record of `model` has; its words are joined by `joint`."""
    base = (spelt(name) or fallback).replace("-", joint)
    taken = set(model.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(
        code for code in (base, *(f"{base}{joint}{n}" for n in range(2, len(taken) + 3))) if code not in taken
    )


class StageForm(NamedOnce, OurWords, ModelForm):
    """A stage: those that stand for won and lost keep their meaning and their place in use."""

    words = ("name", "definition")

    asks = forms.MultipleChoiceField(
        label=_("A deal comes here only when"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Whoever heads sales may let one pass, with a sentence. Going back asks nothing; a win asks what the stages on the way ask, too."
        ),
    )

    class Meta:
        model = DealStage
        fields = ["name", "definition", "position", "probability", "category", "asks", "active"]
        help_texts = {
            "definition": _(
                "In a sentence that both departments mean the same by; it is signed with the agreement."
            ),
            "position": _("The smallest number stands first on the board."),
            "probability": _(
                "How many of a hundred deals that reach this stage are won, as far as you know."
            ),
            "active": _("Without the tick the stage is archived: history keeps it, no deal moves there."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["position"] = DealStage.objects.filter(outcome=Outcome.OPEN).count() + 1
            self.initial["category"] = ForecastCategory.PIPELINE
        if self.instance.outcome != Outcome.OPEN:
            for name in ("probability", "category", "active"):
                del self.fields[name]
            self.fields["asks"].label = _("A deal ends here only when")
        self.fields["asks"].choices = self._asks()

    def _asks(self):
        """What may be asked, each with how many open deals it would stop now; what is asked of a retired field stays."""
        ends = self.instance.outcome != Outcome.OPEN
        lack, n = gates.would_stop(self.instance.position if self.instance.pk and not ends else None)
        words = ngettext(
            "would stop %(lack)s of %(n)s open deal", "would stop %(lack)s of %(n)s open deals", n
        )
        known = [
            (name, gettext("%(what)s (%(much)s)") % {
                "what": asked[0], "much": words % {"lack": formats.number(lack[name]), "n": formats.number(n)},
            })
            for name, asked in gates.vocabulary().items()
            if not (ends and name in gates.AHEAD)
        ]  # fmt: skip
        return known + [(name, name) for name in self.instance.asks if name not in lack]

    def clean_active(self):
        """A stage in which open deals stand cannot be archived; the board needs one stage at least."""
        active, stage = self.cleaned_data["active"], self.instance
        if active or stage.pk is None:
            return active
        waiting = stage.deals.filter(outcome=Outcome.OPEN).count()
        if waiting:
            raise forms.ValidationError(
                ngettext(
                    "%(n)d open deal stands here. Move it to another stage first.",
                    "%(n)d open deals stand here. Move them to another stage first.",
                    waiting,
                )
                % {"n": waiting}
            )
        if not DealStage.objects.open().exclude(pk=stage.pk).exists():
            raise forms.ValidationError(_("Deals need one stage at least."))
        return active

    def save(self, commit=True):
        if not self.instance.code:
            self.instance.code = free_code(DealStage, self.instance.name, "stage")
        return super().save(commit)


class ReasonForm(NamedOnce, OurWords, ModelForm):
    """Why a deal was won or lost."""

    within = ("outcome",)

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[(Outcome.WON, _("Won")), (Outcome.LOST, _("Lost"))]
    )

    class Meta:
        model = OutcomeReason
        fields = ["name", "outcome", "later", "position", "active"]
        help_texts = {
            "later": _("The lead gets a day on which it wakes up, instead of being let go."),
            "active": _("Without the tick nobody can choose it any more; history keeps it."),
        }

    def save(self, commit=True):
        if not self.instance.code:
            self.instance.code = free_code(OutcomeReason, self.instance.name, "reason")
        return super().save(commit)
