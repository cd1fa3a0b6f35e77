"""The bell: what somebody was told, what is new since the last look, and by which ways they want to be told."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from leads.forms.notices import ChoicesForm
from leads.models import Handoff, Lead
from leads.models.notices import Notice
from leads.notices import texts
from ui import keyset
from ui.htmx import redirect
from ui.responses import invalid

MOST_NEW = 5


@require_safe
def notice_list(request):
    """Own notices by day, newest first."""
    page = keyset.page(
        Notice.objects.filter(user=request.user), ["-id"], cursor=request.GET.get("cursor", "")
    )
    days = {}
    for notice in page.rows:
        notice.text = texts.text(notice.kind, notice.facts)
        days.setdefault(timezone.localdate(notice.at), []).append(notice)
    context = {"days": days, "page": page, "choices": ChoicesForm(user=request.user)}
    return render(request, "leads/notices/list.html", context)


@require_safe
@never_cache
def poll(request):
    """How many notices are unread, and those after `?after=` (an id), as JSON for the bell."""
    after = request.GET.get("after", "")
    mine = Notice.objects.filter(user=request.user, read_at=None).order_by("-pk")
    newest = list(mine.filter(pk__gt=int(after) if after.isdecimal() and len(after) < 19 else 0)[:MOST_NEW])
    return JsonResponse(
        {
            "unread": mine.count(),
            "last": newest[0].pk if newest else 0,
            "new": [{"text": texts.text(one.kind, one.facts), "path": one.path} for one in newest],
        }
    )


@require_POST
def notice_read(request, pk):
    """Open a notice: it is read, and its page follows."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    Notice.objects.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    if _is_over(notice, request.user):
        messages.info(
            request, _("This offer is over: the lead is no longer offered to you. Nothing waits for you.")
        )
        return redirect(request, "leads:notice-list")
    return redirect(request, notice.path)


def _is_over(notice, user):
    """Whether it told of an offer of a lead that the user does not see any more."""
    kind, _colon, key = notice.subject.partition(":")
    if kind != "handoff" or not key.isdecimal():
        return False
    offer = Handoff.objects.filter(pk=key, lead__merged_into=None).first()
    return offer is not None and not Lead.objects.visible_to(user).filter(pk=offer.lead_id).exists()


@require_POST
def all_read(request):
    """Everything up to now is read."""
    Notice.objects.filter(user=request.user, read_at=None).update(read_at=timezone.now())
    return redirect(request, "leads:notice-list")


@require_POST
def choose(request):
    """Keep by which ways the user wants to be told."""
    form = ChoicesForm(request.POST, user=request.user)
    if not form.is_valid():
        context = {"days": {}, "choices": form}
        return invalid(request, "leads/notices/list.html", context)
    form.save()
    messages.success(request, _("Your choice is kept."))
    return redirect(request, "leads:notice-list")
