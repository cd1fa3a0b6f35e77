"""The engine room, for administrators: what is owed to the outside, and the mails kept as files."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from engine import failures, mailing, outbox
from engine.models import Delivery
from engine.outages import ANOTHER_ROLE, SAFE
from engine.text import one_line
from ui import keyset
from ui.tables import Column, Table

STATES = {
    "dead": (gettext_lazy("Given up"), "bad", Q(dead_at__isnull=False)),
    "owed": (gettext_lazy("Owed"), "warn", Q(dead_at=None, delivered_at=None)),
    "delivered": (gettext_lazy("Delivered"), "ok", Q(delivered_at__isnull=False)),
}
KINDS = {"mail": pgettext_lazy("one", "Mail"), "robot": gettext_lazy("Robot")}
DELIVERIES = [
    Column("about", gettext_lazy("About"), note="kind"),
    Column("state", gettext_lazy("State"), "pill"),
    Column("attempts", gettext_lazy("Attempts"), "number"),
    Column("created_at", gettext_lazy("Asked for"), "moment"),
    Column("next_at", gettext_lazy("Next attempt"), "moment"),
    Column("last_error", gettext_lazy("Last error")),
]
MAILS = [
    Column("subject", gettext_lazy("Subject"), href="href"),
    Column("to", pgettext_lazy("of a mail", "To")),
    Column("date", gettext_lazy("Sent"), "moment"),
]


def admins_only(view):
    """Decorates views: 403 for everybody else, who read that the page is another role's."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not request.user.has_perm("engine.view_delivery"):
            raise PermissionDenied(ANOTHER_ROLE) if request.method in SAFE else PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@require_safe
@admins_only
def deliveries(request):
    """The outbox, newest first, of one state or of all."""
    wanted = request.GET.get("state", "")
    found = Delivery.objects.filter(STATES[wanted][2]) if wanted in STATES else Delivery.objects.all()
    page = keyset.page(found, ["-id"], cursor=request.GET.get("cursor", ""))
    names = _names(page.rows)
    rows = [_delivery_row(delivery, names.get(delivery.pk)) for delivery in page.rows]
    table = Table(
        rows,
        DELIVERIES,
        _("Outbox"),
        request,
        page=page,
        cards=True,
        pick="pk",
        empty=_("Nothing is owed to anybody."),
    )
    states = [(name, label) for name, (label, _tone, _filter) in STATES.items()]
    return render(request, "engine/outbox.html", {"table": table, "states": states, "wanted": wanted})


@require_POST
@admins_only
def retry(request):
    """Give the chosen ones that were given up another eight attempts."""
    now = timezone.now()
    chosen = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal() and len(pk) < 19]
    tried = sum(outbox.retry(delivery, at=now) for delivery in Delivery.objects.filter(pk__in=chosen[:200]))
    messages.success(
        request, ngettext("%d delivery is tried again.", "%d deliveries are tried again.", tried) % tried
    )
    return redirect("engine:outbox")


@require_safe
@admins_only
def mails(request):
    """The mails in the folder, newest first."""
    rows = [
        {
            "subject": mail["Subject"],
            "to": mail["To"],
            "date": mailing.sent_at(mail),
            "href": reverse("engine:mail", args=[name]),
        }
        for name, mail in mailing.latest()
    ]
    table = Table(
        rows, MAILS, _("Mail"), request, cards=True, empty=_("No mail has been written to the folder.")
    )
    return render(request, "engine/mails.html", {"table": table})


@require_safe
@admins_only
def mail(request, name):
    """One mail as text."""
    found = mailing.find(name)
    if found is None:
        raise Http404
    body = found.get_body(preferencelist=("plain",))
    context = {"mail": found, "sent_at": mailing.sent_at(found), "body": body.get_content() if body else ""}
    return render(request, "engine/mail.html", context)


def _names(deliveries):
    """{delivery: who is named beside its kind}, for the kinds that name anybody."""
    names = {}
    for kind, function in settings.OUTBOX_NAMES.items():
        if of_kind := [one for one in deliveries if one.kind == kind]:
            found = import_string(function)([one.payload for one in of_kind])
            names |= {of_kind[place].pk: name for place, name in found.items()}
    return names


def _delivery_row(delivery, name):
    label, tone, _filter = STATES[delivery.state]
    return {
        "pk": delivery.pk,
        "about": _about(delivery),
        "kind": " · ".join(
            filter(None, [str(KINDS.get(delivery.kind, delivery.kind)), name or delivery.payload.get("to")])
        ),
        "state": label,
        "tone": tone,
        "attempts": delivery.attempts,
        "created_at": delivery.created_at,
        "next_at": delivery.next_at if delivery.state == "owed" else None,
        "last_error": failures.told(delivery.last_error),
    }


def _about(delivery):
    """What a delivery says in a line; the name of its cause where that is all there is of it."""
    if delivery.kind == "robot" and delivery.delivered_at:
        return _("A message; what it said is kept no longer")
    said = delivery.payload.get("subject") or delivery.payload.get("body") or delivery.subject
    return one_line(said.partition("\n")[0], 120)
