"""Compare what is due, keep likely pairs for the worklist, and merge people who are certainly the same."""

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from engine.copying import chunk
from leads import merging
from leads.dedupe import candidates, weighing
from leads.models import Duplicate, MergeKind

CERTAINLY = _("Certainly the same person.")
KEEP = """
INSERT INTO leads_duplicate (kind, low_id, high_id, probability, evidence, found_at)
SELECT %s, * , %s FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::text[]::jsonb[])
ON CONFLICT (kind, low_id, high_id) DO UPDATE
SET probability = excluded.probability, evidence = excluded.evidence
"""


def compare_due(limit=500, at=None):
    """Compare up to `limit` new or renamed records of each kind with their likes. Returns how many it looked at."""
    at = at or timezone.now()
    done = 0
    for kind in MergeKind:
        with chunk() as cursor:
            ids = candidates.claim(cursor, kind, limit)
            found = _weigh(cursor, kind, ids) if ids else []
            _keep(cursor, kind, found, at)
        if kind == MergeKind.CONTACT:
            _merge_certain(found, at)
        done += len(ids)
    return done


def _weigh(cursor, kind, ids):
    """[(low, high, probability, reasons)] of likely pairs."""
    if kind == MergeKind.COMPANY:
        pairs = candidates.company_pairs(cursor, ids)
        records = _firms(cursor, pairs)
        found = [(low, high, *weighing.firms(records[low], records[high])) for low, high in pairs]
    else:
        pairs = candidates.contact_pairs(cursor, ids)
        records = _people(cursor, pairs)
        total = max(candidates.total(cursor, "pipeline_contact"), len(records), 2)
        found = [(low, high, *weighing.people(records[low], records[high], total)) for low, high in pairs]
    return [one for one in found if one[2] >= weighing.LIKELY]


def _people(cursor, pairs):
    cursor.execute(candidates.PEOPLE, [_ids(pairs)])
    return {
        row[0]: weighing.Person(*row[:5], tuple(row[5] or ()), tuple(row[6] or ()), *row[7:])
        for row in cursor.fetchall()
    }


def _firms(cursor, pairs):
    cursor.execute(candidates.FIRMS, [_ids(pairs)])
    return {row[0]: weighing.Firm(*row) for row in cursor.fetchall()}


def _ids(pairs):
    return sorted({pk for pair in pairs for pk in pair})


def _keep(cursor, kind, found, at):
    if found:
        lows, highs, chances, reasons = zip(*found, strict=True)
        evidence = ["[" + ", ".join(f'"{word}"' for word in words) + "]" for words in reasons]
        cursor.execute(KEEP, [kind, at, list(lows), list(highs), list(chances), evidence])


def _merge_certain(found, at):
    """One by one: each is a transaction of its own that the journal can undo. The older record survives."""
    for low, high, chance, _why in found:
        certain = chance >= weighing.CERTAIN
        if (
            certain
            and not Duplicate.objects.filter(low_id=low, high_id=high).exclude(dismissed_at=None).exists()
        ):
            try:
                merging.merge_contacts(low, high, by=None, at=at, reason=CERTAINLY)
            except merging.MergeRefused:
                continue  # one of them was merged by another pair of this batch
