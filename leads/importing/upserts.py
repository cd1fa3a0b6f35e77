"""Staged rows into a table: update what is known and differs, insert what is new, and write both into the ledger.

A staged value of NULL says nothing and changes nothing; every other one is the file's word and wins.
"""

from leads.importing.work import STAGE

UNCLAIMED = "NOT EXISTS (SELECT 1 FROM {stage} o WHERE o.row_id = t.id)"


def match_by_key(work, table, stage=STAGE):
    """Set `row_id` of staged rows whose (source, external id) the table knows."""
    work.execute(
        f"""UPDATE {stage} s SET row_id = t.id FROM {table} t
            WHERE t.source = %s AND t.external_id = s.key AND t.external_id <> ''""",
        [work.source],
    )


def match_by(work, table, condition, stage=STAGE):
    """Set `row_id` of staged rows that no key has found: the oldest row `t` of the table that meets the condition.

    A row that another staged row has found is that one's alone, so that the same file again finds the same rows.
    """
    work.execute(
        f"""UPDATE {stage} s SET row_id = found.id FROM (
              SELECT DISTINCT ON (id) no, id FROM (
                SELECT s.no, min(t.id) AS id FROM {stage} s JOIN {table} t ON {condition}
                WHERE s.row_id IS NULL AND {UNCLAIMED.format(stage=stage)} GROUP BY s.no) oldest
              ORDER BY id, no) found
            WHERE found.no = s.no"""
    )


def upsert(work, name, table, columns, inserts, stage=STAGE, stamped=True):
    """Write the staged rows into `table`, and which ones into the ledger under `name`. Returns (created, updated).

    `columns` are those that the file may change, with the SQL of their default in new rows; `inserts` maps further
    columns of new rows to SQL over the staged row `s`; %(source)s is the source.
    `stamped` tables keep when a row was changed.
    """
    updated = update(work, name, table, columns, stage, stamped)
    work.execute(
        f"""UPDATE {stage} s SET row_id = made.id, fresh = true FROM (
              SELECT no, nextval(%s) AS id FROM (SELECT no FROM {stage} WHERE row_id IS NULL ORDER BY no) unknown) made
            WHERE made.no = s.no""",
        [f"{table}_id_seq"],
    )
    names = ", ".join(f'"{one}"' for one in ("id", *columns, *inserts))
    values = [f'coalesce(s."{one}", {default})' for one, default in columns.items()]
    created = work.execute(
        f"""INSERT INTO {table} ({names}) SELECT {", ".join(["s.row_id", *values, *inserts.values()])}
            FROM {stage} s WHERE s.fresh ORDER BY s.row_id""",
        {"source": work.source},
    )
    work.note(name, f"SELECT s.line, s.row_id, NULL::jsonb FROM {stage} s WHERE s.fresh")
    return created, updated


def update(work, name, table, columns, stage, stamped=True):
    """Rows that the file changes; what stood there and what stands there now goes into the ledger."""
    differs = " OR ".join(
        f'(s."{one}" IS NOT NULL AND t."{one}" IS DISTINCT FROM s."{one}")' for one in columns
    )
    was, now = _picture("t", columns), _picture("s", columns)
    if stamped:  # taken back, the row is as old as before: an earlier import that made it sees that nobody worked on it
        was += " || jsonb_build_object('updated_at', t.updated_at)"
        now += " || jsonb_build_object('updated_at', now())"
    changed = work.note(
        name,
        f"""SELECT s.line, t.id, jsonb_build_object('was', {was}, 'now', {now})
            FROM {stage} s JOIN {table} t ON t.id = s.row_id WHERE {differs}""",
    )
    if changed:
        values = ", ".join(f'"{one}" = coalesce(s."{one}", t."{one}")' for one in columns)
        stamp = ", updated_at = now()" if stamped else ""
        work.execute(
            f"""UPDATE {table} t SET {values}{stamp} FROM {stage} s
                WHERE t.id = s.row_id AND ({differs})"""
        )
    return changed


def _picture(alias, columns):
    """A JSON object of the columns that the staged row fills."""
    pairs = ", ".join(f"""'{one}', {alias}."{one}" """ for one in columns)
    silent = " || ".join(
        f"""CASE WHEN s."{one}" IS NULL THEN ARRAY['{one}'] ELSE '{{}}' END""" for one in columns
    )
    return f"(jsonb_build_object({pairs}) - ({silent})::text[])"
