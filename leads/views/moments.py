"""Moments: the one-tap outcome of a card, and the rules that name what matters."""

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import held, requires, saves
from leads import moments
from leads.forms.moments import RuleForm
from leads.models.moments import MomentRule, Outcome
from leads.views import taps
from leads.views.collisions import tell, warn
from ui.htmx import redirect
from ui.responses import invalid


@require_POST
@requires("leads.claim_lead")
def moment_close(request, pk):
    """Say what came of it; only its owner does."""
    moment = get_object_or_404(moments.of(request.user).select_related("contact"), pk=pk)
    outcome = request.POST.get("outcome", "")
    if outcome not in Outcome.values:
        raise SuspiciousOperation("unknown outcome")
    at = timezone.now()
    beside = warn(request, moment.contact_id, at) if outcome in (Outcome.REACHED, Outcome.AGAIN) else []
    if moments.close(moment, outcome, by=request.user, at=at):
        said = _("Done: %(outcome)s.") % {"outcome": Outcome(outcome).label}
        taps.say(request, said, at, reverse("leads:my-day"))
        tell(request, beside)
    else:
        messages.info(request, _("This moment was answered already; nothing was added."))
    return redirect(request, "leads:my-day")


@requires("leads.change_moments")
def rule_list(request):
    """What matters, in the order in which the rules are asked."""
    return render(request, "leads/moments/rules.html", {"rules": MomentRule.objects.all()})


@saves
@requires("leads.change_moments")
def rule_edit(request, pk=None):
    """A new rule, or one to change."""
    rule = held(request, get_object_or_404(MomentRule, pk=pk)) if pk else None
    form = RuleForm(request.POST or None, instance=rule)
    context = {"form": form, "rule": rule}
    if request.method != "POST":
        return render(request, "leads/moments/rule.html", context)
    if not form.is_valid():
        return invalid(request, "leads/moments/rule.html", context)
    form.save()
    messages.success(request, _("“%(rule)s” is saved.") % {"rule": form.instance})
    return redirect(request, "leads:moment-rules")
