"""Drafts: a file that was uploaded, and the questions to be answered before it runs: encoding, sheet, columns, dates."""

from dataclasses import dataclass, replace

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import organisation
from leads.importing import mapping as mappings
from leads.importing import reading
from leads.importing.batches import Parser
from leads.importing.currencies import Signed
from leads.importing.errands import ask_look
from leads.importing.fields import ATTRIBUTE, FIELDS, OPEN_ENDED, field_for
from leads.importing.files import estimate, forget, sample, settled
from leads.importing.keys import of_a_report
from leads.importing.problems import MappingWrong
from leads.importing.rejects import said
from leads.importing.shown import as_shown
from leads.models import ImportRun, ImportState, Mapping
from leads.models.imports import ImportMode
from pipeline.channels import Channel
from pipeline.models import CustomField

EXAMPLES = 3
PREVIEW = 8


@dataclass(frozen=True)
class Column:
    """A column of the file, examples of its cells, and the target proposed or chosen ("" for none)."""

    position: int
    name: str
    examples: list
    target: str


@dataclass(frozen=True)
class Row:
    """A row of the preview: its line, what would be taken for each target, and why it is refused, "" where it is not."""

    line: int
    values: list
    refused: str


def upload(file, *, kind, mode, by, preset=None):
    """A draft with the uploaded file; nothing is read yet.

    `preset`: {target: value} for every row whose column does not say otherwise, such as the campaign of a fair.
    """
    run = ImportRun(kind=kind, mode=mode or ImportMode.LIVE, file_name=file.name[:255], by=by)
    run.counts = {"mode": mode, "preset": preset or {}}  # no mode: the rows' age decides
    run.file.save(run.file_name, file, save=True)
    return run


def layout(run):
    """How the draft's file is read. Raises FileRefused, EncodingUnknown or SheetUnknown: questions to be asked."""
    known = _known(run)
    return reading.settle(
        run.file.path,
        encoding=run.encoding,
        delimiter=known.delimiter if known else "",
        sheet=run.sheet,
        header_line=known.header_line if known else 0,
    )


def answer(run, *, encoding="", sheet=""):
    """Keep the answer to a question about reading the file. Raises FileRefused where it does not fit."""
    run.encoding, run.sheet = encoding or run.encoding, sheet or run.sheet
    layout(run)
    run.save(update_fields=["encoding", "sheet"])


def propose(run, read):
    """The mapping to begin with: the draft's own, the one remembered for this header, a shipped one, or a guess.

    What is known of other files yields to what this one shows of its decimal mark and dates. Telephone numbers without
    a calling code are those of the organisation's country, unless somebody said otherwise for such files.
    """
    if own := _known(run):
        return own
    known = Mapping.objects.filter(kind=run.kind, header=mappings.fingerprint(read.header)).first()
    found = (
        mappings.remembered(known.spec, read.header)
        if known
        else mappings.shipped_for(run.kind, read.header, read.delimiter)
    )
    home = organisation.country()
    if found is None:
        return replace(mappings.guess(run.kind, read.header), region=home)
    if not known and not found.region:
        found = replace(found, region=home)
    return as_shown(
        found, read.header, [cells for _number, _line, cells, problem in sample(read) if not problem]
    )


def columns(run, read, mapping):
    """The file's columns with examples, as the mapping page shows them."""
    rows = [cells for _number, _line, cells, problem in sample(read, 50) if not problem]
    shown = []
    for position, name in enumerate(read.header):
        cells = [cells[position] for cells in rows if cells[position].strip()]
        targets = mapping.columns.get(name, [])
        shown.append(
            Column(position, name, list(dict.fromkeys(cells))[:EXAMPLES], targets[0] if targets else "")
        )
    return shown


def choices(kind, name):
    """(value, label) of the targets that a column called `name` may have."""
    known = [(field.name, f"{field.label}{' *' if field.required else ''}") for field in FIELDS[kind]]
    own = CustomField.objects.filter(on=OPEN_ENDED.get(kind, ""), active=True)
    known += [(f"{ATTRIBUTE}{field.code}", str(field)) for field in own]
    if kind in OPEN_ENDED and name:
        known.append((ATTRIBUTE + name[:100], f"＋ {name[:100]}"))
    return known


