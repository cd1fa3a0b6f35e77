"""Import companies from a CSV or Excel file."""

from leads.importing.commands import ImportCommand
from leads.models.imports import ImportKind


class Command(ImportCommand):
    """`manage.py import_companies FILE --map NAME_OR_FILE.toml`."""

    help = "Imports companies from a CSV or Excel file; the same file twice changes nothing."
    kind = ImportKind.COMPANIES
