"""Whom sales tries to reach: attempts on qualified leads, on the pool, on customers, on own finds, and cold ones (capability 16).

An attempt is a call, meeting, mail or visit of ours by somebody of sales that no machine sent. It belongs to the first of KINDS that
held at its moment.
"""

from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from accounts import organisation
from accounts.models import Role
from leads.models import HUMAN_ATTEMPTS
from pipeline.channels import Channel
from reports import reading

MOST = 20_000  # attempts looked at: the newest of the period
KINDS = {
    "handed": _("Handed-over leads"),
    "pool": _("From the pool"),
    "own": _("Own finds"),
    "customers": _("Customers and running deals"),
    "cold": _("Cold contacts"),
}
SELLERS = (Role.SALES, Role.MANAGER)
# Each with what the rep had of the person at that moment; `held` are the kinds of handoffs that were open then.
CLASSED = """
SELECT t.id, t.actor_id, CASE
    WHEN held.kinds && '{new,inquiry,imported}' THEN 'handed'
    WHEN held.kinds && '{claim}' THEN 'pool'
    WHEN held.kinds && '{own_find}' OR EXISTS (
      SELECT 1 FROM leads_lead l WHERE l.contact_id = t.contact_id AND l.channel = %(own)s AND l.merged_into_id IS NULL
        AND l.captured_at <= t.at AND (l.ended_at IS NULL OR l.ended_at > t.at)) THEN 'own'
    WHEN held.kinds && '{farmer}' OR EXISTS (
      SELECT 1 FROM pipeline_deal d WHERE d.company_id = person.company_id AND d.cancels_id IS NULL
        AND (d.outcome = 'won' AND d.closed_at <= t.at
             OR d.opened_at <= t.at AND (d.closed_at IS NULL OR d.closed_at > t.at))) THEN 'customers'
    ELSE 'cold' END AS kind
FROM (
  SELECT t.id, t.actor_id, t.contact_id, t.at FROM leads_touch t JOIN accounts_user u ON u.id = t.actor_id
  WHERE t.at >= %(since)s AND t.at < %(until)s AND t.outbound AND NOT t.automatic AND t.kind = ANY(%(human)s)
    AND u.role = ANY(%(sellers)s) AND (%(owners)s::bigint[] IS NULL OR t.actor_id = ANY(%(owners)s::bigint[]))
  ORDER BY t.at DESC, t.id DESC LIMIT %(most)s
) t
JOIN pipeline_contact person ON person.id = t.contact_id
CROSS JOIN LATERAL (
  SELECT array_agg(h.kind::text) AS kinds FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id
  WHERE l.contact_id = t.contact_id AND h.offered_at <= t.at AND (h.ended_at IS NULL OR h.ended_at > t.at)
) held"""


@dataclass(frozen=True)
class Attempts:
    """Attempts of one rep, or of all (`rep` is None): how many of each of KINDS."""

    rep: int | None
    name: str
    counts: dict[str, int]

    @property
    def total(self):
        return sum(self.counts.values())

    @property
    def share(self):
        """The part of them that went to handed-over leads; None without any."""
        return self.counts["handed"] / self.total if self.total else None


@dataclass(frozen=True)
class Told:
    """All attempts looked at, and those of each rep, most first. `cut`: there are more than MOST."""

    total: Attempts
    reps: list[Attempts]
    cut: bool


def attempts(choice) -> Told:
    """The attempts in a Choice's period, of the people it is narrowed to, in one statement."""
    sql = f"""
SELECT c.actor_id AS rep, u.full_name AS name, c.kind, count(*) AS n FROM ({CLASSED}) c
JOIN accounts_user u ON u.id = c.actor_id GROUP BY 1, 2, 3"""
    rows = reading.read({"rows": (sql, _asked(choice, MOST + 1))})["rows"]
    by_rep: dict[tuple, dict] = {}
    for row in rows:
        by_rep.setdefault((row["rep"], row["name"]), dict.fromkeys(KINDS, 0))[row["kind"]] = row["n"]
    reps = [Attempts(rep, name, counts) for (rep, name), counts in by_rep.items()]
    reps.sort(key=lambda one: (-one.total, one.name, one.rep))
    total = Attempts(None, "", {kind: sum(one.counts[kind] for one in reps) for kind in KINDS})
    return Told(total, reps, total.total > MOST)


def behind(choice, kind, most):
    """The ids of the newest touches of one kind."""
    sql = f"SELECT c.id FROM ({CLASSED}) c WHERE c.kind = %(kind)s ORDER BY c.id DESC LIMIT %(rows)s"
    asked = _asked(choice, MOST) | {"kind": kind, "rows": most}
    return [row["id"] for row in reading.read({"rows": (sql, asked)})["rows"]]


def _asked(choice, most):
    since, until = (
        datetime.combine(day, time.min, organisation.zone())
        for day in (choice.period.first, choice.period.until)
    )
    return {
        "since": since, "until": until, "human": list(HUMAN_ATTEMPTS), "sellers": list(SELLERS), "most": most,
        "owners": None if choice.owners is None else list(choice.owners), "own": Channel.SALES_OWN.value,
    }  # fmt: skip
