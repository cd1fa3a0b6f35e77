"""Sales' word before launch: one page for the plan, the audience, the offer, and what each rep says of it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import get_permitted, permitted, require
from leads import consulting
from leads.forms.consulting import AnswerForm, AskForm, ReplyForm
from pipeline.models import Advice, Campaign
from ui.htmx import redirect, render_part, wants_fragment
from ui.responses import invalid

SEEN = Campaign.objects.select_related("owner", "segment", "region", "product")
STATES = {
    "waiting": (gettext_lazy("has time to answer"), ""),
    "silent": (gettext_lazy("no answer: counts as agreement"), "ok"),
    "agrees": (gettext_lazy("agrees"), "ok"),
    "advises": (gettext_lazy("advises: waits for an answer"), "warn"),
    "adopted": (gettext_lazy("advice adopted"), "accent"),
    "declined": (gettext_lazy("advice declined"), ""),
}
TEMPLATE = "leads/consulting/page.html"


@require_safe
def campaign_word(request, campaign):
    """The page of a campaign's rounds; as a fragment the panel on the campaign's page."""
    found = get_permitted(request, SEEN, "pipeline.view_campaign", campaign)
    context = _page(request, found) | {"as_panel": wants_fragment(request)}
    return render_part(request, TEMPLATE, "panel", context)


@require_POST
def word_ask(request, campaign):
    """Ask reps for their word."""
    found = get_permitted(request, SEEN, "pipeline.view_campaign", campaign)
    require(request, "leads.ask_word", found)
    form = AskForm(request.POST)
    if not form.is_valid():
        return invalid(request, TEMPLATE, _page(request, found, ask=form))
    data = form.cleaned_data
    return _done(
        request,
        found,
        lambda at: consulting.ask(
            found, list(data["reps"]), audience=data["audience"], offer=data["offer"], by=request.user, at=at
        ),
        _("Sales is asked. No answer in three working days counts as agreement."),
        ask=form,
    )


@require_POST
def word_answer(request, campaign, advice):
    """A rep's word."""
    found = get_permitted(request, SEEN, "pipeline.view_campaign", campaign)
    said = get_object_or_404(Advice, pk=advice, consultation__campaign=found)
    require(request, "leads.give_word", said)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return invalid(request, TEMPLATE, _page(request, found, answer=form))
    data = form.cleaned_data
    return _done(
        request,
        found,
        lambda at: consulting.answer(said, agrees=data["agrees"], text=data["text"], at=at),
        _("Your word is written down."),
        answer=form,
    )


@require_POST
def word_reply(request, campaign, advice):
    """Adopt or decline an advice, with a sentence."""
    found = get_permitted(request, SEEN, "pipeline.view_campaign", campaign)
    require(request, "leads.ask_word", found)
    said = get_object_or_404(Advice, pk=advice, consultation__campaign=found)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return invalid(
            request, TEMPLATE, _page(request, found, problem=_("Answer the advice with a sentence."))
        )
    data = form.cleaned_data
    return _done(
        request,
        found,
        lambda at: consulting.reply(
            said, adopted=data["adopted"], sentence=data["sentence"], by=request.user, at=at
        ),
        _("The advice is answered, and its rep is told."),
    )


@require_POST
def word_close(request, campaign):
    """Close the open round."""
    found = get_permitted(request, SEEN, "pipeline.view_campaign", campaign)
    require(request, "leads.ask_word", found)
    asked = get_object_or_404(found.consultations.open())
    return _done(
        request, found, lambda at: consulting.close(asked, by=request.user, at=at), _("The round is closed.")
    )


def _done(request, campaign, do, words, **form):
    """Do it and say so; where it is refused the page tells why, with the form as it was filled in."""
    try:
        do(timezone.now())
    except consulting.Refused as refused:
        return invalid(request, TEMPLATE, _page(request, campaign, problem=str(refused), **form))
    messages.success(request, words)
    return redirect(request, "leads:campaign-word", campaign.pk)


def _page(request, campaign, ask=None, answer=None, problem=""):
    found = consulting.rounds(campaign, timezone.now())
    asked = next((one for one in found if not one.consultation.closed_at), None)
    may_ask = permitted(request, "leads.ask_word", campaign)
    mine = asked and next(
        (one.advice for one in asked.standings if one.advice.rep_id == request.user.pk), None
    )
    credit = consulting.adopted({one.advice.rep_id for each in found for one in each.standings})
    return {
        "campaign": campaign,
        "rounds": [_shown(one, credit, may_ask) for one in found],
        "open": asked,
        "may_ask": may_ask,
        "ask_form": (ask or AskForm(initial={"reps": consulting.proposed(campaign)}))
        if may_ask and asked is None
        else None,
        "mine": mine,
        "answer_form": (answer or AnswerForm(initial=_said(mine))) if mine and not mine.replied_at else None,
        "reply_form": ReplyForm(),
        "problem": problem,
    }  # fmt: skip


def _said(advice):
    """What a rep has said so far, as the form shows it: nothing is chosen for one who has said nothing."""
    return {"agrees": {True: "yes", False: "no", None: None}[advice.agrees], "text": advice.text}


def _shown(one, credit, may_ask):
    return {
        "asked": one.consultation,
        "agreed": one.agreed,
        "waiting": one.count("waiting"),
        "adopted": one.count("adopted"),
        "ready": one.ready,
        "said": [
            {
                "advice": standing.advice,
                "state": STATES[standing.state][0],
                "tone": STATES[standing.state][1],
                "credit": credit.get(standing.advice.rep_id, 0),
                "may_reply": may_ask and standing.state == "advises" and not one.consultation.closed_at,
            }
            for standing in one.standings
        ],
    }
