"""A contact: who they are and how they are known. What happened with them is told on the leads floor."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.doors import get_held, get_permitted, get_surviving, permitted, saves
from pipeline import files, standing
from pipeline.cancellations import cancelled
from pipeline.forms.companies import ContactForm
from pipeline.models import Contact, Deal, Step
from ui.htmx import redirect
from ui.menu import address
from ui.responses import invalid

SEEN = Contact.objects.select_related("company", "region", "merged_into")


def contact(request, pk):
    """The page of a contact; one that was merged away leads to the survivor."""
    found = get_surviving(request, SEEN, "pipeline.view_contact", pk)
    if found.merged_into_id or found.pk != pk:
        return redirect(request, "pipeline:contact", found.merged_into_id or found.pk)
    leads = address("leads:lead-list")
    deals = Deal.objects.visible_to(request.user).filter(contacts=found).told().annotate(gone=cancelled())
    steps = Step.objects.visible_to(request.user).told()
    context = {
        "contact": found,
        "stands": standing.shown(found, request.user),
        "identities": found.identities.order_by("kind", "id"),
        "may_change": permitted(request, "pipeline.change_contact", found),
        "may_merge": permitted(request, "leads.merge_contact", found),
        "leads_url": f"{leads}?contact={found.pk}" if leads else "",
        "deals": deals.order_by("-opened_at", "-id"),
        "files": found.attachments.order_by("-id"),
        "pictures": files.PICTURES,
        "steps": steps.filter(contact=found).order_by("done_at", "due_at"),
    }
    return render(request, "pipeline/contacts/contact.html", context)


def file(request, pk, file):
    """A file of a contact: the photo of a card in place, anything else as a download."""
    found = get_permitted(request, SEEN, "pipeline.view_contact", pk)
    kept = get_object_or_404(found.attachments, pk=file)
    return files.shown(kept) if "show" in request.GET else files.download(kept)


@saves
def contact_edit(request, pk):
    """Correct who a contact is."""
    found = get_held(request, SEEN, "pipeline.change_contact", pk)
    form = ContactForm(request.POST or None, instance=found)
    if request.method != "POST":
        return render(request, "pipeline/contacts/form.html", {"form": form, "contact": found})
    if not form.is_valid():
        return invalid(request, "pipeline/contacts/form.html", {"form": form, "contact": found})
    form.save()
    messages.success(request, _("“%(contact)s” is saved.") % {"contact": found})
    return redirect(request, "pipeline:contact", pk)
