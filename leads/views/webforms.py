"""Capture forms as the marketer keeps them: make, show, change; and what is held for a look."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.bulk import first_of
from accounts.doors import get_held, get_permitted, permitted, require, requires, saves
from leads import webforms
from leads.forms.webforms import WebFormForm
from leads.models import Submission, SubmissionState, WebForm
from leads.webforms import addresses, telling
from pipeline.models import Campaign
from pipeline.views.voice import tell_wrong
from ui import keyset
from ui.htmx import redirect, render_part
from ui.responses import invalid

SEEN = WebForm.objects.select_related("campaign")
MOST = 200
DROPPED = "dropped_posts"  # in the session: what the last drop may be taken back from


def campaign_forms(request, campaign):
    """The capture forms of a campaign, as a panel of its page."""
    found = get_permitted(request, Campaign.objects, "pipeline.view_campaign", campaign)
    context = {
        "campaign": found,
        "forms": [(form, addresses.public(form)) for form in found.web_forms.all()],
        "may_change": permitted(request, "leads.change_form"),
    }
    return render_part(request, "leads/webforms/of_campaign.html", "panel", context)


def form_new(request, campaign):
    """Make a capture form for a campaign; it is open at once."""
    found = get_permitted(request, Campaign.objects, "pipeline.view_campaign", campaign)
    require(request, "leads.change_form")
    new = WebForm(campaign=found, title=found.name, created_by=request.user)
    return _edit(request, new, _("New capture form"))


def form(request, pk):
    """A capture form: its address, QR code and snippets, and what came by it."""
    found = get_permitted(request, SEEN, "leads.view_form", pk)
    counts = {state.value: found.submissions.filter(state=state).count() for state in SubmissionState}
    context = {
        "form": found,
        "address": addresses.public(found),
        "snippet": addresses.snippet(found),
        "plain": addresses.plain(found),
        "counts": counts,
        "may_change": permitted(request, "leads.change_form"),
    }
    return render(request, "leads/webforms/form.html", context)


@saves
def form_edit(request, pk):
    """Change a capture form."""
    return _edit(request, get_held(request, SEEN, "leads.change_form", pk), _("Edit the capture form"))


def form_qr(request, pk):
    """Its QR code, as a file to print."""
    found = get_permitted(request, SEEN, "leads.view_form", pk)
    answer = HttpResponse(addresses.qr(addresses.public(found)), content_type="image/svg+xml")
    kind = "attachment" if "download" in request.GET else "inline"
    answer["Content-Disposition"] = f'{kind}; filename="qr-{found.key}.svg"'
    return answer


def _edit(request, instance, title):
    made = WebFormForm(request.POST or None, instance=instance)
    context = {"form": made, "title": title, "campaign": instance.campaign, "web_form": instance}
    if request.method != "POST":
        return render(request, "leads/webforms/edit.html", context)
    if not made.is_valid():
        return invalid(request, "leads/webforms/edit.html", context)
    saved = made.save()
    messages.success(request, _("The form is saved."))
    tell_wrong(request, saved.title, saved.intro, saved.thanks)
    return redirect(request, "leads:form", saved.pk)


# -- what is held ----------------------------------------------------------------------------------------
@requires("leads.release_submission")
def quarantine(request):
    """Posts that seemed suspicious: release them as leads, or drop them."""
    state = SubmissionState.DROPPED if request.GET.get("state") == "dropped" else SubmissionState.HELD
    rows = Submission.objects.visible_to(request.user).filter(state=state).select_related("form__campaign")
    page = keyset.page(rows.with_before(), ("-at", "-id"), cursor=request.GET.get("cursor", ""))
    telling.tell(page.rows)
    context = {"page": page, "state": state, "dropped": state == SubmissionState.DROPPED}
    return render_part(request, "leads/webforms/quarantine.html", "rows", context)


@require_POST
@requires("leads.release_submission")
def quarantine_many(request):
    """Release, drop or take back the chosen ones."""
    chosen = _chosen(request)
    verb, at = request.POST.get("verb", ""), timezone.now()
    if not chosen.exists():
        messages.warning(request, _("Choose posts first."))
    elif verb == "drop":
        request.session[DROPPED] = list(
            chosen.filter(state=SubmissionState.HELD).values_list("pk", flat=True)
        )
        count = webforms.drop(chosen, by=request.user, at=at)
        _count(request, count, _("Dropped."), undo=reverse("leads:quarantine-undo"))
    elif verb == "restore":
        _count(request, webforms.restore(chosen, by=request.user, at=at), _("Held again."))
    elif verb == "release" and "sure" not in request.POST and chosen.count() > 1:
        return render(request, "leads/preview.html", _preview(chosen))
    elif verb == "release":
        _release(request, chosen, at)
    return redirect(request, "leads:quarantine")


@require_POST
@requires("leads.release_submission")
def quarantine_undo(request):
    """Take the last drop back."""
    last = Submission.objects.visible_to(request.user).filter(pk__in=request.session.pop(DROPPED, []))
    _count(request, webforms.restore(last, by=request.user, at=timezone.now()), _("Held again."))
    return redirect(request, "leads:quarantine")


@require_POST
@requires("leads.release_submission")
def submission_release(request, pk):
    """Take one in, and go on to its lead; what that does is shown first."""
    found = get_object_or_404(
        Submission.objects.visible_to(request.user).select_related("form__campaign"), pk=pk
    )
    if "sure" not in request.POST and found.state != SubmissionState.TAKEN:
        one = _preview(Submission.objects.filter(pk=pk))
        return render(request, "leads/preview.html", one | {"action": request.path})
    try:
        lead = webforms.release(found, by=request.user, at=timezone.now())
    except webforms.Refused as error:
        messages.error(request, str(error))
        return redirect(request, "leads:quarantine")
    return redirect(request, "leads:lead", lead.pk)


def _chosen(request):
    asked = first_of(request, request.POST.getlist("pick"), MOST)
    ids = [int(pk) for pk in asked if pk.isascii() and pk.isdigit()]
    return Submission.objects.visible_to(request.user).filter(pk__in=[pk for pk in ids if pk < 2**63])


def _preview(chosen):
    """What releasing these posts would do: each becomes a lead."""
    posts = list(chosen.exclude(state=SubmissionState.TAKEN).order_by("-at", "-pk"))
    count = len(posts)
    return {
        "title": ngettext("%(n)d post becomes a lead", "%(n)d posts become leads", count) % {"n": count},
        "note": _(
            "It cannot be taken back afterwards; a lead that turns out to be spam is disqualified and counts nowhere."
        ),
        "rows": [(post.data.get("full_name") or post.data.get("email") or "–",) for post in posts],
        "kept": [("verb", "release"), *(("pick", post.pk) for post in posts)],
        "action": reverse("leads:quarantine-many"),
        "back": reverse("leads:quarantine"),
    }


def _release(request, chosen, at):
    done, refused = 0, []
    # One by one: each is a person of its own, with a reason of its own to be refused.
    for one in chosen.exclude(state=SubmissionState.TAKEN).select_related("form__campaign"):
        try:
            webforms.release(one, by=request.user, at=at)
            done += 1
        except webforms.Refused as error:
            refused.append(str(error))
    _count(request, done, _("Taken in."))
    for why in dict.fromkeys(refused):
        messages.error(request, why)


def _count(request, count, said, undo=""):
    text = ngettext("%(count)d post.", "%(count)d posts.", count) % {"count": count}
    messages.success(request, f"{said} {text}", extra_tags=undo if count else "")
