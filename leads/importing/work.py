"""The work on one chunk, within its transaction: the staging table, refusals found by SQL, the ledger and the counts."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import orjson

from accounts import organisation
from engine import copying
from leads import scoring
from leads.importing import staging, wording
from leads.models.imports import ImportMode

STAGE = "import_stage"
OLD_AFTER = timedelta(days=14)
NEVER = datetime.min.replace(tzinfo=UTC)


class Work:
    """One chunk of one run. `counts` sums up what happened; `unknown` counts people that nobody knows, by their name.

    `source` names the system that the external ids belong to, `zone` the one in which naive dates are read. What is `dry`
    will be taken back after the last chunk: nobody shall wait for it.
    """

    def __init__(self, cursor, run, mapping, batch, at, dry=False):
        self.cursor, self.run, self.mapping, self.batch, self.at = cursor, run, mapping, batch, at
        self.dry = dry
        self.source = mapping.source
        home = organisation.current()
        self.zone, self.currency = home.zone, mapping.currency or home.currency
        self.base_currency = home.currency
        self.counts, self.unknown = Counter(), Counter()

    @property
    def history_before(self):
        """Rows older than this come in as history: all (None) where that was told, none where live was told."""
        if self.run.mode == ImportMode.HISTORY:
            return None
        told = self.run.counts.get("mode") or self.mapping.mode
        return NEVER if told else self.at - OLD_AFTER

    # -- statements ------------------------------------------------------------------------------------------
    def execute(self, statement, params=None):
        """Run a statement; returns how many rows it wrote."""
        self.cursor.execute(statement, params)
        return self.cursor.rowcount

    def rows(self, statement, params=None):
        """All rows of a query."""
        self.cursor.execute(statement, params)
        return self.cursor.fetchall()

    def stage(self, types, columns, name=STAGE):
        """Make the staging table (name → SQL type) and fill it with the batch and its `columns`."""
        batch = self.batch
        staging.create(
            self.cursor, name, ["no int", "line int", "key text", *(" ".join(one) for one in types.items())]
        )
        # naive moments of the file are those of the organisation's zone
        self.execute("SELECT set_config('TimeZone', %s, true)", [self.zone])
        data = {"no": list(map(str, batch.numbers)), "line": list(map(str, batch.lines)), "key": batch.keys}
        staging.fill(
            self.cursor, name, {**data, **{key: values for key, values in columns.items() if key in types}}
        )
        self.execute("SET LOCAL TimeZone = 'UTC'")
        # of the columns that are joined by; all others would cost as much as the COPY
        joined = ["no", "key", *(one for one in types if one.endswith("_key"))]
        self.execute(f"ANALYZE {name} ({', '.join(joined)})")

    def clock(self):
        """The database's clock: what is written from now on bears this time or a later one."""
        return self.rows("SELECT clock_timestamp()")[0][0]

    def table(self, name, query, params=None):
        """A temporary table of a query's rows; gone with the transaction."""
        self.execute(f"DROP TABLE IF EXISTS {name}")
        return self.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {query}", params)

    # -- what is found -----------------------------------------------------------------------------------------
    def refuse(self, found, reason, stage=STAGE):
        """Set aside the staged rows `found` [(no, targets, value …)]; `reason` makes the words from one of them.

        Told is the cell of the first of the `targets` that the file has, and `value` where it has none of them.
        """
        self.set_aside([self._problem(one, reason) for one in found], stage)

    def set_aside(self, problems, stage=STAGE):
        """Take the rows of the problems out of the batch and of what is staged."""
        if problems:
            self.batch.refuse(problems)
            numbers = [problem.number for problem in problems]
            for table in dict.fromkeys((STAGE, stage)):
                self.execute(f"DELETE FROM {table} WHERE no = ANY(%s)", [numbers])

    def warn(self, found, reason):
        """Note something about staged rows that come in all the same."""
        self.batch.problems.extend(self._problem(one, reason, True) for one in found)

    def _problem(self, one, reason, warning=False):
        return self.batch.problem(one[0], one[1], one[2] or "", reason(one), warning)

    def count(self, what, number):
        """Add to the result."""
        self.counts[what] += number

    def tell(self, what, created, updated):
        """Count the rows of the batch as created (as `what`, too), updated or unchanged."""
        self.counts[what] += created
        self.counts["created"] += created
        self.counts["updated"] += updated
        self.counts["unchanged"] += len(self.batch) - created - updated

    def mark_touched(self, contacts):
        """Make the leads of contacts (a query of their ids) due for scoring, in the order of scores."""
        ids = [row[0] for row in self.rows(contacts)]
        if ids:
            scoring.mark_touched(ids)

    # -- the ledger ----------------------------------------------------------------------------------------------
    def note(self, table, statement, params=None):
        """Write ledger rows for the run; `statement` selects (line, row_id, before jsonb)."""
        return self.execute(
            f"""INSERT INTO leads_importedrow (run_id, "table", line, row_id, before)
                SELECT %s, %s, noted.line, noted.row_id, noted.before
                FROM ({statement}) noted (line, row_id, before) ORDER BY noted.line""",
            [self.run.pk, table, *(params or [])],
        )

    def write_problems(self):
        """Keep the rejects and warnings: the rows as they stood, with where and why."""
        columns = ("run_id", "line", "column", "value", "reason", "said", "cells", "warning")
        copying.copy_rows(
            self.cursor,
            "leads_importreject",
            columns,
            map(self._reject, self.batch.problems),
        )

    def _reject(self, problem):
        line, cells = self.batch.raw[problem.number]
        return (
            self.run.pk,
            line,
            readable(problem.column)[:200],
            readable(problem.value)[:2000],
            problem.reason[:500],
            orjson.dumps(wording.kept(problem.reason)).decode(),
            orjson.dumps(list(map(readable, cells))).decode(),
            problem.warning,
        )


def readable(text):
    """The text with what cannot be stored made visible."""
    return text.replace("\x00", "␀").encode(errors="replace").decode() if text else ""
