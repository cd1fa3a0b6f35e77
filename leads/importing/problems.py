"""What may be wrong with a whole file, in words that say what to do. Rows that are wrong are rejects, not errors."""

from typing import NamedTuple

from django.utils.translation import gettext as _


class Problem(NamedTuple):
    """Why a row is refused (or, as a warning, what was noticed about it), with the file's own column and cell."""

    number: int
    column: str
    value: str
    reason: str
    warning: bool = False


class FileRefused(Exception):
    """The file cannot be imported as it stands."""


class EncodingUnknown(FileRefused):
    """The text is neither UTF-8 nor UTF-16; `candidates` are (encoding, preview lines) to choose from."""

    def __init__(self, candidates):
        self.candidates = candidates
        listed = "\n".join(f"  {name}: {' | '.join(preview)}" for name, preview in candidates)
        super().__init__(
            _("The file is not in UTF-8. Say which encoding reads right (--encoding):") + "\n" + listed
        )


class SheetUnknown(FileRefused):
    """The workbook has several sheets with rows; `sheets` are their names."""

    def __init__(self, sheets):
        self.sheets = sheets
        super().__init__(
            _("The workbook has several sheets. Say which one (--sheet): %(sheets)s")
            % {"sheets": ", ".join(sheets)}
        )


class MappingWrong(FileRefused):
    """The mapping does not fit the file or names what does not exist."""


class DatesAmbiguous(MappingWrong):
    """A column's dates read two ways; `column` and the `formats` that fit."""

    def __init__(self, column, formats):
        self.column, self.formats = column, formats
        super().__init__(
            _(
                "The dates in the column “%(column)s” can be read in several ways. Name the format in the mapping: %(formats)s"
            )
            % {"column": column, "formats": ", ".join(formats)}
        )


class MoneyAmbiguous(MappingWrong):
    """The amounts of a column read two ways, a thousandfold apart; `column` and an `example`."""

    def __init__(self, column, example):
        self.column, self.example = column, example
        super().__init__(
            _(
                'The amounts in the column “%(column)s”, such as %(example)s, can be read in two ways. Say which the decimal sign is (decimal = "," or "." in the mapping).'
            )
            % {"column": column, "example": example}
        )
