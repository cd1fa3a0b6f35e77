"""Rules of routing: in their order, tried before they are saved; and how fairly they dealt."""

from collections import Counter

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import held, permitted, requires, saves
from accounts.models import User
from leads import assignment, fairness
from leads.forms.routing import LedgerForm, RuleForm
from leads.models import AssignmentRule, Lead
from leads.timeline import translated
from ui.htmx import redirect
from ui.responses import invalid


@requires("leads.view_routing")
def routing(request):
    """The rules in order, and the fairness ledger of the last thirty days, of all of them or one."""
    at = timezone.now()
    rules = AssignmentRule.objects.select_related("team", "product").prefetch_related(
        "segments", "regions", "reps", "preferred"
    )
    form = LedgerForm(rules, request.GET)
    rule = form.asked()
    context = {
        "rules": rules,
        "form": form,
        "of_all": rule == fairness.EVERY,
        "ledger": fairness.ledger(at - fairness.SPAN, at, rule),
        "values": fairness.VALUES,
        "may_change": permitted(request, "leads.change_routing"),
    }
    return render(request, "leads/routing/routing.html", context)


@saves
@requires("leads.change_routing")
def rule_edit(request, pk=None):
    """Make or change a rule. “Try” says who would get what with it, and keeps nothing."""
    rule = (
        held(request, get_object_or_404(AssignmentRule, pk=pk))
        if pk
        else AssignmentRule(position=AssignmentRule.last_position() + 1)
    )
    form = RuleForm(request.POST or None, instance=rule)
    context = {"form": form, "rule": rule if pk else None}
    if request.method != "POST":
        return render(request, "leads/routing/rule.html", context)
    if not form.is_valid():
        return invalid(request, "leads/routing/rule.html", context)
    if "try" in request.POST:
        context |= _told(assignment.tried(form.save, timezone.now()))
        return render(request, "leads/routing/rule.html", context)
    form.save()
    messages.success(request, _("The rule is saved."))
    return redirect(request, "leads:routing")


@require_POST
@requires("leads.change_routing")
def rule_remove(request, pk):
    """Take a rule away; its former runs keep what they weighed."""
    assignment.remove(get_object_or_404(AssignmentRule, pk=pk))
    messages.success(request, _("The rule is gone."))
    return redirect(request, "leads:routing")


def _told(trial):
    """A Trial as the page shows it."""
    placed = trial.placed
    people = User.objects.in_bulk({one.rep_id for one in placed if one.rep_id})
    leads = Lead.objects.select_related("contact__company").in_bulk([one.lead_id for one in placed])
    rows = [
        (leads[one.lead_id], people.get(one.rep_id), translated(one.because), trial.rules.get(one.rule_id), one.fate)
        for one in placed
    ]  # fmt: skip
    shares = Counter(people[one.rep_id].full_name for one in placed if one.rep_id)
    return {"tried": rows, "tried_due": trial.due, "shares": shares.most_common(), "was_tried": True}
