"""Which signals are worth knowing: the page, each track's word, and the draft without what neither wants."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.doors import permitted, requires
from accounts.models import Track
from accounts.people import signs_for
from leads.forms.signals import WordForm
from leads.models import ScoreModel
from leads.scoring import signals
from leads.scoring.verdict import FEWEST
from ui.htmx import redirect

KINDS = {
    "rule": gettext_lazy("Rules of the scorecard"),
    "touch": gettext_lazy("What they did before they were handed over"),
    "question": gettext_lazy("Agreed questions answered"),
    "fact": gettext_lazy("Facts that are known today"),
}


@requires("leads.view_scoring")
def signal_list(request):
    """Every signal by its kind, those that tell most first, with the word of both tracks."""
    line = _line(request.GET.get("line", ""))
    found = signals.judged(line)
    groups = [(label, [one for one in found if one.signal.kind == kind]) for kind, label in KINDS.items()]
    speaks = permitted(request, "leads.judge_signal") and signs_for(request.user)
    context = {
        "groups": [(label, rows) for label, rows in groups if rows],
        "lines": [one for one in _lines() if one],
        "line": line,
        "fewest": FEWEST,
        "tracks": Track,
        "form": WordForm() if speaks else None,
        "useless": [one for one in found if one.is_useless],
        "rules": [one for one in found if one.is_useless and one.signal.kind == "rule"],
        "may_change": permitted(request, "leads.change_scoring"),
    }
    return render(request, "leads/scoring/signals.html", context)


@require_POST
@requires("leads.judge_signal")
def signal_say(request):
    """Keep a track's word on a signal."""
    form = WordForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether it is useful. Nothing was kept."))
    else:
        try:
            signals.say(**form.cleaned_data, by=request.user)
        except signals.NotYours as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your side's word is kept."))
    return redirect(request, _page(request))


@require_POST
@requires("leads.change_scoring")
def signal_drop(request):
    """Draft the scorecard without the rules that both tracks hold for not useful."""
    line = _line(request.POST.get("line", ""))
    useless = {one.signal.key for one in signals.judged(line) if one.is_useless}
    draft = signals.draft_without(useless, line)
    if draft is None:
        messages.info(request, _("No rule is held for not useful by both sides: nothing was drafted."))
        return redirect(request, _page(request))
    messages.success(request, _("A draft without these rules: look at what would change, then publish it."))
    return redirect(request, "leads:scorecard", draft.pk)


def _page(request):
    line = request.POST.get("line", "")
    return reverse("leads:signals") + (f"?line={line}" if line in _lines() and line else "")


def _lines():
    return list(ScoreModel.objects.filter(in_force=True).order_by("line").values_list("line", flat=True))


def _line(asked):
    if asked and asked not in _lines():
        raise Http404
    return asked
