"""Import readings of use from a CSV or Excel file."""

from leads.importing.commands import ImportCommand
from leads.models.imports import ImportKind


class Command(ImportCommand):
    """`manage.py import_readings FILE --map NAME_OR_FILE.toml`."""

    help = "Imports readings of use from a CSV or Excel file; the same file twice changes nothing."
    kind = ImportKind.READINGS
