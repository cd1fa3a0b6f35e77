"""Whose track a lead, a deal or a company is on: the owner of the track is responsible, the other department advises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Track, User
from leads.models import Lead
from leads.terms import lately
from pipeline.models import Company, Deal
from pipeline.stages import responsible

OTHER = {Track.MARKETING: Track.SALES, Track.SALES: Track.MARKETING}


@dataclass(frozen=True)
class Sides:
    """Who is responsible and who advises: a track each, and the person where there is one."""

    responsible: Track
    person: User | None
    advising: Track
    adviser: User | None


def of_stage(stage):
    """The track that is responsible for leads at a stage, by the agreement of a few seconds ago."""
    return responsible(lately().sales_from)[stage]


def of(thing):
    """The track that is responsible: a deal is sales', and so is an account that sales has; a lead's goes by its stage."""
    if isinstance(thing, Company):
        return Track.SALES if thing.sales_owner_id else Track.MARKETING
    return Track.SALES if isinstance(thing, Deal) else of_stage(thing.stage)


def sides(thing):
    """The Sides of a lead, a deal or a company."""
    found = OF[type(thing)](thing)
    track = of(thing)
    return Sides(track, found[track], OTHER[track], found[OTHER[track]])


def _of_lead(lead):
    company = lead.contact.company
    return {
        Track.MARKETING: (company and company.marketing_contact) or (lead.campaign and lead.campaign.owner),
        Track.SALES: lead.owner or (company and company.sales_owner),
    }


def _of_deal(deal):
    marketing = deal.company and deal.company.marketing_contact
    if marketing is None:
        made = Lead.objects.filter(deal=deal, campaign__owner__isnull=False).select_related("campaign__owner")
        first = made.order_by("pk").first()
        marketing = first.campaign.owner if first and first.campaign else None
    return {Track.MARKETING: marketing, Track.SALES: deal.owner}


def _of_company(company):
    return {Track.MARKETING: company.marketing_contact, Track.SALES: company.sales_owner}


OF: dict[type, Callable[[Any], dict]] = {Lead: _of_lead, Deal: _of_deal, Company: _of_company}
