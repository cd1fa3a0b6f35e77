"""What planned changes of the structure would change: what stays with whom, and to whom offers would go from then on."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from accounts import dated
from accounts.models import DatedFact, User
from leads.assignment import tried

MIDDAY = timedelta(hours=12)
# A row: somebody concerned, and what stays in their hands whatever the structure.
STAYS = """
SELECT u.id, u.full_name,
  (SELECT count(*) FROM leads_handoff h WHERE h.rep_id = u.id AND h.ended_at IS NULL AND h.accepted_at IS NOT NULL),
  (SELECT count(*) FROM leads_handoff h WHERE h.rep_id = u.id AND h.ended_at IS NULL AND h.accepted_at IS NULL),
  (SELECT count(*) FROM pipeline_deal d WHERE d.owner_id = u.id AND d.outcome = 'open'),
  (SELECT count(*) FROM pipeline_company c WHERE c.sales_owner_id = u.id AND c.merged_into_id IS NULL)
FROM accounts_user u WHERE u.id = ANY(%s) ORDER BY u.full_name, u.id
"""


@dataclass(frozen=True)
class Line:
    """One change in words: of whom, what it was by then, what it will be; `place` is its position in the list."""

    place: int
    what: str
    label: str
    subject: int
    kind: str
    whom: str
    was: str
    will: str
    same: bool


@dataclass(frozen=True)
class Stays:
    """What stays with somebody who is concerned: accepted leads, offers that wait for an answer, open deals, accounts."""

    user: int
    name: str
    leads: int
    offers: int
    deals: int
    accounts: int


@dataclass(frozen=True)
class Share:
    """How many of the same leads somebody would get without the changes and with them."""

    user: int
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Foreseen:
    """What changes would bring from a moment on. `due`: the `leads` tried are due or wait in line; else the newest."""

    lines: list[Line]
    stays: list[Stays]
    shares: list[Share]
    leads: int
    due: bool


def foresee(changes, since, at) -> Foreseen:
    """The Foreseen of changes ([{"what", "subject", "value"}]) that hold from `since` on. Nothing of it stays."""
    on = since + MIDDAY if since > at else at
    before = tried(lambda: _without(changes, since, on), on)
    after = tried(lambda: _as_if(changes, since, on), on)
    without, with_them = (
        Counter(one.rep_id for one in trial.placed if one.rep_id) for trial in (before, after)
    )
    names = dict(User.objects.filter(pk__in=without.keys() | with_them.keys()).values_list("pk", "full_name"))
    shares = [Share(pk, name, without[pk], with_them[pk]) for pk, name in names.items()]
    shares.sort(key=lambda one: (-abs(one.after - one.before), -one.after, one.name))
    return Foreseen(lines(changes, since), stays(changes, since), shares, len(after.placed), after.due)


def lines(changes, since) -> list[Line]:
    """[Line] of changes, in their order; what was is what is known of the day before without them."""
    was = _before(changes, since)
    words = dated.tell(
        (one["what"], value) for one in changes for value in (one["value"], was[one["what"], one["subject"]])
    )
    names = _names(changes)
    return [
        _line(place, one, was[one["what"], one["subject"]], words, names) for place, one in enumerate(changes)
    ]


def _line(place, one, was, words, names):
    what, fact = one["what"], dated.facts()[one["what"]]
    return Line(
        place, what, str(fact.label), one["subject"], KINDS[fact.subject], names.get((fact.subject, one["subject"]), "–"),
        words[what, dated.key(was)], words[what, dated.key(one["value"])], was == one["value"],
    )  # fmt: skip


# How an address names the kinds of subjects.
KINDS = {
    "accounts.User": "person",
    "accounts.Team": "team",
    "leads.AssignmentRule": "rule",
    "pipeline.Company": "company",
}


def stays(changes, since) -> list[Stays]:
    """[Stays] of everybody whom the changes concern."""
    was = _before(changes, since)
    people = set()
    for one in changes:
        fact = dated.facts()[one["what"]]
        if fact.subject == "accounts.User":
            people.add(one["subject"])
        if getattr(fact, "of", "") == "accounts.User":
            old, new = (_people(value) for value in (was[one["what"], one["subject"]], one["value"]))
            people |= old ^ new
    with connection.cursor() as cursor:
        cursor.execute(STAYS, [list(people)])
        return [Stays(*row) for row in cursor.fetchall()]


def _people(value):
    return set(value) if isinstance(value, list) else {value} - {None}


def _before(changes, since) -> dict[tuple[str, int], Any]:
    """{(what, subject): value} by the dates just before, without the changes; today's where no date is known."""
    found = {}
    for what in {one["what"] for one in changes}:
        ids = [one["subject"] for one in changes if one["what"] == what]
        today = dated.facts()[what].now(ids)
        known = dated.values(what, since - timedelta(microseconds=1), ids)
        found |= {(what, pk): known.get(pk, today.get(pk)) for pk in ids}
    return found


def _names(changes):
    """{(kind of subject, id): name}."""
    found = {}
    for subject in {dated.facts()[one["what"]].subject for one in changes}:
        facts = dated.of_subject(subject)
        ids = [one["subject"] for one in changes if one["what"] in {fact.name for fact in facts}]
        rows = facts[0].model().objects.in_bulk(ids)
        found |= {(subject, pk): str(row) for pk, row in rows.items()}
    return found


def _without(changes, since, on):
    """As it would be without them, even where they are planned already."""
    for one in changes:
        DatedFact.objects.of(one["what"], one["subject"]).filter(since=since, pending=True).delete()
    dated.put_in_force(on)


def _as_if(changes, since, on):
    for one in changes:
        dated.note(one["what"], one["subject"], one["value"], since, on)
    dated.put_in_force(on)
