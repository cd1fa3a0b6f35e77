"""A deal begins: after the talk, with an amount, a month and a next step."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Track
from engine.hints import hint
from leads import capture, funnel
from leads.capture.person import track_of
from leads.closing import record
from leads.closing.record import Refused
from leads.models import Handoff, Lead, TouchKind
from pipeline import companies
from pipeline.models import Deal, DealContact, DealKind, Step
from pipeline.stages import Stage

TALKS = (TouchKind.CALL, TouchKind.MEETING, TouchKind.MAIL, TouchKind.CHAT)


def contact_owed(lead):
    """Whether whoever has the lead still owes the first contact."""
    return Handoff.objects.open().filter(lead=lead.pk, accepted_at__isnull=False, contacted_at=None).exists()


def owes_contact(lead, by):
    """The same, and `by` is of those whose attempt it would be."""
    return track_of(by) == Track.SALES and contact_owed(lead)


def open_deal(
    lead,
    *,
    by,
    at,
    next_step,
    next_step_due,
    company=None,
    firm="",
    owner=None,
    product=None,
    kind=DealKind.NEW,
    talked="",
    **terms,
):
    """Open a deal from an SQL, or without a lead for a company; returns it. Raises Refused.

    `terms` are the deal's name, amount, currency and expected_close, and as far as there are any partner and
    contract_until. It belongs to `owner`, else the lead's owner, else whoever opens it. The lead's contact becomes its
    first contact; one without a company belongs from now on to `company`, or to the one called `firm`. `talked` says how
    they talked, one of TALKS: where `owes_contact`, that is the first contact.
    """
    _check(lead, company, terms["amount"], terms["expected_close"], next_step, next_step_due)
    with transaction.atomic():
        if lead is not None:
            lead = _talked_to(lead, talked, by, at)
            company = _company_of(lead.contact, company, firm, at)
            owner, product = owner or lead.owner, product or lead.product
        owner = owner or by
        facts = {"company": company, "owner": owner, "product": product, "kind": kind, **terms}
        deal = Deal(**{**facts, "name": terms["name"].strip()}, stage=record.first_stage(), opened_at=at)
        deal.base_amount = record.base_amount(deal)
        deal.save()
        record.record(deal, {}, by=by, at=at)
        Step.objects.create(deal=deal, what=next_step.strip(), owner=owner, due_at=next_step_due)
        if lead is not None:
            _attach(lead, deal, by, at)
        hint(funnel.ALWAYS_HINT)
    return deal


def _talked_to(lead, talked, by, at):
    """The locked lead, after its first contact where one is told and owed."""
    if talked and owes_contact(lead, by):  # the person is locked before the passes
        capture.log_touch(lead.contact, talked, by=by, at=at, outbound=True, reached=True)
    return _locked(lead, Stage.SQL)


def join(lead, deal, *, by, at):
    """Join another SQL to an open deal of its company: one more person, not one more company. Raises Refused."""
    with transaction.atomic():
        lead = _locked(lead, Stage.SQL)
        deal = Deal.objects.select_for_update(no_key=True).get(pk=deal.pk)
        record.insist_open(deal)
        if deal.company_id is None or deal.company_id != lead.contact.company_id:
            raise Refused(_("The deal belongs to another company."))
        _attach(lead, deal, by, at)
        hint(funnel.ALWAYS_HINT)
    return deal


def _check(lead, company, amount, expected_close, next_step, next_step_due):
    if lead is None and company is None:
        raise Refused(_("A deal needs a lead or a company."))
    if amount is None or not Decimal(amount).is_finite() or amount < 0:
        raise Refused(_("A deal needs an amount."))
    if expected_close is None:
        raise Refused(_("A deal needs the month in which it should close."))
    if not (next_step or "").strip() or next_step_due is None:
        raise Refused(_("A deal needs a next step, and by when."))


def _locked(lead, stage):
    """The lead as it stands, locked. Raises Refused where it is not at `stage`."""
    lead = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    if lead.stage != stage:
        raise Refused(_("Only a lead that sales has accepted leads to a deal. This one is at “%(stage)s”.")
                      % {"stage": lead.get_stage_display()})  # fmt: skip
    return lead


def _company_of(contact, company, firm, at):
    """The contact's company; where it had none, what was said becomes it."""
    if contact.company is None and (company or firm.strip()):
        contact.company, contact.updated_at = company or companies.called(firm), at
        contact.save(update_fields=["company", "updated_at"])
    return contact.company


def _attach(lead, deal, by, at):
    Lead.objects.filter(pk=lead.pk).update(deal=deal)
    record.insist(funnel.advance([lead.pk], Stage.DEAL, actor=by, at=at))
    DealContact.objects.get_or_create(deal=deal, contact=lead.contact)
