"""The verbs of the desk, for one lead and for many: what each does, what is said, and how it is taken back."""

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.doors import require, requires
from leads import agreement, funnel, handoffs
from leads import desk as work
from leads.forms.leads import DisqualifyForm, NurtureForm, ReasonForm
from leads.models import Lead
from leads.scoring import teaching
from pipeline.stages import Stage
from ui.formats import day, listed
from ui.htmx import redirect

UNDO = "desk_undo"
# Setting aside in one click: the verb, and what the lead is.
ASIDE = {
    "robot": (gettext_lazy("Robot"), "bot"),
    "competitor": (gettext_lazy("Competitor"), "swords"),
    "student": (gettext_lazy("Student"), "graduation-cap"),
}
TARGETS = {
    "ready": Stage.READY,
    "nurture": Stage.NURTURE,
    "disqualify": Stage.DISQUALIFIED,
    "qualify": Stage.MQL,
} | dict.fromkeys(ASIDE, Stage.DISQUALIFIED)


def verb_of(request, verb):
    """(form class or None, function of ids, form and moment) of a verb."""
    if verb == "ready":
        return None, lambda ids, form, at: agreement.make_ready(ids, actor=request.user, at=at)
    if verb in ASIDE:
        return None, lambda ids, form, at: _aside(request, ids, verb, str(ASIDE[verb][0]), at)
    if verb == "qualify":
        return ReasonForm, lambda ids, form, at: funnel.advance(
            ids, Stage.MQL, actor=request.user, reason=form.cleaned_data["reason"], at=at)  # fmt: skip
    return {
        "nurture": (NurtureForm, to_nurture(request)),
        "disqualify": (DisqualifyForm, to_disqualify(request)),
    }[verb]


def as_what(verb, form):
    """What the verb says of the leads, for its preview: what they are, or why and until when. And the code that teaches."""
    if verb in ASIDE:
        return ASIDE[verb][0], verb
    if verb == "disqualify":
        return form.words, form.cleaned_data["code"]
    if form is None:
        return "", ""
    until = form.cleaned_data.get("until")
    return " · ".join(filter(None, (until and day(until), form.cleaned_data["reason"]))), ""


def to_nurture(request):
    return lambda ids, form, at: handoffs.set_aside(
        ids, Stage.NURTURE, by=request.user, reason=form.cleaned_data["reason"], at=at, wake_at=form.cleaned_data["until"])  # fmt: skip


def to_disqualify(request):
    """Out of the funnel; what was wrong teaches the next scorecard."""
    return lambda ids, form, at: _aside(request, ids, form.cleaned_data["code"], form.words, at)


def _aside(request, ids, code, reason, at):
    result = handoffs.set_aside(ids, Stage.DISQUALIFIED, by=request.user, reason=reason, at=at, code=code)
    tell_lesson(request, teaching.teach(result.moved, code))
    return result


def tell_lesson(request, lesson):
    """Say what a lead that was set aside has taught, or why it has taught nothing."""
    for words in lesson.words if lesson else ():
        messages.info(request, words)


def tell_forgotten(request, forgotten):
    """Say what of a lesson the scorecards forget by a lead that came back, and what they go on with."""
    if forgotten.about:
        said = _("The next scorecard takes no points from %(about)s any more.")
        messages.info(request, said % {"about": listed(forgotten.about[: teaching.NAMED])})
    for what, why in forgotten.not_learned[: teaching.NAMED]:
        said = _("The scorecard goes on taking points from %(what)s: %(why)s")
        messages.info(request, said % {"what": what, "why": why})


def allowed(request, ids):
    """Those of `ids` that the user sees; 403 where one of them is not theirs to work at the desk."""
    leads = Lead.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk")
    for lead in leads:
        require(request, "leads.qualify_lead", lead)
    return [lead.pk for lead in leads]


def bulk_forms():
    """The forms behind the verbs for many; each carries its verb as prefix, and nothing is required before one is chosen."""
    made = {"mql_form": ReasonForm(prefix="qualify"), "nurture_form": NurtureForm(prefix="nurture"),
            "disqualify_form": DisqualifyForm(prefix="disqualify")}  # fmt: skip
    for form in made.values():
        form.use_required_attribute = False
    return made


def tell(request, result, undo, back=""):
    """Say how many moved, with a way back, and why the others did not."""
    if result.moved:
        count = len(result.moved)
        text = ngettext("%(count)d lead moved.", "%(count)d leads moved.", count) % {"count": count}
        offer_undo(request, *undo, text, back)
    stayed(request, result)


def stayed(request, result):
    """Say how many did not move, and why."""
    reasons = {refusal.why for refusal in result.refused}
    if reasons:
        count = len(result.refused)
        said = ngettext("%(count)d lead stayed: %(why)s", "%(count)d leads stayed: %(why)s", count)
        messages.warning(request, said % {"count": count, "why": " ".join(sorted(reasons)[:3])})


def offer_undo(request, to, before, text, back=""):
    """Say `text`, with a button that takes the move back where that is possible."""
    address = ""
    if work.undoable(to, before):
        request.session[UNDO] = {"to": to, "before": before, "back": back}
        address = reverse("leads:desk-undo")
    messages.success(request, text, extra_tags=address)


@require_POST
@requires("leads.qualify_lead")
def undo(request):
    """Take the last move at the desk back."""
    last = request.session.pop(UNDO, None)
    if not last:
        messages.warning(request, _("There is nothing to take back: your last move was taken back already."))
        return redirect(request, "leads:desk")
    back = _taken_back(request, last["to"], last["before"])
    if back.moved:
        count = len(back.moved)
        said = ngettext("%(count)d lead is back.", "%(count)d leads are back.", count)
        messages.success(request, said % {"count": count})
    tell_forgotten(request, back.forgotten)
    stayed(request, back)
    return redirect(request, last.get("back") or "leads:desk")


def _taken_back(request, to, before):
    """Take a move back. What has left the desk meanwhile is not this user's any more: it is only told why it stays."""
    moved = [pk for ids in before.values() for pk in ids]
    allowed(request, list(Lead.objects.filter(stage=to, pk__in=moved).values_list("pk", flat=True)))
    return work.take_back(to, before, by=request.user, at=timezone.now())
