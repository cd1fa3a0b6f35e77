"""Counsel between the tracks: the panel on a lead, a deal or a company, and a page of its own for whoever is asked."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import get_permitted, permitted, require, requires
from leads import counsel, tracks
from leads.consulting import Refused
from leads.forms.consulting import ReplyForm
from leads.forms.counsel import AskCounselForm, CounselForm
from leads.models import Counsel, Lead
from pipeline.models import Company, Deal
from ui.htmx import redirect, render_part
from ui.responses import invalid

TEMPLATE = "leads/counsel/page.html"
PEOPLE = "company__marketing_contact", "company__sales_owner"
KINDS = {
    "lead": (
        Lead.objects.select_related(*(f"contact__{name}" for name in PEOPLE), "campaign__owner", "owner"),
        "leads.view_lead",
    ),
    "deal": (Deal.objects.select_related(*PEOPLE, "owner", "stage"), "pipeline.view_deal"),
    "company": (Company.objects.select_related("marketing_contact", "sales_owner"), "pipeline.view_company"),
}
PAGES = {"lead": "leads:lead", "deal": "leads:deal", "company": "pipeline:company"}
SEEN = Counsel.objects.select_related(
    *counsel.SEEN, *(f"lead__contact__{name}" for name in PEOPLE), "lead__campaign__owner", "lead__owner",
    *(f"deal__{name}" for name in PEOPLE), "deal__owner", "deal__stage",
    "company__marketing_contact", "company__sales_owner",
)  # fmt: skip
STATES = {
    "asked": (pgettext_lazy("of advice", "asked for"), ""),
    "late": (gettext_lazy("overdue"), "warn"),
    "given": (gettext_lazy("waits for an answer"), "warn"),
    "adopted": (pgettext_lazy("of advice", "adopted"), "ok"),
    "declined": (gettext_lazy("declined"), ""),
}


@requires("leads.give_counsel")
def counsel_list(request):
    """What waits for the reader: advice to give, and advice to answer."""
    found = counsel.waiting(request.user)
    return render(request, TEMPLATE, {"said": _shown(request, found), "everything": True})


@require_safe
def counsel_of(request, kind, pk):
    """All counsel on one lead, deal or company."""
    return render_part(request, TEMPLATE, "card", panel(request, seen(request, kind, pk)))


@require_POST
def counsel_ask(request, kind, pk):
    """The responsible side asks the other."""
    found = seen(request, kind, pk)
    require(request, "leads.ask_counsel", found)
    form = AskCounselForm(request.POST, sides=tracks.sides(found))
    if not form.is_valid():
        return invalid(request, TEMPLATE, panel(request, found, ask=form))
    data = form.cleaned_data
    said = _("%(person)s is asked.") % {"person": data["of"]}
    return _done(request, found, said, counsel.ask, found, data["question"], of=data["of"])


@require_POST
def counsel_offer(request, kind, pk):
    """The other side advises unasked."""
    found = seen(request, kind, pk)
    require(request, "leads.give_counsel", found)
    form = CounselForm(request.POST)
    if not form.is_valid():
        return invalid(request, TEMPLATE, panel(request, found, offer=form))
    return _done(
        request, found, _("Your advice is written down."), counsel.offer, found, form.cleaned_data["text"]
    )


@require_safe
def one_counsel(request, pk):
    """The page of one piece of advice; whoever may read what it is about sees it there."""
    found = get_permitted(request, SEEN, "leads.view_counsel", pk)
    if permitted(request, KINDS[found.kind][1], found.about):
        # on a company's page the advice is fetched after it
        page = reverse("leads:counsel-of", args=["company", found.company_id]) if found.company_id else ""
        return redirect(request, (page or _page(found.about)) + f"#counsel-{pk}")
    return render(request, TEMPLATE, _alone(request, found))


@require_POST
def counsel_give(request, pk):
    """The advice that was asked for."""
    found = get_permitted(request, SEEN, "leads.answer_counsel", pk)
    form = CounselForm(request.POST)
    if not form.is_valid():
        return invalid(request, TEMPLATE, _alone(request, found, give=form))
    return _done(
        request, found, _("Your advice is written down."), counsel.give, found, form.cleaned_data["text"]
    )


@require_POST
def counsel_reply(request, pk):
    """Adopt or decline, with a sentence."""
    found = get_permitted(request, SEEN, "leads.reply_counsel", pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return invalid(
            request, TEMPLATE, _alone(request, found, problem=_("Answer the advice with a sentence."))
        )
    data = form.cleaned_data
    said = _("The advice is answered, and whoever gave it is told.")
    return _done(
        request, found, said, counsel.reply, found, adopted=data["adopted"], sentence=data["sentence"]
    )


def panel(request, thing, ask=None, offer=None, found=None):
    """What the panel of a lead, a deal or a company shows: who is responsible, who advises, what was said; the forms of both."""
    sides = tracks.sides(thing)
    asks, gives = (permitted(request, f"leads.{verb}_counsel", thing) for verb in ("ask", "give"))
    return {
        "about": thing,
        "about_kind": type(thing)._meta.model_name,
        "about_href": _page(thing),
        "sides": sides,
        "said": _shown(request, counsel.on(thing) if found is None else found),
        "ask_counsel_form": (ask or AskCounselForm(sides=sides)) if asks else None,
        "offer_counsel_form": (offer or CounselForm()) if gives else None,
    }


def seen(request, kind, pk):
    """The lead, deal or company that the user sees. 404 for any other, and for any other kind."""
    if kind not in KINDS:
        raise Http404
    queryset, permission = KINDS[kind]
    return get_permitted(request, queryset, permission, pk)


def _alone(request, found, give=None, problem=""):
    return {
        "said": _shown(request, [found], give),
        "sides": tracks.sides(found.about),
        "alone": found,
        "problem": problem,
    }


def _shown(request, found, give=None):
    at, told = timezone.now(), []
    for one in found:
        state = one.state(at)
        words, tone = STATES[state]
        gives = state in ("asked", "late") and permitted(request, "leads.answer_counsel", one)
        told.append(
            {
                "counsel": one,
                "state": words,
                "tone": tone,
                "give_form": (give or CounselForm(prefix=None)) if gives else None,
                "may_reply": state == "given" and permitted(request, "leads.reply_counsel", one),
            }
        )
    return told


def _done(request, thing, words, verb, *args, **named):
    try:
        verb(*args, **named, by=request.user, at=timezone.now())
        messages.success(request, words)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    if isinstance(thing, Counsel):
        return redirect(request, "leads:counsel", thing.pk)
    return redirect(request, _page(thing) + "#counsel")


def _page(thing):
    return reverse(PAGES[type(thing)._meta.model_name], args=[thing.pk])
