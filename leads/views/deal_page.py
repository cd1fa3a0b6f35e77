"""The page of a deal: what it shows to whom."""

from django.urls import reverse
from django.utils import timezone

from accounts.doors import get_permitted, permitted
from accounts.organisation import current, today
from leads import closing, deal_grades
from leads.deal_story import STAGES, told
from leads.forms.deals import CONTRACT, DEAL, DealContactForm, LineForm
from leads.views import cancelling, receipts
from leads.views import counsel as counselling
from pipeline import gates, helping, own_fields, registrations
from pipeline.forms.companies import FileForm
from pipeline.forms.steps import StepForm
from pipeline.models import Deal, FieldOwner, Outcome

SEEN = Deal.objects.select_related(
    "company__marketing_contact",
    "company__sales_owner",
    "stage",
    "owner",
    "outcome_reason",
    "story",
    "product",
    "partner",
    "renews",
    "renewal__outcome_reason",
)


def seen(request, pk):
    """The deal, if the user may see it."""
    return get_permitted(request, SEEN, "pipeline.view_deal", pk)


def workable(request, pk):
    """The deal, if the user may work with it."""
    return get_permitted(request, SEEN, "pipeline.work_deal", pk)


def assisted(request, pk):
    """The deal, if the user may work with it or advises on it: files and steps, and nothing that moves it."""
    return get_permitted(request, SEEN, "leads.assist_lead", pk)


def room(deal):
    """What of a deal may be changed: when it is won, only the end of its contract."""
    return CONTRACT if deal.outcome == Outcome.WON else DEAL


def page(request, found, **forms):
    """The context of the page; `forms` are those that were sent and did not pass."""
    works, at = permitted(request, "pipeline.work_deal", found), timezone.now()
    edit = room(found).pencils(found, works and found.outcome != Outcome.LOST)
    own_edit = edit if found.outcome == Outcome.OPEN else None
    context = counselling.panel(request, found) | {
        "deal": found,
        "graded": (graded := deal_grades.of([found.pk], at).get(found.pk)),
        "is_customers": deal_grades.is_customers(found.kind, graded),
        "own_facts": own_fields.facts(own_fields.shown(FieldOwner.DEAL), found.attributes, own_edit),
        "works": works,
        "edit": edit,
        "may_reopen": permitted(request, "pipeline.reopen_deal", found),
        "undoable": works and closing.undoable(found, by=request.user, at=at),
        "sees_cost": permitted(request, "pipeline.view_cost"),
        "stages": [one for one in STAGES() if one.active and one.outcome == Outcome.OPEN],
        "lines": found.lines.select_related("product"),
        "people": found.deal_contacts.select_related("contact"),
        "steps": found.steps.select_related("owner").order_by("done_at", "due_at"),
        "files": found.attachments.order_by("-id"),
        "passes": found.leads.select_related("contact", "campaign").visible_to(request.user),
        "changes": told(found),
        "currency": current().currency,
        **(gone := cancelling.card(request, found)),
        **receipts.card(request, found, gone["gone"].left if gone else None),
    }
    if found.outcome == Outcome.OPEN:
        on = today(at)
        context["registrations"] = registrations.of_customer(found.company, on, but_dealer=found.partner)
        if works:
            context |= {"line_form": LineForm(), "contact_form": DealContactForm(deal=found)}
        if works or context["offer_counsel_form"]:
            context |= {"step_form": step_form(request, found), "attachment_form": FileForm()}
    return context | forms


def step_form(request, found, *args, **kwargs):
    """The form of a step: one's own, an adviser's for whoever is responsible, or for whom one chooses."""
    own = permitted(request, "pipeline.work_deal", found)
    owner = request.user.pk if own else found.owner_id or request.user.pk
    return StepForm(*args, helpers=helping.helpers(found, request.user), owner=owner, **kwargs)


def lacking(deal, stage):
    """What the deal lacks for a stage, each with the place where it is entered."""
    page = reverse("leads:deal", args=[deal.pk])
    return [{"what": what, "href": page + where} for what, where in gates.lacking(deal, stage)]
