"""One voice: the message house, statements that wait for a signature, and a text held against it."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import get_permitted, permitted, requires
from pipeline import voice
from pipeline.forms.voice import LookForm, StatementForm, TextForm
from pipeline.models import Audience, Product, Statement
from ui.htmx import redirect, render_part
from ui.responses import invalid


@requires("pipeline.view_statement")
def house(request):
    """What we say to whom, and what waits for the heads."""
    return render(request, "pipeline/voice/house.html", _page(request))


@requires("pipeline.view_statement")
def said(request):
    """What we say of one product, `?product=`, or of all: a panel of campaigns, deals and briefings, each line to be copied."""
    look = LookForm(request.GET)
    product = look.cleaned_data["product"] if look.is_valid() else None
    context = {"house": voice.house(organisation.today(timezone.now()), product), "product": product}
    return render_part(request, "pipeline/voice/said.html", "panel", context)


@requires("pipeline.view_statement")
def sheet(request, product):
    """What dealers may say of a product, to be printed."""
    found, at = get_permitted(request, Product.objects, "pipeline.view_product", product), timezone.now()
    told = voice.house(organisation.today(at), found, Audience.DEALERS)
    return render(request, "pipeline/voice/sheet.html", {"product": found, "house": told, "at": at})


def tell_wrong(request, *texts):
    """After something was saved: a warning for each wording in these texts that we do not use. Never stands in the way."""
    for one in voice.check(" \n".join(texts), organisation.today(timezone.now())):
        if one.wrong:
            words = {"words": one.statement.text, "instead": one.instead}
            text = (
                _("“%(words)s” is not what we say. Instead: %(instead)s")
                if one.instead
                else _("“%(words)s” is not what we say.")
            )
            messages.warning(request, text % words)


@require_POST
@requires("pipeline.view_statement")
def check(request):
    """Hold a text against the house. Changes nothing."""
    form = TextForm(request.POST)
    if not form.is_valid():
        return invalid(request, "pipeline/voice/house.html", _page(request, form))
    found = voice.check(form.cleaned_data["text"], organisation.today(timezone.now()))
    wrong = sum(one.wrong for one in found)
    context = {**_page(request, form), "found": found, "wrong": wrong, "checked": True}
    return render(request, "pipeline/voice/house.html", context)


@requires("pipeline.add_statement")
def statement_new(request):
    """Propose a statement."""
    return _propose(request, None)


def statement_reword(request, pk):
    """Propose another wording of one that is said."""
    return _propose(request, get_permitted(request, Statement.objects, "pipeline.add_statement", pk))


@require_POST
def sign(request, pk):
    """A head signs."""
    return _done(
        request,
        pk,
        voice.sign,
        (_("Signed. It waits for the other head."), _("Signed by both heads: this is what we say.")),
    )


@require_POST
def retire(request, pk):
    """A head retires it."""
    return _done(request, pk, voice.retire, (_("Retired: it is said no more."),) * 2)


def _done(request, pk, verb, words):
    found = get_permitted(request, Statement.objects, "pipeline.sign_statement", pk)
    try:
        messages.success(request, words[bool(verb(found, by=request.user, at=timezone.now()))])
    except voice.NotNow as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "pipeline:voice")


def _propose(request, replaces):
    before = (
        {
            name: getattr(replaces, name)
            for name in ("text", "proof", "pillar", "product", "audience", "until")
        }
        if replaces
        else {}
    )
    form = StatementForm(request.POST or None, initial=before, replaces=replaces)
    context = {"form": form, "replaces": replaces}
    if request.method != "POST":
        return render(request, "pipeline/voice/form.html", context)
    if form.is_valid():
        try:
            voice.propose(form.save(commit=False), by=request.user, replaces=replaces)
        except voice.NotNow as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return invalid(request, "pipeline/voice/form.html", context)
    messages.success(request, _("Proposed: it waits for the heads of marketing and of sales."))
    return redirect(request, "pipeline:voice")


def _page(request, text_form=None):
    look = LookForm(request.GET)
    asked = look.cleaned_data if look.is_valid() else {"product": None, "audience": ""}
    signs = permitted(request, "pipeline.sign_statement")
    waiting = Statement.objects.waiting().select_related("by", "product", "replaces", "pillar")
    waiting = list(waiting.prefetch_related("signatures__user"))
    return {
        "house": voice.house(organisation.today(timezone.now()), **asked),
        "product": asked["product"],
        "look": look,
        "waiting": [(one, signs and bool(voice.tracks_to_sign(request.user, one))) for one in waiting],
        "signs": signs,
        "may_add": permitted(request, "pipeline.add_statement"),
        "text_form": text_form or TextForm(),
    }
