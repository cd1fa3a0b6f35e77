"""Contacts that the agreement leaves to the other track: counted, never refused.

Where the other track does not contact, each contact is a crossing. Where it tells first, a contact is one when the
responsible track was in contact with the same person or company within the agreed days. What counts is what was in force,
and where the person stood, at that moment.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from leads.models.contacting import KINDS, PHASE_OF, Phase, Way

_PHASE = " ".join(f"WHEN '{stage.value}' THEN '{phase.value}'" for stage, phase in PHASE_OF.items())
_WAY = " ".join(
    f"WHEN '{kind}' THEN '{way.value}'" for way, kinds in KINDS.items() for kind in kinds
)  # of people's touches
MOST = 50_000  # contacts that are looked at, the newest of a span: each has to be held against what was agreed then
# A row: a contact of ours, one of a person or a mailing.
LOOKED = f"""
SELECT t.*, way.name AS way FROM leads_touch t
CROSS JOIN LATERAL (
  SELECT CASE WHEN NOT t.automatic THEN CASE t.kind {_WAY} END WHEN t.kind = 'mail' THEN 'mailing' END AS name
) way
WHERE t.outbound AND t.at >= %s AND t.at < %s AND way.name IS NOT NULL ORDER BY t.at DESC, t.id DESC LIMIT {MOST}
"""
# A row: a crossing, the phase and way, and what was agreed.
FOUND = f"""
SELECT t.id, t.at, phase.name AS phase, t.way, rule.track, rule.other
FROM looked t
CROSS JOIN LATERAL (
  SELECT a.collision_days, a.contact_rules FROM leads_agreement a
  WHERE (SELECT count(DISTINCT s.track) FROM leads_agreementsignature s WHERE s.agreement_id = a.id AND s.at <= t.at) = 2
  ORDER BY a.version DESC LIMIT 1
) agreed
CROSS JOIN LATERAL (
  SELECT c.to_stage FROM leads_lead l JOIN leads_stagechange c ON c.lead_id = l.id
  WHERE l.contact_id = t.contact_id AND l.merged_into_id IS NULL AND NOT l.is_test AND c.at <= t.at
  ORDER BY c.at DESC, l.cycle DESC, c.seq DESC LIMIT 1
) stood
CROSS JOIN LATERAL (SELECT CASE stood.to_stage {_PHASE} END AS name) phase
CROSS JOIN LATERAL (
  SELECT agreed.contact_rules #>> ARRAY[phase.name, t.way, 'track'] AS track,
    agreed.contact_rules #>> ARRAY[phase.name, t.way, 'other'] AS other
) rule
WHERE rule.track <> t.track
  AND (rule.other = 'not' OR rule.other = 'tell' AND EXISTS (
    SELECT FROM pipeline_contact c
    JOIN pipeline_contact near ON near.id = c.id OR near.company_id = c.company_id
    JOIN leads_touch o ON o.contact_id = near.id
    WHERE c.id = t.contact_id AND o.outbound AND NOT o.automatic AND o.track = rule.track
      AND o.at > t.at - make_interval(days => agreed.collision_days) AND o.at <= t.at
  ))
"""
WITH = f"WITH looked AS MATERIALIZED ({LOOKED})"
COUNT = f"{WITH} SELECT (SELECT count(*) FROM ({FOUND}) crossing), (SELECT count(*) FROM looked)"


@dataclass(frozen=True)
class Crossing:
    """A touch, the phase of its person, the way, the track that was responsible, and what the other might do."""

    touch: int
    at: datetime
    phase: str
    way: str
    track: str
    other: str

    @property
    def phase_words(self):
        return Phase(self.phase).label

    @property
    def way_words(self):
        return Way(self.way).label


@dataclass(frozen=True)
class Counted:
    """How many crossings there are among the contacts that were `looked` at: all of a span, or the newest MOST."""

    n: int
    looked: int

    @property
    def whole(self):
        """Were all contacts of the span looked at?"""
        return self.looked < MOST


def count(since, until) -> Counted:
    """How many there are in [since, until)."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [since, until])
        return Counted(*cursor.fetchone())


def between(since, until):
    """The Crossings in [since, until) among the contacts that are looked at, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(f"{WITH} {FOUND} ORDER BY t.at DESC, t.id DESC", [since, until])
        return [Crossing(*row) for row in cursor.fetchall()]
