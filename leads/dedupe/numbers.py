"""Numbers that nobody could read, read anew once the country of their person, their company or the house is known."""

from collections import defaultdict

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from accounts import organisation
from engine.copying import chunk
from leads.models import Duplicate, MergeKind
from pipeline import calling, identities

SAME_NUMBER = _("the same mobile number")
SHARED = 0.9  # how likely two are one person who gave the same mobile
CLAIM = """
DELETE FROM leads_numbermark WHERE id = ANY (ARRAY(
  SELECT id FROM leads_numbermark ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING contact_id
"""
HINTS = """
SELECT i.id, i.contact_id, coalesce(c.merged_into_id, c.id), i.value, coalesce(nullif(i.raw, ''), i.value), c.country,
  coalesce(f.country, '')
FROM pipeline_identity i JOIN pipeline_contact c ON c.id = i.contact_id LEFT JOIN pipeline_company f ON f.id = c.company_id
WHERE i.contact_id = ANY(%s) AND i.kind = 'phone'
ORDER BY i.id
"""
HOLDERS = """
SELECT i.kind, i.value, i.contact_id, coalesce(c.merged_into_id, c.id)
FROM pipeline_identity i JOIN pipeline_contact c ON c.id = i.contact_id
WHERE i.value = ANY(%s) AND (i.kind = 'mobile' OR i.kind = 'phone' AND i.contact_id = ANY(%s))
"""
CHANGE = """
UPDATE pipeline_identity i SET kind = s.kind, value = s.value, raw = coalesce(nullif(i.raw, ''), i.value)
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS s (id, kind, value) WHERE i.id = s.id
"""


def read_due(limit=500, at=None):
    """Read the numbers of up to `limit` contacts whose country is news. Returns how many marks it settled.

    A mobile becomes a key of whoever gave it first; nobody is merged by that: others who gave the same go to the worklist.
    """
    try:
        with chunk() as cursor:
            cursor.execute(CLAIM, [limit])
            marked = [row[0] for row in cursor.fetchall()]
            if marked:
                organisation.forget()  # its zone may be the news
                _read(cursor, sorted(set(marked)), at or timezone.now())
    except IntegrityError:
        return 0  # somebody captured one of these numbers meanwhile: the marks are still there
    return len(marked)


def _read(cursor, contacts, at):
    cursor.execute(HINTS, [contacts])
    news = [(*row[:3], *found) for row in cursor.fetchall() if (found := _anew(*row[3:]))]
    if not news:
        return
    keys, hints = _held(cursor, [one[4] for one in news], contacts)
    changes, surplus, pairs = [], [], set()
    for pk, contact, person, kind, value in news:
        mobile = kind == identities.MOBILE
        if mobile and value not in keys:
            keys[value] = person
            changes.append((pk, kind, value))
            continue
        own = mobile and keys[value] == person
        if mobile and not own:
            pairs.add((min(keys[value], person), max(keys[value], person)))
        if own or value in hints[contact]:
            surplus.append(pk)  # the same number in another writing
        else:
            hints[contact].add(value)
            changes.append((pk, identities.PHONE, value))
    _write(cursor, changes, surplus)
    _propose(pairs, at)


def _anew(value, written, country, firms):
    """(kind, number) of a hint that a country makes another one of, else None.

    What the house's country made a landline of is one of the person's country's mobiles, if that one is told and has such.
    """
    found = calling.phone(written, country, firms, claimed=identities.PHONE)
    if not found or found[1] == value:  # a mobile that stays a hint is another person's
        return None
    told = calling.is_local(written) and any(map(calling.region_of, (country, firms)))
    if identities.is_settled(value) and not (told and found[0] == identities.MOBILE):
        return None
    return found


def _held(cursor, values, contacts):
    """({mobile: whose}, {contact: its hints among `values`})."""
    cursor.execute(HOLDERS, [values, contacts])
    keys, hints = {}, defaultdict(set)
    for kind, value, contact, person in cursor.fetchall():
        if kind == identities.MOBILE:
            keys[value] = person
        else:
            hints[contact].add(value)
    return keys, hints


def _write(cursor, changes, surplus):
    if surplus:
        cursor.execute("DELETE FROM pipeline_identity WHERE id = ANY(%s)", [surplus])
    if changes:
        cursor.execute(CHANGE, list(map(list, zip(*changes, strict=True))))


def _propose(pairs, at):
    Duplicate.objects.bulk_create(
        [
            Duplicate(
                kind=MergeKind.CONTACT,
                low_id=low,
                high_id=high,
                probability=SHARED,
                evidence=[SAME_NUMBER],
                found_at=at,
            )
            for low, high in sorted(pairs)
        ],
        ignore_conflicts=True,
    )
