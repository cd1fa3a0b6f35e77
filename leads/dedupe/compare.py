"""Compare what is due, keep likely pairs for the worklist, and merge people who are certainly the same."""

import orjson
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from engine.copying import chunk
from leads import merging
from leads.dedupe import candidates, weighing
from leads.models import Duplicate, MergeKind

CERTAINLY = _("Certainly the same person.")
KEEP = """
INSERT INTO leads_duplicate (kind, low_id, high_id, probability, evidence, against, found_at)
SELECT %s, * , %s FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::text[]::jsonb[], %s::text[]::jsonb[])
ON CONFLICT (kind, low_id, high_id) DO UPDATE
SET probability = excluded.probability, evidence = excluded.evidence, against = excluded.against
"""


def compare_due(limit=500, at=None):
    """Compare up to `limit` new or renamed records of each kind with their likes. Returns how many it looked at."""
    at = at or timezone.now()
    done = 0
    for kind in (MergeKind.COMPANY, MergeKind.CONTACT):  # people are seen by their companies
        with chunk() as cursor:
            ids = candidates.claim(cursor, kind, limit)
            found, certain = WEIGH[kind](cursor, ids) if ids else ([], [])
            _keep(cursor, kind, found, at)
        _merge(certain, at)
        done += len(ids)
    return done


def _weigh_firms(cursor, ids):
    """([(low, high, Likeness)] of likely pairs, none of them merged without asking)."""
    pairs = candidates.company_pairs(cursor, ids)
    records = _firms(cursor, pairs)
    likely = _likely((low, high, weighing.firms(records[low], records[high])) for low, high in pairs)
    if likely:
        candidates.mark_namesakes(cursor, [one[:2] for one in likely])
    return likely, []


def _weigh_people(cursor, ids):
    """([(low, high, Likeness)] of likely pairs, [(low, high, reasons)] of those that are certain)."""
    pairs = candidates.contact_pairs(cursor, ids)
    records = _people(cursor, pairs)
    crowd = _crowd(cursor, records)
    likely = _likely((low, high, weighing.people(records[low], records[high], crowd)) for low, high in pairs)
    return likely, [(low, high, of.why) for low, high, of in likely if of.certain]


def _likely(found):
    return [one for one in found if one[2].probability >= weighing.LIKELY]


def _crowd(cursor, records):
    people = candidates.total(cursor, "pipeline_contact")
    shares = candidates.frequent(cursor, people)
    hints = {hint for person in records.values() for hint in person.hints}
    companies = sorted({person.company for person in records.values() if person.company})
    return weighing.Crowd(
        max(people, len(records), 2),
        shares.get("job_title", {}),
        shares.get("city", {}),
        candidates.holders(cursor, hints) if hints else {},
        candidates.alike(cursor, companies) if companies else frozenset(),
    )


WEIGH = {MergeKind.CONTACT: _weigh_people, MergeKind.COMPANY: _weigh_firms}


def _people(cursor, pairs):
    cursor.execute(candidates.PEOPLE, [_ids(pairs)])
    return {
        pk: weighing.Person(
            pk,
            name,
            title,
            city,
            company,
            tuple(hints or ()),
            tuple(emails or ()),
            tuple(mobiles or ()),
            namesakes,
            colleagues,
        )
        for pk, name, title, city, company, hints, emails, mobiles, namesakes, colleagues in cursor.fetchall()
    }


def _firms(cursor, pairs):
    cursor.execute(candidates.FIRMS, [_ids(pairs)])
    return {row[0]: weighing.Firm(*row) for row in cursor.fetchall()}


def _ids(pairs):
    return sorted({pk for pair in pairs for pk in pair})


def _keep(cursor, kind, found, at):
    if found:
        lows, highs, likenesses = zip(*found, strict=True)
        chances = [of.probability for of in likenesses]
        reasons = [orjson.dumps(of.why).decode() for of in likenesses]
        against = [orjson.dumps(of.against).decode() for of in likenesses]
        cursor.execute(KEEP, [kind, at, list(lows), list(highs), chances, reasons, against])


def _merge(certain, at):
    """One by one: each is a transaction of its own that the journal can undo. The older record survives."""
    for low, high, why in certain:
        if Duplicate.objects.filter(low_id=low, high_id=high).exclude(dismissed_at=None).exists():
            continue
        try:
            merging.merge_contacts(low, high, by=None, at=at, reason=CERTAINLY, evidence=why)
        except merging.MergeRefused:
            continue  # one of them was merged by another pair of this batch
