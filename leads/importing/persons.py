"""Whose row is it? The keys of staged rows (e-mail, mobile, WeChat, external id) matched to contacts, set by set."""

from leads.importing import staging, whereabouts
from leads.importing.cells import IDENTITY_TYPES
from leads.importing.problems import Problem
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE
from pipeline import identities
from pipeline.models import Suppression

KEYS = "('email', 'mobile', 'wechat', 'external')"
SHARED = "SELECT kind, value FROM import_holder GROUP BY kind, value HAVING min(no) < max(no)"
NAMING = ("lead_key", "email", "mobile", "phone", "wechat", "contact_key")
COLUMNS = ("no int", "kind text", "value text", "raw text")


class Raced(Exception):
    """Somebody else made the same person meanwhile: do the chunk again."""


def collect(work):
    """{target: [(kind, value, raw) or None]} of the batch; rows with an address that asked not to be kept are refused."""
    batch = work.batch
    found = {target: batch.columns[target] for target in sorted(IDENTITY_TYPES) if target in batch.columns}
    if keys := batch.columns.get("contact_key"):
        found["contact_key"] = batch.columns["contact_key"] = [
            key and (*identities.external(work.source, key), "") for key in keys
        ]
    whereabouts.settle(work, found)
    found |= {target: batch.columns[target] for target in whereabouts.CLAIMED if target in found}
    if Suppression.objects.exists() and _refuse_suppressed(work, found):
        return {target: batch.columns[target] for target in found}
    return found


def _refuse_suppressed(work, found):
    digests = {
        digest: one
        for values in found.values()
        for one in values
        if one is not None
        for digest in identities.digests(one[0], one[1], one[2] or one[1])
    }
    known = Suppression.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
    suppressed = {digests[digest] for digest in known}
    problems = [
        work.batch.problem(
            number,
            target,
            one[2] or one[1],
            _("asked not to be kept: it is on the suppression list"),
        )
        for target, values in found.items()
        for number, one in zip(work.batch.numbers, values, strict=True)
        if one in suppressed
    ]
    work.batch.refuse(problems)
    return bool(problems)


def stage(work, found):
    """The table import_key: a row is one address of one staged row."""
    numbers, kinds, values, raws = [], [], [], []
    for column in found.values():
        pairs = [
            (number, one) for number, one in zip(work.batch.numbers, column, strict=True) if one is not None
        ]
        numbers += [str(number) for number, _one in pairs]
        kinds += [one[0] for _number, one in pairs]
        values += [one[1] for _number, one in pairs]
        raws += [one[2] for _number, one in pairs]
    staging.create(work.cursor, "import_key", COLUMNS)
    staging.fill(work.cursor, "import_key", {"no": numbers, "kind": kinds, "value": values, "raw": raws})
    work.execute("ANALYZE import_key")


def of_lead(work):
    """`known` of match, by `lead_key`: the lead of that external id, else the pass that a row of that id joined.

    Such a row left its key in a touch; of the person's passes of that time it joined the one that was open.
    """
    return (
        f"""SELECT s.no, l.id AS lead_id, coalesce(c.merged_into_id, c.id) AS contact_id
            FROM {STAGE} s JOIN leads_lead l ON l.source = %s AND l.external_id = s.lead_key AND l.external_id <> ''
            JOIN pipeline_contact c ON c.id = l.contact_id
            UNION ALL
            SELECT s.no, j.lead_id, j.contact_id
            FROM {STAGE} s CROSS JOIN LATERAL (
              SELECT l.id AS lead_id, l.contact_id FROM leads_touch t JOIN leads_lead l ON l.contact_id = t.contact_id
              WHERE t.source = %s AND t.external_id = 'lead:' || s.lead_key AND t.external_id <> ''
                AND l.merged_into_id IS NULL AND l.created_at <= t.created_at
              ORDER BY (l.captured_at <= t.at AND (l.ended_at IS NULL OR l.ended_at >= t.at)) DESC, l.id DESC LIMIT 1) j
            WHERE s.lead_key IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM leads_lead l WHERE l.source = %s AND l.external_id = s.lead_key AND l.external_id <> '')""",
        [work.source] * 3,
    )


def named(work):
    """{number: (target, value as written)} of the first thing by which each row of the batch names its person."""
    found = {}
    for target in ("lead_key", *sorted(IDENTITY_TYPES), "contact_key"):
        for number, one in zip(work.batch.numbers, work.batch.get(target), strict=True):
            if one:
                found.setdefault(number, (target, one if isinstance(one, str) else one[2] or one[1]))
    return found


