"""Compare what is due with its likes, or find the duplicates of any table and say how well."""

import re
from argparse import ArgumentTypeError
from collections import defaultdict

from django.core.management.base import BaseCommand, CommandError

from leads import dedupe
from leads.dedupe import lines, measuring, tables
from leads.importing import reading

MOST = 10  # shared lines that are named


def _pattern(text):
    try:
        return re.compile(text)
    except re.error as error:
        raise ArgumentTypeError(f"not a pattern: {error}") from None


def _part(pattern, text):
    """What the pattern finds at the start of a cell; the whole cell where it finds nothing."""
    found = pattern.match(text)
    return (found[1] if pattern.groups else found[0]) if found else text


class Command(BaseCommand):
    """`manage.py dedupe` and `manage.py dedupe FILE --same COLUMN [--part REGEX] [--without COLUMN …] [--by COLUMN]`."""

    help = (
        "Compares new and renamed people and companies with their likes. With a file: finds its duplicates, and "
        "with --same says how precisely and how completely."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", help="a table of people, CSV or Excel")
        parser.add_argument("--same", help="the column that says who is the same; it is not looked at")
        parser.add_argument(
            "--part",
            type=_pattern,
            default=re.compile("(.*)"),
            help="the part of that column that counts, as a pattern; of one with brackets what stands in the first",
        )
        parser.add_argument("--without", nargs="*", default=[], help="columns to leave out, such as ids")
        parser.add_argument("--by", help="a column, such as the language, to tell the figures by")

    def handle(self, *, file, same, part, without, by, **options):
        if file is None:
            total = 0
            while dedupe.read_due():
                pass
            while done := dedupe.compare_due():
                total += done
            self.stdout.write(f"Records compared: {total}.")
            return
        rows = self._rows(file)
        if missing := {name for name in (same, by, *without) if name} - rows[0].keys():
            raise CommandError(f"The file has no column {', '.join(sorted(missing))}.")
        groups = [row[by] for row in rows] if by else []
        truth = [_part(part, row[same]) for row in rows] if same else []
        rows = [
            {name: text for name, text in row.items() if name not in {same, by, *without}} for row in rows
        ]
        self._tell(tables.find(rows), truth, groups)
        self._warn(*tables.values_of(rows))

    def _rows(self, path):
        try:
            layout = reading.settle(path)
            rows = [
                dict(zip(layout.header, cells, strict=True))
                for _line, cells, problem in reading.rows(layout)
                if not problem
            ]
        except OSError as error:
            raise CommandError(f"“{path}” cannot be read: {error.strerror}.") from None
        except reading.FileRefused as error:
            raise CommandError(str(error)) from None
        if not rows:
            raise CommandError("The file has no rows below its first line.")
        return rows

    def _warn(self, columns, values):
        """Name the lines that people of many names hold."""
        held = sorted(lines.shared(values).items(), key=lambda one: -len(one[1]))
        for (place, value), rows in held[:MOST]:
            self.stderr.write(
                f"Nobody is merged by {columns[place]} “{value}” alone: people of different names share it ({len(rows)} rows)."
            )
        if len(held) > MOST:
            self.stderr.write(f"And by {len(held) - MOST} more such lines.")

    def _tell(self, found, truth, groups):
        merged = measuring.merged(found)
        likely = {(one.one, one.two) for one in found}
        self.stdout.write(
            f"Pairs that would be merged without asking: {len(merged)}; likely ones: {len(likely)}."
        )
        if not truth:
            for one in found:
                self.stdout.write(f"{one.one + 1}\t{one.two + 1}\t{one.probability:.4f}")
            return
        self._figures("merged", measuring.measure(merged, truth))
        self._figures("likely", measuring.measure(likely, truth))
        members = defaultdict(list)
        for row, group in enumerate(groups):
            members[group].append(row)
        for group, rows in sorted(members.items()):
            self._figures(f"merged, {group}", measuring.measure(merged, truth, rows))

    def _figures(self, label, measured):
        self.stdout.write(
            f"{label}: precision {measured.precision:.4f}, recall {measured.recall:.4f} "
            f"({measured.right} right of {measured.found} found, {measured.true} true)"
        )
