"""What hangs on a deal: its lines, people, steps and files."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from leads.forms.deals import DealContactForm, LineForm
from leads.views import deal_page
from pipeline import files, steps
from pipeline.forms.companies import FileForm
from pipeline.models import DealLine, Outcome, Step
from ui.htmx import redirect
from ui.responses import invalid


@require_POST
def line_new(request, pk):
    """Add a product to an open deal."""
    found = deal_page.workable(request, pk)
    if found.outcome != Outcome.OPEN:
        raise PermissionDenied
    return _added(request, found, "line_form", LineForm(request.POST, instance=DealLine(deal=found)))


@require_POST
def line_remove(request, pk, line):
    """Take a product out of an open deal."""
    found = deal_page.workable(request, pk)
    if found.outcome != Outcome.OPEN:
        raise PermissionDenied
    get_object_or_404(found.lines, pk=line).delete()
    return redirect(request, "leads:deal", pk)


@require_POST
def contact_new(request, pk):
    """Add a contact with a role."""
    found = deal_page.workable(request, pk)
    form = DealContactForm(request.POST, deal=found)
    form.instance.deal = found
    return _added(request, found, "contact_form", form)


@require_POST
def deal_step_new(request, pk):
    """Plan a step, one's own or for somebody else; an adviser's is for whoever is responsible."""
    found = deal_page.assisted(request, pk)
    form = deal_page.step_form(request, found, request.POST, instance=Step(deal=found))
    if not form.is_valid():
        return invalid(request, "leads/deals/deal.html", deal_page.page(request, found, step_form=form))
    steps.plan(form.save(commit=False), form.whose, by=request.user, at=timezone.now())
    return redirect(request, "leads:deal", pk)


@require_POST
def attachment_new(request, pk):
    """Keep a file with the deal, under a random name."""
    found = deal_page.assisted(request, pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return invalid(request, "leads/deals/deal.html", deal_page.page(request, found, attachment_form=form))
    files.keep(form.cleaned_data["file"], by=request.user, deal=found)
    return redirect(request, "leads:deal", pk)


def attachment(request, pk, attachment):
    """A file of the deal, always as a download."""
    found = deal_page.seen(request, pk)
    return files.download(get_object_or_404(found.attachments, pk=attachment))


def _added(request, found, name, form):
    if not form.is_valid():
        return invalid(request, "leads/deals/deal.html", deal_page.page(request, found, **{name: form}))
    form.save()
    return redirect(request, "leads:deal", found.pk)