def configure(run, read, chosen, **settings):
    """Map the draft's columns and settle how the cells are read; remembered for files with the same header.

    `chosen`: {column: target or ""}. Targets beyond the first that a shipped mapping gives a column stay with it.
    `settings`: source, currency, signs, region, decimal, formats (a list) and create. Raises MappingWrong.
    """
    base = propose(run, read)
    mapped, targets = _mapped(base, chosen)
    spec = {
        **base.spec,
        "columns": mapped,
        "values": {name: table for name, table in base.values.items() if name in targets},
        "fixes": {name: table for name, table in base.fixes.items() if name in targets},
        "parts": {name: parts for name, parts in base.parts.items() if name in targets},
        **settings,
    }
    preset = {name: value for name, value in run.counts.get("preset", {}).items() if name not in targets}
    remembered = {name: value for name, value in base.constants.items() if name not in preset}
    spec["constants"] = remembered | preset
    mapping = settled(mappings.fit(mappings.from_spec(spec), read.header), read)
    mapping = replace(mapping, known_by=mapping.known_by or of_a_report(mapping, read.header))
    with transaction.atomic():
        run.spec, run.encoding, run.sheet = mapping.spec, read.encoding, read.sheet[:100]
        run.mode = run.counts.get("mode") or mapping.mode or ImportMode.LIVE
        run.rows = estimate(read)
        run.save()
        ask_look(run)
        Mapping.objects.update_or_create(
            kind=run.kind,
            header=mappings.fingerprint(read.header),
            defaults={
                "name": (mapping.name or run.file_name)[:100],
                "spec": mapping.spec | {"constants": remembered},
            },
        )
    return mapping


def _mapped(base, chosen):
    """({column: its targets}, all targets): what was chosen, and what a shipped mapping gives such a column besides."""
    kept = {name: base.columns.get(name, []) for name in chosen}
    mapped = {
        name: kept[name] if kept[name][:1] == [target] else mappings.as_told(base.kind, name, target)
        for name, target in chosen.items()
        if target
    }
    return mapped, {target for of_column in mapped.values() for target in of_column}


def preview(run, read):
    """The first rows as they would be taken: (labels of the fields, [Row]); a refused one shows its cells as they stand. Raises MappingWrong."""
    mapping = _known(run)
    if mapping is None:
        raise MappingWrong
    first = sample(read, PREVIEW)
    parser = Parser(mapping, read, sample(read))
    batch = parser.batch(first)
    fields = [field_for(mapping.kind, target) for target in parser.positions]
    told = [_values(batch, one) for one in fields]
    if elsewhere := _says_currency_elsewhere(mapping, parser.positions):
        fields.append(field_for(mapping.kind, "currency"))
        told.append([one or mapping.currency for one in _values(batch, fields[-1])])
    taken = dict(zip(batch.numbers, zip(*told, strict=True), strict=True))
    reasons = {}
    for problem in batch.problems:
        reasons.setdefault(problem.number, []).append(said(problem.column, problem.value, problem.reason))
    rows = []
    for number, line, cells, _problem in first:
        raw = [cells[at] if at < len(cells) else "" for at in parser.positions.values()]
        raw += [mapping.currency] * elsewhere
        refused = "; ".join(reasons.get(number, [])) or ("" if number in taken else _("the same row again"))
        rows.append(Row(line, list(taken.get(number, raw)), refused))
    return [one.label for one in fields], rows


def _says_currency_elsewhere(mapping, positions):
    """Whether amounts have a currency that no column says: a heading does, or whoever mapped the file."""
    money = any(field_for(mapping.kind, target).type == "money" for target in positions)
    return bool(mapping.currency) and money and "currency" not in positions


def _values(batch, field):
    """A column of a batch as texts: keys, addresses, attributes and chosen words as one would write them."""
    if field.name == "external_id":
        return [value or "" for value in batch.get("given_key")]
    if field.name.startswith(ATTRIBUTE):
        name = field.name.removeprefix(ATTRIBUTE)
        return [_shown(orjson.loads(one or "{}").get(name)) for one in batch.get("attributes")]
    words = Channel if field.type == "channel" else field.choices
    labels = dict(words.choices) if words else {}
    return [_shown(labels.get(value, value)) for value in batch.get(field.name)]


def discard(run):
    """Forget a draft and its file."""
    if run.state == ImportState.DRAFT:
        forget(run)
        run.delete()


def _shown(value):
    """The text of a value; an address is (kind, value, as written), an amount may bear the sign of its currency."""
    if isinstance(value, tuple):
        value = value[1]
    if isinstance(value, Signed):
        return f"{value} {value.shown}"
    return "" if value is None else str(value)


def _known(run):
    return mappings.from_spec(run.spec) if run.spec else None
