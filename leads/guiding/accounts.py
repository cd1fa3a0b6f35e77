"""What to do next with an account."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import organisation
from leads import usage, ways
from leads.guiding import steps
from leads.guiding.steps import Guide
from leads.models import Touch, UsageSign
from leads.usage.cards import whom
from pipeline.models import Deal
from ui import formats

SILENT = timedelta(days=90)
ENDING = timedelta(days=120)


def of_company(company, *, by, at):
    """The Guide of a company, or None where nothing calls for anything."""
    own = steps.of(by, company=company)
    return (
        steps.complained(Q(contact__company=company), by)
        or steps.promised(own, at)
        or _used(company)
        or _ending(company, at)
        or steps.planned(own, at)
        or _silent(company, by, at)
    )


def _used(company):
    """What they bought is used less, or its end is near."""
    signs = (
        UsageSign.objects.open().filter(unit__company=company, closed_at=None).select_related("unit__product")
    )
    sign = signs.order_by("-began_at", "-pk").first()
    if sign is None:
        return None
    why = f"{sign.unit}: {usage.sentence(sign)}"
    if sign.kind == "ending":
        return Guide("replace", _("Propose a replacement before its end."), why)
    return Guide("usage", _("Call and ask what has changed."), why, urgent=True)


def _ending(company, at):
    """A contract ends, and its renewal is not open."""
    today = organisation.today(at)
    ending = Deal.objects.won().filter(
        company=company, renewed=False, contract_until__range=(today, today + ENDING)
    )
    deal = ending.order_by("contract_until", "pk").first()
    if deal is None:
        return None
    why = _("The contract of “%(deal)s” ends on %(day)s.")
    said = {"deal": deal.name, "day": formats.day(deal.contract_until)}
    return Guide("renew", _("Talk about the renewal."), why % said)


def _silent(company, by, at):
    """A customer of whom nobody heard for long, for whoever sees somebody there."""
    if not Deal.objects.won().filter(company=company).exists():
        return None
    heard = Touch.objects.filter(
        Q(outbound=False) | Q(reached=True), contact__company=company, automatic=False
    )
    last = heard.order_by("-at").values_list("at", flat=True).first()
    contact = whom(company, by)
    if contact is None or (last and last > at - SILENT):
        return None
    found = ways.of(contact, by=by, at=at)
    said = {"who": contact, "way": found.best.label if found.best else formats.EMPTY, "why": found.because}
    why = (
        _("Nothing was heard of them since %(day)s.") % {"day": formats.day(last)}
        if last
        else _("Nothing was ever heard of them.")
    )
    return Guide("silent", _("Get in touch with %(who)s: %(way)s (%(why)s).") % said, why)
