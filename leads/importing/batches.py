"""Rows of a file into batches, column by column: converted, with the rows that cannot be taken set aside with reasons.

Column by column because a whole column is converted, searched and joined at the speed of C.
"""

import orjson

from engine.text import is_storable
from leads.importing import amounts
from leads.importing.batch import Batch
from leads.importing.cells import NUMBERS, converter
from leads.importing.dates import date_formats, in_month
from leads.importing.fields import ATTRIBUTE, FIELDS, by_name, field_for
from leads.importing.keys import KEYS, NATURAL, content_key, naming
from leads.importing.problems import DatesAmbiguous, MappingWrong, MoneyAmbiguous, Problem
from leads.importing.totals import total_at
from leads.importing.values import Bad, decimal_mark, reads_two_ways
from leads.importing.wording import gettext as _

SAMPLE = 2_000
REACHED = {"email", "mobile", "phone", "wechat"}


class Parser:
    """Turns rows of a file into batches, under a mapping that was fitted to the file's header."""

    def __init__(self, mapping, layout, sample):
        self.mapping, self.header = mapping, layout.header
        self.width = len(layout.header)
        self.positions = {}  # target: position of its column
        for position, column in enumerate(layout.header):
            for target in mapping.columns.get(column, ()):
                self.positions[target] = position
        self.people = {at for target, at in self.positions.items() if target in REACHED}
        if not mapping.decimal:
            mapping.decimal = self._decimal(sample)
        self.formats = {}
        self.memos = {target: self._memo(target, sample) for target in mapping.targets}
        self.again = amounts.once_more(mapping, layout.header) if "amount" in self.positions else []
        self.attributes = sorted(target for target in mapping.targets if target.startswith(ATTRIBUTE))
        self.constants = {
            target: self._constant(target, str(value)) for target, value in mapping.constants.items()
        }

    def _memo(self, target, sample):
        column = self._column(target)
        formats = self._formats(target, column, sample)
        if formats:
            self.formats[column] = formats
        return converter(self.mapping, target, formats=formats)

    def batch(self, chunk):
        """The Batch of a chunk: a list of (number, line, cells, problem)."""
        batch = Batch([], [], [], {}, raw={row[0]: (row[1], row[2]) for row in chunk}, places=self.places())
        sound = self._records(self._sound(chunk, batch), batch)
        batch.numbers = [row[0] for row in sound]
        batch.lines = [row[1] for row in sound]
        turned = list(zip(*(row[2] for row in sound), strict=True)) or [()] * self.width
        refused = self._convert(batch, turned)
        batch.keys = self._keys(batch, [row[2] for row in sound])
        if refused:
            batch.keep([number not in refused for number in batch.numbers])
        self._drop_repeated(batch)
        self._pack_attributes(batch)
        return batch

    def places(self):
        """(column, position) of each target that a column of the file goes to."""
        return {target: (self.header[at], at) for target, at in self.positions.items()}

    # -- rows --------------------------------------------------------------------------------------------
    def _sound(self, chunk, batch):
        """The rows that are whole and can be stored at all."""
        sound = [row for row in chunk if not row[3]]
        if len(sound) < len(chunk):
            batch.problems.extend(Problem(row[0], "", "", row[3]) for row in chunk if row[3])
        if is_storable("".join(["".join(row[2]) for row in sound])):
            return sound
        kept = []
        for row in sound:
            bad = next((position for position, cell in enumerate(row[2]) if not is_storable(cell)), None)
            if bad is None:
                kept.append(row)
            else:
                reason = (
                    _("holds a NUL byte")
                    if "\x00" in row[2][bad]
                    else _("holds bytes that the encoding does not know")
                )
                batch.problems.append(Problem(row[0], self.header[bad], row[2][bad], reason))
        return kept

    def _records(self, rows, batch):
        """The rows without those that sum up others."""
        totals = {row[0]: at for row in rows if (at := total_at(row[2], self.people)) is not None}
        for number, _line, cells, _problem in rows if totals else ():
            if number in totals:
                why = _("looks like the total of the list, which is no record: left out")
                batch.problems.append(
                    Problem(number, self.header[totals[number]], cells[totals[number]].strip(), why)
                )
        return [row for row in rows if row[0] not in totals] if totals else rows

    def _keys(self, batch, rows):
        """The external id of each row; where it has none, one made of its cells, the same whenever it comes again.

        Companies, products and campaigns have names for that.
        """
        given = batch.columns.pop("external_id", None)
        if given:
            batch.columns["given_key"] = given
            if None not in given:
                return given
        natural = NATURAL.get(self.mapping.kind)
        made = (
            natural(batch)
            if natural
            else map(content_key, map(naming(self.header, self.mapping.known_by), rows))
        )
        return [key or other for key, other in zip(given or [None] * len(rows), made, strict=True)]

    def _drop_repeated(self, batch):
        """A key comes once in a file: the same row again is nothing new, another row under it is refused."""
        if len(set(batch.keys)) == len(batch.keys):
            return
        first, wanted = {}, []
        for number, line, key in zip(batch.numbers, batch.lines, batch.keys, strict=True):
            other, other_line = first.setdefault(key, (number, line))
            wanted.append(other == number)
            if other == number:
                continue
            if batch.raw[other][1] == batch.raw[number][1]:
                batch.repeat(number, key, other_line)
            else:
                reason = _("line %(line)d is the same record") % {"line": other_line}
                batch.problems.append(batch.problem(number, KEYS, key, reason))
        batch.keep(wanted)

    # -- cells -------------------------------------------------------------------------------------------
    def _convert(self, batch, turned):
        """Fill `batch.columns`; returns the numbers of rows with a cell that cannot be taken."""
        refused = set()
        for target, position in self.positions.items():
            memo, cells = self.memos[target], turned[position]
            values = memo.column(cells)
            if memo.bad:
                self._note(batch, target, cells, values, refused)
            one = field_for(self.mapping.kind, target)
            if memo.nothing and one.type == "money" and not one.required:
                self._note_nothing(batch, target, cells, values)
            batch.columns[target] = values
        for target, value in self.constants.items():
            held = batch.columns.get(target)
            batch.columns[target] = (
                [value if one is None else one for one in held] if held else [value] * len(batch.numbers)
            )
        if "channel" in self.positions and "source_text" in by_name(self.mapping.kind):
            words = [cell.strip()[:200] or None for cell in turned[self.positions["channel"]]]
            batch.columns.setdefault("source_text", words)
        signed = [target for target in batch.columns if target in self.memos and self.memos[target].signed]
        if signed:
            refused |= amounts.settle(batch, self.mapping, signed)
        for code, position, memo in self.again:
            refused |= amounts.compare(batch, code, memo.column(turned[position]), self.header[position])
        self._require(batch, refused)
        return refused

    def _note(self, batch, target, cells, values, refused):
        for number, cell, value in zip(batch.numbers, cells, values, strict=True):
            if isinstance(value, Bad):
                batch.problems.append(Problem(number, self._column(target), cell, value))
                refused.add(number)

    def _note_nothing(self, batch, target, cells, values):
        """Amounts such as NaN or n/a are none: that is said, unless the mapping does."""
        told = self.mapping.values.get(target, ())
        for number, cell, value in zip(batch.numbers, cells, values, strict=True):
            if value is None and any(map(str.isalpha, cell)) and cell.strip() not in told:
                why = _("is no amount: the field stays empty")
                batch.problems.append(Problem(number, self._column(target), cell, why, True))

    def _require(self, batch, refused):
        for one in FIELDS[self.mapping.kind]:
            values = batch.columns.get(one.name, ())
            if not one.required or None not in values:
                continue
            if others := batch.columns.get(one.instead):
                values = [
                    other if value is None else value for value, other in zip(values, others, strict=True)
                ]
            for number, value in zip(batch.numbers, values, strict=True):
                if value is None and number not in refused:
                    column, cell = batch.where(number, one.name)
                    batch.problems.append(Problem(number, column, cell.strip(), lacks(one, cell.strip())))
                    refused.add(number)

    def _pack_attributes(self, batch):
        if not self.attributes:
            return
        names = [target.removeprefix(ATTRIBUTE) for target in self.attributes]
        columns = [batch.columns.pop(target) for target in self.attributes]
        batch.columns["attributes"] = [
            orjson.dumps(
                {name: value for name, value in zip(names, values, strict=True) if value is not None}
            ).decode()
            for values in zip(*columns, strict=True)
        ]

    # -- what the file shows ---------------------------------------------------------------------------------
    def _column(self, target):
        position = self.positions.get(target)
        return self.header[position] if position is not None else target

    def _constant(self, target, value):
        converted = self.memos[target][value]
        if isinstance(converted, Bad):
            raise MappingWrong(f"{target}: “{value}” {converted}")
        return converted

    def _cells(self, target, sample):
        position = self.positions[target]
        return [cell for row in sample if len(row[2]) > position and (cell := row[2][position].strip())]

    def _decimal(self, sample):
        """The mark that the file's numbers show. Raises MoneyAmbiguous where none does, and an amount needs it."""
        types = {target: field_for(self.mapping.kind, target).type for target in self.positions}
        numbers = {target: self._cells(target, sample) for target, kind in types.items() if kind in NUMBERS}
        if mark := decimal_mark([cell for cells in numbers.values() for cell in cells]):
            return mark
        for target, cells in numbers.items():
            example = next(filter(reads_two_ways, cells), None) if types[target] == "money" else None
            if example:
                raise MoneyAmbiguous(self._column(target), example)
        return "."

    def _formats(self, target, column, sample):
        """The formats of a column's dates: told by the mapping, else the one that the cells leave no doubt about."""
        field = field_for(self.mapping.kind, target)
        if field.type not in {"date", "moment"} or target not in self.positions:
            return ()
        told = self.mapping.format_for(column)
        if told:
            return told
        cells = self._cells(target, sample)
        found = date_formats([one for one in cells if not (field.whole and in_month(one))])
        if len(found) > 1:
            raise DatesAmbiguous(column, found)
        return found


def lacks(field, cell):
    """Why the cell of a field that every row needs cannot be taken: it is empty, or a word for nothing such as NaN."""
    if not cell:
        return _("is missing")
    return _("is not an amount") if field.type == "money" else _("stands for nothing, but is needed")
