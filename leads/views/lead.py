"""One lead: what happened, why its grade, what comes next."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import get_permitted, get_surviving, permitted, require
from accounts.models.organisation import Level
from leads import (
    attempts,
    capture,
    collisions,
    delays,
    grading,
    handoffs,
    questions,
    reach,
    scoring,
    timeline,
    tracks,
)
from leads.forms.facts import LEAD
from leads.forms.leads import DisqualifyForm, LeadStepForm, LogForm, NurtureForm, OfferForm, ReasonForm
from leads.forms.rep import NoteForm
from leads.learning import chances
from leads.models import Lead
from leads.views import counsel as counselling
from leads.views import logging, taps
from leads.views.collisions import tell, warn
from pipeline import files, helping, own_fields, steps
from pipeline.models import ConsentEvent, Contact, FieldOwner, Step
from pipeline.stages import Stage, next_stages
from ui.htmx import redirect
from ui.inline import following
from ui.responses import invalid

SEEN = Lead.objects.select_related(
    "contact__company__sales_owner",
    "contact__company__marketing_contact",
    "campaign__owner",
    "owner",
    "segment",
    "region",
    "product",
    "deal",
    "merged_into",
).annotate(card=files.newest_picture("contact"), **helping.hands("contact", "contact__company"))


def lead(request, pk):
    """The page of a lead."""
    found = get_surviving(request, SEEN, "leads.view_lead", pk)
    if found.merged_into_id or found.pk != pk:
        return redirect(request, "leads:lead", found.merged_into_id or found.pk)
    return render(request, "leads/lead/lead.html", _page(request, found))


@require_POST
def log_touch(request, pk):
    """Log a call, a meeting or a mail with the lead's contact."""
    found = get_permitted(request, SEEN, "leads.work_lead", pk)
    form = LogForm(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/lead/lead.html", _page(request, found, log_form=form))
    at = timezone.now()
    beside = warn(request, found.contact_id, at) if form.facts["outbound"] else []
    capture.log_touch(found.contact, by=request.user, at=at, tapped=at, **form.facts)
    to = _back_to(request, "leads:lead", pk)
    taps.say(request, _("Logged."), at, to)
    tell(request, beside)
    return redirect(request, to)


@require_POST
def call_again(request, pk):
    """No answer: log the attempt and plan the next one in two hours."""
    found = get_permitted(request, SEEN, "leads.work_lead", pk)
    return logging.called_in_vain(request, found.contact, _back_to(request, "leads:lead", pk))


@require_POST
def note_new(request, pk):
    """Write something down about the lead's contact."""
    found = get_permitted(request, SEEN, "leads.assist_lead", pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/lead/lead.html", _page(request, found, note_form=form))
    at, to = timezone.now(), _back_to(request, "leads:lead", pk)
    attempts.note(found.contact, form.cleaned_data["note"], by=request.user, at=at)
    taps.say(request, _("Noted."), at, to)
    return redirect(request, to)


@require_POST
def step_new(request, pk):
    """Plan a step on the lead's contact, one's own or for somebody else; an adviser's is for whoever is responsible."""
    found = get_permitted(request, SEEN, "leads.assist_lead", pk)
    form = _step_form(request, found, permitted(request, "leads.work_lead", found), request.POST)
    if not form.is_valid():
        return invalid(request, "leads/lead/lead.html", _page(request, found, step_form=form))
    planned = Step(contact=found.contact, what=form.cleaned_data["what"], due_at=form.cleaned_data["due_at"])
    steps.plan(planned, form.whose, by=request.user, at=timezone.now())
    return _back(request, "leads:lead", pk)


def _step_form(request, found, own, *args):
    """A step is the reader's `own` to do who works on the lead, unless another is chosen."""
    owner = request.user if own else tracks.sides(found).person or request.user
    return LeadStepForm(*args, helpers=helping.helpers(found.contact, request.user, found), owner=owner.pk)


@require_POST
def step_done(request, pk):
    """Tick off a step, wherever it stands."""
    step = _own_step(request, pk)
    if Step.objects.filter(pk=pk, done_at=None).update(done_at=timezone.now()):
        messages.success(
            request,
            _("Done: %(step)s.") % {"step": step.what},
            extra_tags=reverse("leads:step-open", args=[pk]),
        )
    else:
        messages.info(request, _("Done already: %(step)s.") % {"step": step.what})
    return _back(request, "leads:my-day")


@require_POST
def step_open(request, pk):
    """It was not done after all."""
    step = _own_step(request, pk)
    Step.objects.filter(pk=pk).update(done_at=None)
    messages.success(request, _("To do again: %(step)s.") % {"step": step.what})
    return _back(request, "leads:my-day")


def _own_step(request, pk):
    step = get_object_or_404(Step, pk=pk)
    if not permitted(request, "pipeline.view_step", step):
        raise Http404
    require(request, "pipeline.work_step", step)
    return step


def _back_to(request, to, *args):
    """Where the form says it came from, if that is a page of ours; else `to`."""
    return following(request.POST.get("next", ""), request, reverse(to, args=args))


def _back(request, to, *args):
    return redirect(request, _back_to(request, to, *args))


def _page(request, found, log_form=None, step_form=None, note_form=None):
    at, panel = timezone.now(), counselling.panel(request, found)
    handed = timeline.handoffs(found)
    held = next((one for one in handed if one.lead_id == found.pk and one.ended_at is None), None)
    if held:
        held.lead = found
    own = permitted(request, "leads.work_lead", found)
    works = own and not (held is None and found.pooled_at)
    assists = works or panel["offer_counsel_form"] is not None
    identities = list(found.contact.identities.order_by("pk"))
    edit = LEAD.pencils(found, permitted(request, "leads.change_lead", found))
    fields = own_fields.shown(FieldOwner.LEAD)
    named = {field.code for field in fields}
    context = panel | {
        "lead": found,
        "contact": found.contact,
        "edit": edit,
        "own_facts": own_fields.facts(fields, found.attributes, edit),
        "captured": [(key, value) for key, value in found.attributes.items() if key not in named],
        "steps_bar": timeline.steps(found),
        "events": timeline.events(
            found, handed=handed, at=at, said=[one["counsel"] for one in panel["said"]]
        ),
        "why": scoring.explain(found, at, grading.current(at)),
        "chance": chances.of_lead(found) if organisation.current().level == Level.FULL else None,
        "identities": identities,
        "reach": reach.of(identities),
        "handoff": held,
        "came_back": _came_back(request, found, handed) if held is None else None,
        "extensions": handoffs.extensions_left(held) if held else 0,
        "collision": collisions.of([found.contact_id], by=request.user, at=at).get(found.contact_id),
        "delays": delays.of(found, handed, at),
        "answered": questions.answered(found) if any(found.answers.values()) else [],
        "works": works,
        "log_form": (log_form or LogForm()) if works else None,
        "step_form": (step_form or _step_form(request, found, own)) if assists else None,
        "note_form": (note_form or NoteForm()) if assists else None,
    }
    return context | _of_the_person(found) | _verbs(request, found, held, at)


def _came_back(request, found, handed):
    """The last handoff of this pass where the rep returned it and this user may dispute that; None otherwise."""
    mine = [one for one in handed if one.lead_id == found.pk]
    last = max(mine, key=lambda one: one.pk, default=None)
    returned = last is not None and last.end == "returned"
    return last if returned and permitted(request, "leads.dispute_return", last) else None


def _of_the_person(found):
    """What hangs on the person rather than on this pass: consents, steps, other passes."""
    people = Contact.objects.filter(Q(pk=found.contact_id) | Q(merged_into=found.contact_id))
    consents = ConsentEvent.objects.filter(contact__in=people.values("pk"))
    steps = Step.objects.filter(contact=found.contact).select_related("owner")
    passes = Lead.objects.filter(contact=found.contact_id, merged_into=None).exclude(pk=found.pk)
    return {
        "consents": list(consents.order_by("-pk")[:10]),
        "steps": list(steps.order_by("done_at", "due_at")[:10]),
        "passes": list(passes.order_by("-cycle")[:5]),
    }


def _verbs(request, found, held, at):
    """The forms of what this user may do with this lead now."""
    ways = next_stages(found.stage)
    desk = permitted(request, "leads.qualify_lead", found)
    offers = permitted(request, "leads.offer_lead", found) and found.stage in (
        Stage.READY,
        Stage.SQL,
        Stage.DEAL,
    )
    return {
        "answers": held is not None and permitted(request, "leads.answer_handoff", held),
        "may_desk": desk and found.stage in (Stage.NEW, Stage.MQL, Stage.NURTURE),
        "mql_form": ReasonForm() if desk and Stage.MQL in ways and found.stage != Stage.SQL else None,
        "nurture_form": NurtureForm()
        if desk and Stage.NURTURE in ways and found.stage != Stage.DEAL
        else None,
        "disqualify_form": DisqualifyForm() if desk and Stage.DISQUALIFIED in ways else None,
        "offer_form": OfferForm() if offers else None,
        "may_claim": held is None
        and found.pooled_at is not None
        and found.pooled_at <= at
        and permitted(request, "leads.claim_lead", found),
        "may_open_deal": found.stage == Stage.SQL
        and permitted(request, "pipeline.add_deal")
        and permitted(request, "leads.work_lead", found),
    }
