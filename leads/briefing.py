"""What a rep knows before a visit: who it is, what was bought or lost, what is still owed, what happened last."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Prefetch, Q

from leads import buying, collisions, complaints, grading, questions, reach, stories, usage
from leads.closing.renewing import TAKEN_BACK
from leads.models import Lead, Note, Touch, TouchKind
from pipeline.models import Contact, Deal, DealLine, Step

LAST, MOST = 6, 8
VOICES = (TouchKind.FEEDBACK, TouchKind.COMPLAINT, TouchKind.SERVICE_VISIT)


@dataclass(frozen=True)
class Briefing:
    """One screen. `silent_since` is the last time that we heard from them or reached them; None is never.

    `stands` is where they stand on the way to buying, `collision` what the other track did lately. `asked` pairs each agreed question with its answer, "" where nobody has asked yet.
    """

    contact: Contact
    lead: Lead | None
    reach: reach.Reach
    stands: buying.Standing
    silent_since: datetime | None
    collision: collisions.Collision | None
    bought: list
    deals: list
    lost: list
    complaints: list
    promises: list
    touches: list
    experience: Touch | None
    notes: list
    asked: list
    colleagues: list
    account_people: list
    units: list
    stories: list


def brief(contact, *, by, at) -> Briefing:
    """The Briefing on a contact and their company, as far as `by` may see it; about twenty queries."""
    lead = _pass(contact, at)
    touches = _touches(contact)
    last = list(touches.select_related("campaign", "actor").order_by("-at", "-pk")[:LAST])
    heard = _newest(last, touches.filter(Q(outbound=False) | Q(reached=True)), _is_heard)
    return Briefing(
        contact=contact,
        lead=lead,
        reach=reach.of(contact.identities.all()),
        stands=buying.shown(contact, by, at),
        silent_since=heard and heard.at,
        collision=collisions.of([contact.pk], by=by, at=at).get(contact.pk),
        **_business(contact, by),
        complaints=complaints.open_ones(_people(contact), by),
        promises=_promises(contact, by),
        touches=last,
        experience=_newest(last, touches.filter(kind__in=VOICES), lambda touch: touch.kind in VOICES),
        notes=list(Note.objects.filter(contact=contact).select_related("by").order_by("-at", "-pk")[:3]),
        asked=_asked(lead),
        colleagues=_colleagues(contact, by),
        account_people=_account_people(contact),
        units=_units(contact),
        stories=_stories(contact, lead),
    )


def _people(contact):
    """The contact and colleagues at the company."""
    people = Q(contact=contact)
    return people | Q(contact__company=contact.company_id) if contact.company_id else people


def _touches(contact):
    return Touch.objects.filter(contact=contact, automatic=False)


def _newest(last, rows, holds):
    """The newest of `rows`, those for which it `holds`: most often among the `last` few, which are read anyway."""
    found = next((one for one in last if holds(one)), None)
    if found is None and len(last) == LAST:
        return rows.order_by("-at", "-pk").first()
    return found


def _is_heard(touch):
    return not touch.outbound or touch.reached is True


def _pass(contact, at):
    """The latest pass, with its grade as of now."""
    passes = Lead.objects.filter(contact=contact, merged_into=None)
    passes = grading.graded(passes, at).select_related("product", "campaign", "owner", "segment")
    return passes.order_by("-cycle").first()


def _business(contact, by):
    """What was bought, what is being talked about and what was lost, by the company or with this person."""
    deals = Deal.objects.visible_to(by).filter(pk__in=_deals_about(contact))
    lines = Prefetch("lines", DealLine.objects.select_related("product"))
    bought = deals.won().select_related("product").prefetch_related(lines)
    going = deals.open().select_related("stage", "owner")
    lost = deals.lost().exclude(outcome_reason__code=TAKEN_BACK).select_related("outcome_reason", "owner")
    return {
        "bought": list(bought.order_by("-signed_on", "-pk")[:MOST]),
        "deals": list(going.order_by(F("expected_close").asc(nulls_last=True), "pk")[:MOST]),
        "lost": list(lost.order_by("-closed_at", "-pk")[:MOST]),
    }


def _deals_about(contact):
    """Keys of the deals of the contact and of their company. A union, since an OR over a join reads whole tables."""
    own = Deal.objects.filter(contacts=contact).order_by().values("pk")
    company = Deal.objects.filter(company=contact.company_id).order_by().values("pk")
    return own.union(company) if contact.company_id else own


def _promises(contact, by):
    """Open steps with the contact, their company or their deals, the most urgent first."""
    with_them = (
        Q(contact=contact) | Q(company=contact.company_id) if contact.company_id else Q(contact=contact)
    )
    keys = Step.objects.filter(with_them).order_by().values("pk")
    keys = keys.union(Step.objects.filter(deal__in=_deals_about(contact)).order_by().values("pk"))
    steps = Step.objects.visible_to(by).open().filter(pk__in=keys)
    return list(steps.select_related("owner", "deal").order_by("due_at", "pk")[:MOST])


def _asked(lead):
    return questions.answered(lead) if lead else []


def _units(contact):
    """What stands at the company; whoever has asked whether anything does has annotated the contact with `has_units`."""
    found = contact.company and getattr(contact, "has_units", True)
    return usage.at_company(contact.company)[:MOST] if found else []


def _account_people(contact):
    """Who of us works for the company, beside its owner and its marketing contact."""
    return list(contact.company.account_people.select_related("user")) if contact.company else []


def _stories(contact, lead):
    """How similar deals were won."""
    company = contact.company
    segment = (lead and lead.segment_id) or (company and company.segment_id)
    return stories.like(product=lead and lead.product_id, segment=segment, company=contact.company_id)


def _colleagues(contact, by):
    """Others at the company."""
    if not contact.company_id:
        return []
    others = Contact.objects.visible_to(by).surviving().filter(company=contact.company_id)
    return list(others.exclude(pk=contact.pk).order_by("full_name", "pk")[:MOST])
