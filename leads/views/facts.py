"""Correcting what is known: the facts of a lead, and a step that is to be done otherwise or later."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.doors import get_held, hold, permitted, require, saves
from leads import assignment
from leads.forms.facts import LEAD, LeadFactsForm
from leads.models import Lead
from pipeline import helping, steps
from pipeline.forms.steps import StepForm
from pipeline.models import Step
from ui import inline
from ui.htmx import redirect
from ui.responses import invalid

PAGE = "leads/lead/edit.html"


@saves
def lead_edit(request, pk):
    """Change the facts of a lead."""
    found = get_held(request, Lead.objects, "leads.change_lead", pk)
    form = LeadFactsForm(request.POST or None, instance=found)
    answer = _edited(request, form, found.contact, reverse("leads:lead", args=[pk]))
    if form.is_bound:
        assignment.look_again([pk], timezone.now())
    return answer


@saves
def lead_field(request, pk, field):
    """Change one fact of a lead where it is read."""
    found = get_held(request, Lead.objects, "leads.change_lead", pk)

    def save(form):
        form.save()
        assignment.look_again([pk], timezone.now())
        return True

    return inline.change(request, LEAD, found, field, save)


@saves
def step_edit(request, pk):
    """Change what is to be done, by when, and for whom."""
    step = get_object_or_404(Step, pk=pk)
    if not permitted(request, "pipeline.view_step", step):
        raise Http404
    require(request, "pipeline.work_step", step)
    if request.method == "POST":
        step = hold(step)
    helpers, owner = helping.helpers(steps.about(step), request.user), step.owner_id
    if owner not in {one.pk for one in helpers}:  # whose it is may have lost sight of it, and keeps it
        helpers = [*helpers, helping.one(step.owner)]
    form = StepForm(request.POST or None, instance=step, helpers=helpers, owner=owner)
    came_from = request.POST.get("next") or request.headers.get("Referer")
    back = inline.following(came_from, request, reverse("leads:my-day"))

    def save():
        steps.plan(form.save(commit=False), form.whose, by=request.user, at=timezone.now())

    return _edited(request, form, step, back, save)


def _edited(request, form, thing, back, save=None):
    context = {"form": form, "thing": thing, "back": back}
    if request.method != "POST":
        return render(request, PAGE, context)
    if not form.is_valid():
        return invalid(request, PAGE, context)
    (save or form.save)()
    messages.success(request, _("Saved."))
    return redirect(request, back)
