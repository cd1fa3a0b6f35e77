"""A key comes once in a file, however long the file is: the keys of earlier chunks are kept beside the run until it ends."""

from itertools import takewhile

from leads.importing.keys import KEYS
from leads.importing.wording import gettext as _
from leads.models import ImportKeys

# Of the earlier keys, which may be a million, nothing is kept but those that come again: they only pass by a hash of the
# chunk's own. IS TRUE holds the planner to that side; an index of rows would cost a chunk more than all of it up to a million.
EARLIER = """
WITH fresh AS MATERIALIZED (
  SELECT number, key, hashtextextended(key, 0) AS digest
  FROM unnest(%(numbers)s::int[], %(keys)s::text[]) n (number, key)
)
SELECT f.number, f.key, min(k.line)
FROM fresh f JOIN (
  SELECT u.digest, u.line
  FROM (SELECT unnest(digests) AS digest, unnest(lines) AS line FROM leads_importkeys WHERE run_id = %(run)s) u
  WHERE (u.digest IN (SELECT digest FROM fresh)) IS TRUE
) k USING (digest)
GROUP BY f.number, f.key ORDER BY f.number
"""
KEEP = """
INSERT INTO leads_importkeys (run_id, digests, lines)
SELECT %(run)s, array_agg(hashtextextended(n.key, 0)), array_agg(n.line)
FROM unnest(%(keys)s::text[], %(lines)s::int[]) n (key, line)
"""


def settle(cursor, run, batch, read):
    """Keep the batch's keys; rows whose key stood in an earlier chunk are nothing new, or refused where they differ.

    `read` gives the rows of the file anew: (number, line, cells, problem).
    """
    said = {"run": run.pk, "numbers": _integers(batch.numbers), "keys": batch.keys}
    if run.rows_done:
        cursor.execute(EARLIER, said)
        if found := cursor.fetchall():
            _set_aside(batch, found, read)
    if len(batch):
        cursor.execute(KEEP, {**said, "keys": batch.keys, "lines": _integers(batch.lines)})


def _integers(numbers):
    """As one text, which the driver takes without a look at each of them."""
    return f"{{{','.join(map(str, numbers))}}}"


def forget(run):
    """The file is at its end: nobody asks for its keys any more."""
    ImportKeys.objects.filter(run=run).delete()


def _set_aside(batch, found, read):
    """The same row again is nothing new, another row under its key is refused. Earlier rows are read again, once."""
    lines = {line for _number, _key, line in found}
    last = max(lines)
    cells = {row[1]: row[2] for row in takewhile(lambda row: row[1] <= last, read()) if row[1] in lines}
    again = {number for number, _key, line in found if batch.raw[number][1] == cells[line]}
    for number, key, line in found:
        if number in again:
            batch.repeat(number, key, line)
    batch.keep([number not in again for number in batch.numbers])
    batch.refuse(
        [
            batch.problem(number, KEYS, key, _("line %(line)d is the same record") % {"line": line})
            for number, key, line in found
            if number not in again
        ]
    )
