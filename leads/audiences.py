"""The audience of a campaign: drawn by lot into those whom it reaches and those held out, who get nothing of it.

Lists, files and copies of links for a mailing are made from `reached`, never from the members themselves: it leaves out with
whom sales is talking (`leads.talking`), unless the campaign includes them with a reason.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from accounts import organisation
from accounts.models import Region
from engine.copying import chunk
from leads import talking
from leads.models import Audience, AudienceMember
from pipeline.models import ConsentEvent, Contact, Identity, IdentityKind
from pipeline.models.consent import ConsentPurpose

CUSTOMERS = {"": "true", "customers": "bought", "others": "NOT bought"}
# The lot: the first 32 bits of a hash of seed and contact, below the share that is held out. The same for good.
LOT = "('x' || left(md5(%(seed)s || ':' || c.id), 8))::bit(32)::bigint < %(held)s * 42949672.96"
DRAW = f"""
INSERT INTO leads_audiencemember (audience_id, contact_id, held)
SELECT %(audience)s, c.id, {LOT}
FROM pipeline_contact c
LEFT JOIN pipeline_company company ON company.id = c.company_id
CROSS JOIN LATERAL (
  SELECT EXISTS (SELECT 1 FROM pipeline_deal d WHERE d.company_id = company.id AND d.outcome = 'won') AS bought
) AS b
WHERE c.merged_into_id IS NULL AND {{customers}}
  AND (%(segment)s IS NULL OR company.segment_id = %(segment)s)
  AND (%(region)s::bigint[] IS NULL OR company.region_id = ANY(%(region)s::bigint[]))
  AND (%(contacts)s::bigint[] IS NULL OR c.id = ANY(%(contacts)s::bigint[]))
  AND coalesce((
    SELECT e.given FROM pipeline_consentevent e WHERE e.contact_id = c.id AND e.purpose = 'marketing'
    ORDER BY e.at DESC, e.id DESC LIMIT 1
  ), true)
ON CONFLICT (audience_id, contact_id) DO NOTHING
"""


@dataclass(frozen=True)
class Wish:
    """Who belongs to an audience: `customers` "", "customers" or "others"; ids of a segment, regions, contacts, None for all."""

    customers: str = ""
    segment: int | None = None
    regions: tuple[int, ...] | None = None
    contacts: tuple[int, ...] | None = None


def wish(customers="", segment=None, region=None, contacts=None) -> Wish:
    """A Wish from a Segment and a Region (with all that is part of it)."""
    return Wish(
        customers=customers,
        segment=segment and segment.pk,
        regions=region and under(region.pk),
        contacts=None if contacts is None else tuple(contacts),
    )


def under(region):
    """The ids of a region and of all that is part of it."""
    parts, found = {}, [region]
    for pk, parent in Region.objects.values_list("pk", "parent_id"):
        parts.setdefault(parent, []).append(pk)
    for one in found:
        found += [pk for pk in parts.get(one, []) if pk not in found]
    return tuple(found)


def draw(audience, wish, at):
    """Add everybody of a Wish (merged people and those who withdrew their consent apart). Returns how many came new.

    Who is there already keeps their lot.
    """
    with chunk() as cursor:
        Audience.objects.select_for_update().get(pk=audience.pk)
        cursor.execute(
            DRAW.format(customers=CUSTOMERS[wish.customers]),
            {
                "audience": audience.pk,
                "seed": audience.seed,
                "held": audience.held_percent,
                "segment": wish.segment,
                "region": None if wish.regions is None else list(wish.regions),
                "contacts": None if wish.contacts is None else list(wish.contacts),
            },
        )
        added = cursor.rowcount
        if added and audience.drawn_on is None:
            fresh = Audience.objects.filter(pk=audience.pk, drawn_on__isnull=True)
            fresh.update(drawn_on=organisation.today(at), drawn_at=at)
    audience.refresh_from_db(fields=["drawn_on", "drawn_at"])
    return added


def counts(audience):
    """{"reached": …, "held": …}: how many the lot put where."""
    return AudienceMember.objects.filter(audience=audience).aggregate(
        reached=Count("pk", filter=Q(held=False)), held=Count("pk", filter=Q(held=True))
    )


def reached(audience, at):
    """The contacts whom the campaign may write to: neither held out nor merged, nor withdrawn since, nor with sales just now."""
    return talking.but_for(lot(audience), audience.campaign, at)


def lot(audience):
    """The same with those with whom sales is talking."""
    latest = ConsentEvent.objects.filter(contact=OuterRef("pk"), purpose=ConsentPurpose.MARKETING)
    member = AudienceMember.objects.filter(audience=audience, contact=OuterRef("pk"), held=False)
    mail = Identity.objects.filter(contact=OuterRef("pk"), kind=IdentityKind.EMAIL).order_by("pk")
    return (
        Contact.objects.surviving()
        .filter(Exists(member))
        .annotate(last_word=Subquery(latest.order_by("-at", "-pk").values("given")[:1]))
        .filter(Q(last_word=True) | Q(last_word__isnull=True))
        .annotate(email=Subquery(mail.values("value")[:1]))
    )
