"""A chunk of rows of a file, by columns."""

from dataclasses import dataclass, field
from itertools import compress

from leads.importing.keys import BY_CONTENT
from leads.importing.problems import Problem
from leads.importing.wording import gettext as _


@dataclass
class Batch:
    """Rows that can be taken: `numbers` in the file, `lines`, `keys`, and `columns` (target → text or None).

    `raw` keeps (line, cells) of every row of the chunk by number, for the rejects; `places` (column, position) of each
    target that a column goes to. `repeated` counts rows that stood in the file before, `alike` those of them without an
    id of their own, `signs` amounts whose sign of currency the mapping takes for decoration.
    """

    numbers: list
    lines: list
    keys: list
    columns: dict
    problems: list = field(default_factory=list)
    raw: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)
    repeated: int = 0
    alike: int = 0
    signs: int = 0

    def __len__(self):
        return len(self.numbers)

    def get(self, target):
        """A column of values; of None where nothing is mapped to it."""
        return self.columns.get(target) or [None] * len(self)

    def where(self, number, targets, value="") -> tuple[str, str]:
        """(column, cell) of a row as the file has them: of the first of `targets`, a text, whose cell is not empty.

        Where all are, because the mapping fills them or has no column for them, it is the first column with `value`.
        """
        cells = self.raw[number][1]
        places = [self.places[target] for target in targets.split() if target in self.places]
        filled = ((column, cells[at]) for column, at in places if at < len(cells) and cells[at].strip())
        return next(filled, (places[0][0] if places else "", value))

    def problem(self, number, targets, value, reason, warning=False):
        """The Problem of a row, at its place in the file (see `where`)."""
        column, cell = self.where(number, targets, value)
        return Problem(number, column, cell, reason, warning)

    def keep(self, wanted):
        """Keep the rows whose flag is true."""
        self.numbers, self.lines, self.keys = (
            list(compress(one, wanted)) for one in (self.numbers, self.lines, self.keys)
        )
        self.columns = {target: list(compress(values, wanted)) for target, values in self.columns.items()}

    def repeat(self, number, key, line):
        """Count a row that is the same as the one on `line`; without an id of its own it may have been meant to count too."""
        self.repeated += 1
        if key.startswith(BY_CONTENT):
            self.alike += 1
            reason = _("is the same row as line %(line)d, and counts once") % {"line": line}
            self.problems.append(Problem(number, "", "", reason, True))

    def refuse(self, problems):
        """Set rows aside for reasons found later."""
        self.problems.extend(problems)
        numbers = {problem.number for problem in problems if not problem.warning}
        if numbers:
            self.keep([number not in numbers for number in self.numbers])
