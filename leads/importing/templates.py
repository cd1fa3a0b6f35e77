"""Templates: an empty file with the columns of a kind, named in the reader's language, as CSV or Excel."""

import csv
import io

from django.http import Http404
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from leads.importing.fields import FIELDS

ENDINGS = ("csv", "xlsx")


def make(kind, ending):
    """The template as a binary file. Raises Http404 for a kind or ending that there is not."""
    if kind not in FIELDS or ending not in ENDINGS:
        raise Http404
    names = [str(field.label) for field in FIELDS[kind]]
    return _sheet(kind, names) if ending == "xlsx" else _text(names)


def _text(names):
    written = io.StringIO(newline="")
    csv.writer(written).writerow(names)
    return io.BytesIO(written.getvalue().encode("utf-8-sig"))


def _sheet(kind, names):
    book = Workbook()
    sheet = book.active
    sheet.title = kind
    sheet.freeze_panes = "A2"
    for position, (field, name) in enumerate(zip(FIELDS[kind], names, strict=True), 1):
        cell = sheet.cell(1, position, name)
        cell.font = Font(bold=field.required)
        sheet.column_dimensions[cell.column_letter].width = max(12, len(name) + 4)
        if field.choices:
            cell.comment = Comment(", ".join(str(label) for label in field.choices.labels), "Tandem")
        if field.type in {"mobile", "phone", "text"}:
            sheet.column_dimensions[cell.column_letter].number_format = "@"
    written = io.BytesIO()
    book.save(written)
    written.seek(0)
    return written
