"""Tracking links: where they lead, who followed them, and personal copies for a mailing."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q

from leads import capture, talking
from leads.models import AudienceMember, Lead, LinkClick, PersonalLink, TouchKind, TrackingLink
from pipeline.models import Contact, Identity, IdentityKind

ROBOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|scan|monitor|fetch|headless|facebookexternalhit|whatsapp|curl|wget|python|"
    r"java/|go-http|okhttp|safelinks|proofpoint|barracuda|mimecast",
    re.IGNORECASE,
)
SOURCE = "link"


def counted(links):
    """`links` with `people`, `robots` and `last_at`, each from the clicks themselves."""
    by_people = Q(clicks__robot=False)
    return links.annotate(
        people=Count("clicks", filter=by_people),
        robots=Count("clicks", filter=Q(clicks__robot=True)),
        last_at=Max("clicks__at", filter=by_people),
    )


def find(key):
    """(link, contact or None) of an address handed out. Raises TrackingLink.DoesNotExist."""
    copy = PersonalLink.objects.filter(key=key).select_related("link__campaign", "contact").first()
    if copy:
        return copy.link, copy.contact
    return TrackingLink.objects.select_related("campaign").get(key=key), None


def target(link, extra=()):
    """Where it leads: the stored address with the campaign's parameters, and `extra` ones that are not set yet."""
    parts = urlsplit(link.target)
    query = parse_qsl(parts.query, keep_blank_values=True)  # pairs: a name may stand there more than once
    ours = {
        "utm_campaign": link.campaign.code,
        "utm_source": link.source,
        "utm_medium": link.medium,
        "utm_content": link.content,
    }
    for name, value in [*ours.items(), *extra]:
        if value and name not in dict(query):
            query.append((name, value))
    return urlunsplit(parts._replace(query=urlencode(query)))


def follow(link, contact, *, robot, at):
    """Count a click, and note it with the contact where the link is personal: once a day."""
    LinkClick.objects.create(link=link, at=at, robot=robot)
    if contact is not None and not robot:
        capture.log_touch(
            contact,
            TouchKind.CLICK,
            by=None,
            at=at,
            channel=link.campaign.channel,
            campaign=link.campaign,
            note=link.name,
            source=SOURCE,
            external_id=f"{link.pk}:{contact.pk}:{at:%Y-%m-%d}",
        )


def is_robot(agent, purpose=""):
    """Whether a request is a machine's: by the name it gives, or because the browser only looks ahead."""
    return not agent or "prefetch" in purpose or bool(ROBOTS.search(agent))


def brought(campaign):
    """The contacts whom a campaign brought, as its links are copied for them."""
    leads = Lead.objects.filter(campaign=campaign, merged_into=None, is_test=False, contact=OuterRef("pk"))
    mail = Identity.objects.filter(kind=IdentityKind.EMAIL, contact=OuterRef("pk"))
    held = AudienceMember.objects.filter(audience__campaign=campaign, held=True, contact=OuterRef("pk"))
    return Contact.objects.surviving().filter(Exists(leads), Exists(mail), ~Exists(held))


def personal(link, at):
    """Make the copies that are missing for the contacts whom the campaign brought; rows (name, e-mail, key) of all.

    A contact without an e-mail address is left out, as a mailing would not reach them, and so is whoever is held out of
    the campaign by lot, or with sales just now (`leads.talking`).
    """
    busy = talking.left_out(brought(link.campaign), link.campaign, at).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(COPIES, {"link": link.pk, "campaign": link.campaign_id, "talking": list(busy)})
        return cursor.fetchall()


# A row: a contact of the campaign with an e-mail address, and the key of their copy. Keys are random, and short enough to print.
COPIES = """
WITH people AS (
  SELECT DISTINCT ON (c.id) c.id, c.full_name, i.value AS email
  FROM leads_lead l JOIN pipeline_contact c ON c.id = l.contact_id
  JOIN pipeline_identity i ON i.contact_id = c.id AND i.kind = 'email'
  WHERE l.campaign_id = %(campaign)s AND l.merged_into_id IS NULL AND c.merged_into_id IS NULL AND NOT l.is_test
    AND c.id <> ALL(%(talking)s)
    AND NOT EXISTS (
      SELECT FROM leads_audience a JOIN leads_audiencemember m ON m.audience_id = a.id
      WHERE a.campaign_id = %(campaign)s AND m.contact_id = c.id AND m.held
    )
  ORDER BY c.id, i.id
),
made AS (
  INSERT INTO leads_personallink (link_id, contact_id, key)
  SELECT %(link)s, id, replace(left(gen_random_uuid()::text, 23), '-', '') FROM people
  ON CONFLICT (link_id, contact_id) DO NOTHING
  RETURNING contact_id, key
)
SELECT p.full_name, p.email, coalesce(made.key, known.key)
FROM people p
LEFT JOIN made ON made.contact_id = p.id
LEFT JOIN leads_personallink known ON known.link_id = %(link)s AND known.contact_id = p.id
ORDER BY p.email
"""
