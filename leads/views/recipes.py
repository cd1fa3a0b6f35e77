"""A campaign from a template; and the templates themselves."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import organisation
from accounts.doors import get_held, get_permitted, permitted, requires, saves
from leads import recipes
from leads.forms.recipes import BeginForm, TemplateForm
from leads.models import CampaignTemplate
from ui.htmx import redirect
from ui.responses import invalid


@requires("pipeline.add_campaign")
def template_list(request):
    """Which kind of campaign?"""
    may_change = permitted(request, "leads.change_template")
    templates = CampaignTemplate.objects.visible_to(request.user)
    if not may_change:
        templates = templates.filter(active=True)
    return render(request, "leads/recipes/list.html", {"templates": templates, "may_change": may_change})


def template_begin(request, pk):
    """Name, first day, budget: the campaign is there."""
    template = get_permitted(request, CampaignTemplate.objects, "pipeline.add_campaign", pk)
    at = timezone.now()
    today = organisation.today(at)
    known = {"name": f"{template} {today.year}", "starts_on": today, "budget": template.budget, "with_form": template.with_form}  # fmt: skip
    form = BeginForm(request.POST or None, initial=known)
    context = {"form": form, "template": template}
    if request.method != "POST":
        return render(request, "leads/recipes/begin.html", context)
    if not form.is_valid():
        return invalid(request, "leads/recipes/begin.html", context)
    campaign, made = recipes.begin(template, **form.cleaned_data, by=request.user, at=at)
    said = _("The campaign is there, with its form and QR code.") if made else _("The campaign is there.")
    messages.success(request, said)
    return redirect(request, "pipeline:campaign", campaign.pk)


@requires("leads.change_template")
def template_new(request):
    """Make a template."""
    return _edit(request, CampaignTemplate(), _("New campaign template"))


@saves
def template_edit(request, pk):
    """Change a template; campaigns made from it stay as they are."""
    template = get_held(request, CampaignTemplate.objects, "leads.change_template", pk)
    return _edit(request, template, _("Edit the campaign template"))


def _edit(request, instance, title):
    shipped = {"name": str(instance), "note": instance.told} if instance.pk else {}
    form = TemplateForm(request.POST or None, instance=instance, initial=shipped)
    context = {"form": form, "title": title}
    if request.method != "POST":
        return render(request, "leads/recipes/edit.html", context)
    if not form.is_valid():
        return invalid(request, "leads/recipes/edit.html", context)
    form.save()
    messages.success(request, _("The template is saved."))
    return redirect(request, "leads:template-list")
