"""The file of a run: kept under a name of its own, read as it was settled, forgotten with what was made of it."""

from itertools import islice
from pathlib import Path

from django.core.files import File

from leads.importing import mapping as mappings
from leads.importing import reading
from leads.importing.batches import SAMPLE, Parser
from leads.importing.dates import ISO
from leads.models import ImportRun, ImportState
from leads.models.imports import ImportMode


def create(path, mapping, *, by, name="", mode="", sheet="", encoding=""):
    """A draft ImportRun for the file at `path`, which is copied; everything about reading it is settled.

    Raises FileRefused with what the file or the mapping lacks; nothing is kept then, and nothing is written beside `path`.
    """
    run = ImportRun(file_name=(name or Path(path).name)[:255], by=by, kind=mapping.kind)
    with open(path, "rb") as file:
        run.file.save(run.file_name, File(file), save=False)
    try:
        layout = reading.settle(
            run.file.path,
            encoding=encoding or mapping.encoding,
            delimiter=mapping.delimiter,
            sheet=sheet or mapping.sheet,
            header_line=mapping.header_line,
            expected=mapping.columns,
        )
        mapping = settled(mappings.fit(mapping, layout.header), layout)
        run.mode = mode or mapping.mode or ImportMode.LIVE
        run.counts = {"mode": mode} if mode else {}
        run.encoding, run.sheet, run.spec = layout.encoding, layout.sheet[:100], mapping.spec
        run.rows = estimate(layout)
        run.save()
    except BaseException:
        forget(run)
        raise
    return run


def forget(run):
    """Delete the file of a run, and the sheet that was unfolded from it."""
    if run.file:
        reading.forget(run.file.path)
        run.file.delete(save=False)


def settled(mapping, layout):
    """The mapping with everything that the file shows written down, so that every later look reads it alike."""
    if [name.casefold() for name in layout.header[-1:]] == [reading.REASON]:
        _read_as_before(mapping)
    parser = Parser(mapping, layout, sample(layout))
    mapping.delimiter, mapping.header_line = layout.delimiter, layout.header_line
    mapping.formats = {column: list(formats) for column, formats in parser.formats.items()}
    return mapping


def _read_as_before(mapping):
    """A few rejects show less of a column than their whole file did: its last import says how dates and decimals are read."""
    columns = {name: to for name, to in mapping.columns.items() if name.casefold() != reading.REASON}
    runs = ImportRun.objects.filter(kind=mapping.kind, spec__columns=columns).exclude(state=ImportState.DRAFT)
    before = runs.order_by("-pk").values_list("spec", flat=True).first()
    if before is None:
        return
    mapping.decimal = mapping.decimal or before["decimal"]
    known = {name: formats for name, formats in before["formats"].items() if formats != [ISO]}
    mapping.formats = {name: mapping.format_for(name) or known.get(name, []) for name in mapping.columns}


def sample(layout, size=SAMPLE):
    """The first rows, as a parser looks at them."""
    return [(number, *row) for number, row in enumerate(islice(reading.rows(layout), size), 1)]


def estimate(layout):
    """About how many rows the file has: its line ends."""
    with open(layout.path, "rb") as file:
        ends = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return max(ends - layout.header_line, 0)


def layout_of(run, mapping=None):
    """How the file of a run is read, as it was settled."""
    mapping = mapping or mappings.from_spec(run.spec)
    return reading.settle(
        run.file.path,
        encoding=run.encoding,
        delimiter=mapping.delimiter,
        sheet=run.sheet,
        header_line=mapping.header_line,
    )


def header(run):
    """The names of the file's columns."""
    return layout_of(run).header
