"""The joint pack of a month, to print, with both heads' comments."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import organisation
from accounts.doors import permitted, requires
from reports import heeding, monthly, packing
from reports.choice import of_month
from reports.forms import CommentForm
from reports.months import comments
from reports.months.closing import Refused
from reports.months.pack import pack as pack_of
from reports.views.months import back, month_of
from ui.htmx import redirect
from ui.responses import invalid


@require_safe
@requires("reports.view_money")
def pack(request, key):
    """The month on one page for both teams: official figures, funnel, campaigns, agreement, targets, restatements."""
    return render(request, "reports/months/pack.html", _page(request, key))


@require_POST
@requires("reports.comment_month")
def comment(request, key):
    """Say something on the month as the head of a track; an earlier word is kept beneath."""
    form = CommentForm(request.POST)
    if not form.is_valid():
        return invalid(request, "reports/months/pack.html", _page(request, key, form))
    try:
        comments.say(month_of(key), form.cleaned_data["text"], request.user, timezone.now())
    except Refused as refused:
        form.add_error("text", str(refused))
        return invalid(request, "reports/months/pack.html", _page(request, key, form))
    messages.success(request, _("Your comment stands in the pack."))
    return redirect(request, back(request, "reports:month-pack", key))


def _page(request, key, form=None):
    day, at = month_of(key), timezone.now()
    found, choice = pack_of(day, at), of_month(request.GET, day, at)
    mine = found.comments.get(request.user.head_of)
    if form is None and permitted(request, "reports.comment_month"):
        form = CommentForm(initial={"text": mine.text if mine else ""})
    return {
        "key": key,
        "house": organisation.current(),
        "form": form,
        "at": at,
        "query": monthly.narrowed(choice),
        "unheeded": heeding.told(choice, ("period", "model"), _("the joint pack is of the whole house")),
        **packing.shown(found),
    }
