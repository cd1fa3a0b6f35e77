"""Both tracks about to speak with the same people: who of the other track contacted a person or company lately."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import Track
from leads import contacting
from leads.capture.person import track_of
from leads.models import TouchKind
from leads.models.contacting import PHASE_OF
from ui import formats

# One row: whom was asked about, with the latest human contact of the other track: of the person, else of the company.
LATELY = """
SELECT asked.id, t.at, t.kind, t.track, u.full_name, t.same, pass.stage, agreed.contact_rules
FROM {asked} asked
CROSS JOIN LATERAL (
  SELECT a.collision_days, a.contact_rules FROM leads_agreement a
  WHERE (SELECT count(DISTINCT s.track) FROM leads_agreementsignature s WHERE s.agreement_id = a.id) = %(tracks)s
  ORDER BY a.version DESC LIMIT 1) agreed
CROSS JOIN LATERAL (
  SELECT t.at, t.kind, t.track, t.actor_id, t.contact_id, {same} AS same
  FROM pipeline_contact c JOIN leads_touch t ON t.contact_id = c.id
  WHERE {who}
    AND t.at > %(at)s::timestamptz - make_interval(days => agreed.collision_days) AND t.at <= %(at)s
    AND t.outbound AND NOT t.automatic AND t.track <> %(track)s
  ORDER BY same DESC, t.at DESC LIMIT 1) t
LEFT JOIN accounts_user u ON u.id = t.actor_id
LEFT JOIN LATERAL (
  SELECT l.stage FROM leads_lead l WHERE l.contact_id = {whose} AND l.merged_into_id IS NULL ORDER BY l.cycle DESC LIMIT 1
) pass ON true
WHERE asked.id = ANY(%(ids)s)
"""
PEOPLE = LATELY.format(
    asked="pipeline_contact",
    same="c.id = asked.id",
    who="(c.id = asked.id OR c.company_id = asked.company_id)",
    whose="asked.id",
)
COMPANIES = LATELY.format(
    asked="pipeline_company", same="false", who="c.company_id = asked.id", whose="t.contact_id"
)


@dataclass(frozen=True)
class Collision:
    """What the other track did: when, of which kind, by whom (empty where unknown), with the same person or a colleague.

    `agreed`: what the agreement says of it for whoever asked, in words; empty where they are the ones responsible.
    """

    at: datetime
    kind: str
    track: str
    who: str
    same: bool
    agreed: str = ""

    @property
    def words(self):
        """One sentence for whoever is about to make contact."""
        said = {
            "track": Track(self.track).label,
            "who": self.who or _("somebody"),
            "kind": TouchKind(self.kind).label,
            "when": formats.moment(self.at),
        }
        person = _("%(track)s was in contact with this person lately: %(kind)s, %(who)s, %(when)s.")
        company = _("%(track)s was in contact with the same company lately: %(kind)s, %(who)s, %(when)s.")
        return " ".join(filter(None, [(person if self.same else company) % said, self.agreed]))

    def as_dict(self):
        """As the API tells it."""
        return {**asdict(self), "words": self.words}


def of(contact_ids, *, by, at):
    """{contact id: Collision} of those whom the other track than the user `by` contacted within the agreed days.

    In one statement; none where the agreement lets that user's track contact such people freely. Mail that machines sent and what people did themselves is no contact of ours.
    """
    return _found(PEOPLE, contact_ids, by, at)


def of_companies(company_ids, *, by, at):
    """The same of companies, by whoever of their people was contacted last: {company id: Collision}."""
    return _found(COMPANIES, company_ids, by, at)


def _found(statement, ids, by, at):
    ids = sorted(set(ids))
    if not ids:
        return {}
    track = track_of(by)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": ids, "track": track, "tracks": len(Track), "at": at})
        rows = cursor.fetchall()
    found = {}
    for asked, when, kind, others, who, same, stage, rules in rows:
        phase, rules = PHASE_OF.get(stage), _loaded(rules)
        if phase is None or not contacting.is_free(rules, phase, track):
            agreed = contacting.told(rules, phase, track) if phase else ""
            found[asked] = Collision(when, kind, others, who or "", same, agreed)
    return found


def _loaded(rules):
    """JSON as a cursor of Django's gives it: as text."""
    return json.loads(rules) if isinstance(rules, str) else rules


def mark(contacts, *, by, at):
    """Give each of these contacts its `collision`, or None."""
    contacts = [contact for contact in contacts if contact is not None]
    found = of([contact.pk for contact in contacts], by=by, at=at)
    for contact in contacts:
        contact.collision = found.get(contact.pk)
