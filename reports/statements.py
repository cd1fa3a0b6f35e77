"""The statements of `reports/sql`, each long enough to want a file of its own."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"


@cache
def statement(name):
    """The text of `sql/<name>.sql`; parameters are written `%(name)s`."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