def match(work, known):
    """The table import_person: a row for each staged one, with `lead_id` and `contact_id` as far as they are known.

    `known` selects (no, lead_id, contact_id) of rows that the lead's own key tells. `anchor` is the first row of the
    same new person (mostly the row itself). Rows whose keys belong to two people are refused.
    """
    work.table(
        "import_holder",
        f"""SELECT k.no, k.kind, k.value, k.raw, i.contact_id FROM import_key k
            LEFT JOIN pipeline_identity i ON i.kind = k.kind AND i.value = k.value AND i.kind IN {KEYS}
            WHERE k.kind IN {KEYS}""",
    )
    work.table(
        "import_person",
        f"""SELECT s.no, k.lead_id, coalesce(k.contact_id, h.low) AS contact_id, s.no AS anchor,
              CASE WHEN h.low <> h.high THEN h.low ELSE k.contact_id END AS one,
              CASE WHEN h.low <> h.high OR h.low <> k.contact_id THEN h.high END AS other
            FROM {STAGE} s
            LEFT JOIN ({known[0]}) k ON k.no = s.no
            LEFT JOIN (SELECT no, min(contact_id) AS low, max(contact_id) AS high FROM import_holder
                       WHERE contact_id IS NOT NULL GROUP BY no) h ON h.no = s.no""",
        known[1],
    )
    _refuse_strangers(work)
    if work.rows(f"SELECT EXISTS ({SHARED})")[0][0]:
        _untie(work)


def _refuse_strangers(work):
    two = work.rows(
        """SELECT p.no, '', string_agg(h.value, ', ' ORDER BY h.value), p.one, a.full_name, p.other, b.full_name
           FROM import_person p LEFT JOIN import_holder h ON h.no = p.no
           LEFT JOIN pipeline_contact a ON a.id = p.one LEFT JOIN pipeline_contact b ON b.id = p.other
           WHERE p.other IS NOT NULL GROUP BY p.no, p.one, a.full_name, p.other, b.full_name"""
    )
    _refuse(
        work,
        two,
        lambda one: (
            _("its keys belong to two people: %(one)s (%(first)d) and %(other)s (%(second)d)")
            % {"one": one[4], "first": one[3], "other": one[6], "second": one[5]}
        ),
    )


def _refuse(work, found, reason):
    """`found`: [(no, "", keys …)]; told are the cells of all columns by which the file names people."""
    problems = []
    for one in found:
        places = [place for target in NAMING if (place := work.batch.where(one[0], target))[1]]
        column, cells = map(", ".join, zip(*places, strict=True)) if places else ("", one[2] or "")
        problems.append(Problem(one[0], column, cells, reason(one)))
    work.set_aside(problems)
    work.execute("DELETE FROM import_person WHERE no = ANY(%s)", [[one[0] for one in found]])


def _untie(work):
    """Rows of one chunk that share keys are one person, in the order of the file.

    Row by row in Python, because what a row means depends on all rows before it; only the tied ones come here.
    """
    tied = work.rows(
        f"""SELECT h.no, array_agg(h.kind || ':' || h.value ORDER BY h.value), p.contact_id
           FROM import_holder h JOIN import_person p ON p.no = h.no
           WHERE h.no IN (SELECT no FROM import_holder t JOIN ({SHARED}) shared USING (kind, value))
           GROUP BY h.no, p.contact_id ORDER BY h.no"""
    )
    holder, joined, torn = {}, [], []
    for no, keys, contact in tied:
        people = {holder[key] for key in keys if key in holder} | ({contact} if contact else set())
        if len(people) > 1:
            torn.append((no, "", ", ".join(key.partition(":")[2] for key in keys)))
            continue
        person = people.pop() if people else -no
        for key in keys:
            holder.setdefault(key, person)
        if person != (contact or -no):
            joined.append((no, person))
    work.execute(
        """UPDATE import_person p SET contact_id = CASE WHEN t.person > 0 THEN t.person END,
             anchor = CASE WHEN t.person < 0 THEN -t.person ELSE p.anchor END
           FROM unnest(%s::int[], %s::bigint[]) t (no, person) WHERE t.no = p.no""",
        [[no for no, _person in joined], [person for _no, person in joined]],
    )
    _refuse(work, torn, lambda one: _("its keys belong to two people of this file"))


def write_identities(work, people):
    """Store addresses that nobody had for the contacts of `people`, a table of (no, contact_id, fresh).

    Raises Raced where somebody else stored one of them meanwhile.
    """
    began = work.clock()
    wanted, put = work.rows(
        f"""WITH wanted AS MATERIALIZED (
              SELECT DISTINCT ON (k.kind, k.value) p.contact_id, k.kind, k.value, k.raw
              FROM import_holder k JOIN {people} p ON p.no = k.no WHERE k.contact_id IS NULL
              ORDER BY k.kind, k.value, k.no),
            put AS (
              INSERT INTO pipeline_identity (contact_id, kind, value, raw)
              SELECT contact_id, kind, value, raw FROM wanted ORDER BY kind, value
              ON CONFLICT DO NOTHING RETURNING 1)
            SELECT (SELECT count(*) FROM wanted), (SELECT count(*) FROM put)"""
    )[0]
    if put < wanted:
        raise Raced
    work.execute(
        f"""INSERT INTO pipeline_identity (contact_id, kind, value, raw)
            SELECT DISTINCT p.contact_id, k.kind, k.value, k.raw
            FROM import_key k JOIN {people} p ON p.no = k.no WHERE k.kind NOT IN {KEYS}
            ORDER BY p.contact_id, k.kind, k.value
            ON CONFLICT DO NOTHING"""
    )
    work.note(
        "identity",
        f"""SELECT min(p.line), i.id, NULL::jsonb FROM {people} p JOIN pipeline_identity i ON i.contact_id = p.contact_id
            WHERE NOT p.fresh AND i.created_at >= %s GROUP BY i.id""",
        [began],
    )
