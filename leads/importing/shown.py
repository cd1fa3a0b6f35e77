"""What a file shows of its decimal mark and dates, against what is known of files with the same header."""

from leads.importing.cells import NUMBERS
from leads.importing.dates import ISO, Dates, date_formats
from leads.importing.fields import field_for
from leads.importing.mapping import from_spec
from leads.importing.values import Bad, decimal_mark

DAYS = {"date", "moment"}


def as_shown(mapping, header, rows):
    """The Mapping without what it says of decimals or of a column's dates where `rows` (cells) plainly show otherwise.

    The file decides then: a header alone does not tell one country's writing of a file from another's.
    """
    numbers, days = [], {}
    for position, name in enumerate(header):
        types = {field_for(mapping.kind, target).type for target in mapping.columns.get(name, ())}
        column = [cell for row in rows if len(row) > position and (cell := row[position].strip())]
        if types & NUMBERS:
            numbers += column
        if types & DAYS:
            days[name] = column
    mark = decimal_mark(numbers)
    formats = {name: mapping.format_for(name) for name in days}
    settled = {name: told for name, told in formats.items() if not (told and _otherwise(told, days[name]))}
    return from_spec(
        mapping.spec
        | {
            "decimal": "" if mark and mark != mapping.decimal else mapping.decimal,
            "formats": mapping.formats if settled == formats else settled,
        }
    )


def _otherwise(told, column):
    """Whether the cells of a column are dates of one other format, which these formats do not read."""
    found = date_formats(column)
    if len(found) != 1 or found == [ISO]:
        return False
    return _unread(told, column) > _unread(found, column)


def _unread(formats, column):
    read = Dates(formats)
    return sum(isinstance(read(cell), Bad) for cell in column)
