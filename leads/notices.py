"""Notices of handoffs: that something waits and until when. A mail passes through strange hands, so it names nobody."""

from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import organisation
from engine import outbox
from leads.models import Handoff


def offered(handoff_ids):
    """Tell the reps of new offers, in their own language and time: one mail a rep however many there are."""
    waiting = (
        Handoff.objects.filter(pk__in=handoff_ids, rep__is_active=True)
        .select_related("rep", "lead__contact", "lead__region")
        .order_by("rep", "answer_due_at", "pk")
    )
    rows = [_mail(rep, list(group)) for rep, group in groupby(waiting, lambda handoff: handoff.rep)]
    if rows:
        outbox.put_many("mail", rows)


def _mail(rep, handoffs):
    """(key, payload, seq) of one rep's mail."""
    language = rep.language or organisation.current().language
    zone = ZoneInfo(rep.zone or organisation.current().zone)
    with translation.override(language), timezone.override(zone):
        subject = _one(handoffs[0]) if len(handoffs) == 1 else _several(handoffs)
        body = f"{subject}\n\n{_link(handoffs)}\n"
    return (
        f"offered:{handoffs[0].pk}:{handoffs[-1].pk}:{rep.pk}",
        {"to": rep.email, "subject": subject, "body": body},
        0,
    )


def _one(handoff):
    lead = handoff.lead
    where = lead.contact.city or (lead.region.name if lead.region else "") or lead.contact.country
    until = _when(handoff.answer_due_at)
    if where and until:
        return _("A lead, %(where)s, answer by %(until)s") % {"where": where, "until": until}
    return _("A lead, answer by %(until)s") % {"until": until} if until else _("A lead for you")


def _several(handoffs):
    count = len(handoffs)
    text = ngettext(
        "%(count)d lead, first answer by %(until)s", "%(count)d leads, first answer by %(until)s", count
    )
    return text % {"count": count, "until": _when(handoffs[0].answer_due_at)}


def _when(at):
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def _link(handoffs):
    path = (
        reverse("leads:lead", args=[handoffs[0].lead_id]) if len(handoffs) == 1 else reverse("leads:my-day")
    )
    return (organisation.current().site_url or settings.SITE_URL).rstrip("/") + path
