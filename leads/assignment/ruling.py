"""Rules of routing as a run sees them: which leads each asks for, and which reps it may give them to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import RepKind

# What hinders whoever is free and in reach: not at work, or not preferred, so that others are asked first; or hands that are full.
OFF, OTHERS, FULL = "off", "preferred", "full"
# A region stands for those below it.
RULES = """
-- one row: a rule in use, in order
SELECT a.id, a.name, a.channel, a.product_id, a.grades, a.names, a.team_id,
  ARRAY(SELECT s.segment_id FROM leads_assignmentrule_segments s WHERE s.assignmentrule_id = a.id),
  ARRAY(WITH RECURSIVE covered AS (
      SELECT g.region_id AS id FROM leads_assignmentrule_regions g WHERE g.assignmentrule_id = a.id
      UNION SELECT r.id FROM accounts_region r JOIN covered c ON r.parent_id = c.id)
    SELECT id FROM covered),
  ARRAY(SELECT u.user_id FROM leads_assignmentrule_reps u WHERE u.assignmentrule_id = a.id),
  ARRAY(SELECT u.user_id FROM leads_assignmentrule_preferred u WHERE u.assignmentrule_id = a.id)
FROM leads_assignmentrule a WHERE a.active ORDER BY a.position, a.id
"""
CONDITIONS = {
    "channel": "channel = {}",
    "product_id": "product_id = {}",
    "grades": "position(grade in {}) > 0",
    "names": "customer = ({} = 'customer')",
    "segments": "segment_id = ANY({})",
    "regions": "region_id = ANY({})",
}


@dataclass(frozen=True)
class Rule:
    """An assignment rule with the ids that it names; what is empty asks for nothing. Without an id: everybody else."""

    pk: int | None = None
    name: str = ""
    channel: str = ""
    product_id: int | None = None
    grades: str = ""
    names: str = ""
    team_id: int | None = None
    segments: Sequence = ()
    regions: Sequence = ()
    reps: Sequence = ()
    preferred: Sequence = ()


def in_order(cursor):
    """The rules in use; the last takes whatever meets none."""
    cursor.execute(RULES)
    return [*(Rule(*row) for row in cursor.fetchall()), Rule()]


def first_met(rules):
    """(SQL, parameters): the id of the first rule that a lead of the run meets."""
    cases, bound = [], {}
    for place, rule in enumerate(rules):
        asked = {f"{name}_{place}": name for name in CONDITIONS if getattr(rule, name)}
        met = [CONDITIONS[name].format(f"%({key})s") for key, name in asked.items()]
        cases.append(f"WHEN {' AND '.join(met) or 'true'} THEN %(rule_{place})s::bigint")
        bound |= {key: getattr(rule, name) for key, name in asked.items()} | {f"rule_{place}": rule.pk}
    return f"CASE {' '.join(cases)} END", bound


def in_reach(rule, reps):
    """The reps of a rule's set who are still with us; where it names none everybody but those who sell to key accounts."""
    here = [rep for rep in reps.values() if rep.hindrance != "gone" and rule.team_id in (None, rep.team_id)]
    return [rep for rep in here if rep.user_id in rule.reps or (not rule.reps and rep.kind != RepKind.KEY)]


def outside(team, reps, preferred):
    """A refusal that names the preferred reps (users) who are not of the rule's set, and so would never be asked; empty if none is."""
    named = {rep.pk for rep in reps}
    out = [
        one.full_name
        for one in preferred
        if (team and one.team_id != team.pk) or (named and one.pk not in named)
    ]
    if not out:
        return ""
    return _(
        "Not among the reps of this rule, so never asked: %(names)s. Add them there or take them out here."
    ) % {"names": ", ".join(sorted(out))}
