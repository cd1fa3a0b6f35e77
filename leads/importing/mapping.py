"""A mapping: which column goes where, and how its cells are to be read. Shipped as TOML, made by clicks, or remembered.

kind = "leads"                    what the rows are
name = "Zoho CRM: leads"
source = "zoho"                   the system that the external ids belong to
mode = "history"                  unless told otherwise
encoding, delimiter, decimal, sheet, header_line, region (of phone numbers), touch
currency = "USD"                  of amounts whose row and sign say none; a sign that contradicts it is a reject
signs = "ignore"                  signs of currency are decoration; otherwise ("name") they name the currency of their row
formats = ["%d %b, %Y %H:%M:%S"]  of dates; a table gives one for each column
create = ["campaigns"]            what may be made when it is not known yet
known_by = ["ad_id", "date"]      the columns that together name a row without an id: the rest of it may be corrected later

[columns]      "LEADID" = "external_id", or a list of several targets
[constants]    stage = "mql"
[values.channel]  "Trade Show" = "exhibition", "*" for every other word
[fixes]        product = [["^GTXPro$", "GTX Pro"]]
[parts]        amount = 1000000, where a column counts millionths of its unit of money in whole numbers
[again]        USD = "cost_in_usd": the amount once more in a known currency; where both are the same it names that of the row,
               and where they differ, `currency` has to
[people]       "Tina Thomas" = "tina@example.com"
"""

import hashlib
import re
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.models.organisation import currencies
from accounts.organisation import current
from leads.importing.amounts import DECORATION
from leads.importing.currencies import SIGNS, choose, meant
from leads.importing.dates import compiled
from leads.importing.fields import ATTRIBUTE, FIELDS, OPEN_ENDED, by_name, field_for, header_words
from leads.importing.problems import MappingWrong
from leads.importing.reading import REASON, surplus
from leads.models.imports import ImportKind
from pipeline.models import CustomField

SHIPPED = Path(__file__).resolve().parent.parent / "mappings"
IN_BRACKETS = re.compile(r"(.+?)(?:\s*[(（]([^()（）]+)[)）]|,\s*(\S+))")
CREATABLE = ("campaigns", "products", "segments", "regions", "contacts")


@dataclass
class Mapping:
    """See the module. `columns` maps a header to its targets; `values`, `fixes`, `parts` and `constants` go by target."""

    kind: str
    name: str = ""
    source: str = "file"
    mode: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    sheet: str = ""
    header_line: int = 0
    region: str = ""
    currency: str = ""
    signs: str = "name"
    touch: str = "form"
    formats: dict[str, list | str] | list | str = field(default_factory=list)
    create: list = field(default_factory=list)
    known_by: list = field(default_factory=list)
    columns: dict = field(default_factory=dict)
    constants: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    fixes: dict = field(default_factory=dict)
    parts: dict = field(default_factory=dict)
    again: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)

    @property
    def spec(self):
        """As it is stored with a run."""
        return asdict(self)

    @property
    def targets(self):
        """Every target that the mapping fills."""
        return {target for targets in self.columns.values() for target in targets} | set(self.constants)

    def fixed(self, target, cell):
        """The cell after the target's regular expressions."""
        for pattern, replacement in self.fixes.get(target, ()):
            cell = re.sub(pattern, replacement, cell)
        return cell

    def format_for(self, column):
        """The date formats told for a column."""
        formats = self.formats.get(column, []) if isinstance(self.formats, dict) else self.formats
        return [formats] if isinstance(formats, str) else list(formats)


def from_spec(spec):
    """The Mapping of a stored or parsed table. Raises MappingWrong."""
    known = Mapping.__dataclass_fields__
    if unknown := sorted(set(spec) - set(known)):
        raise MappingWrong(_("The mapping has unknown entries: %(names)s") % {"names": ", ".join(unknown)})
    if spec.get("kind") not in FIELDS:
        raise MappingWrong(_("The mapping names no kind of record."))
    mapping = Mapping(**spec)
    mapping.columns = {
        column: [targets] if isinstance(targets, str) else list(targets)
        for column, targets in mapping.columns.items()
    }
    _check(mapping)
    return mapping


def _check(mapping):
    filled = [target for targets in mapping.columns.values() for target in targets]
    for target in [*filled, *mapping.constants, *mapping.values, *mapping.fixes, *mapping.parts]:
        try:
            field_for(mapping.kind, target)
        except KeyError:
            raise MappingWrong(
                _("There is no field “%(name)s” in this kind of record.") % {"name": target}
            ) from None
    twice = sorted({target for target in filled if filled.count(target) > 1})
    if twice:
        raise MappingWrong(_("Two columns go to one field: %(names)s") % {"names": ", ".join(twice)})
    missing = [
        one
        for one in FIELDS[mapping.kind]
        if one.required and not {one.name, one.instead}.intersection(mapping.targets)
    ]
    if missing:
        raise MappingWrong(
            _("No column is mapped to: %(names)s") % {"names": ", ".join(str(one.label) for one in missing)}
        )
    _check_patterns(mapping)


def _check_patterns(mapping):
    try:
        for fixes in mapping.fixes.values():
            for pattern, _replacement in fixes:
                re.compile(pattern)
        columns = mapping.formats if isinstance(mapping.formats, dict) else [""]
        for wanted in (one for column in columns for one in mapping.format_for(column)):
            compiled(wanted)
    except (re.error, ValueError, TypeError) as error:
        raise MappingWrong(
            _("The mapping has a pattern that cannot be read: %(error)s") % {"error": error}
        ) from None
    if (
        mapping.decimal not in {"", ".", ","}
        or mapping.signs not in {"name", DECORATION}
        or (mapping.currency and mapping.currency not in currencies())
        or set(mapping.create) - set(CREATABLE)
        or set(mapping.again) - set(currencies())
        or (mapping.again and not {"amount", "currency"} <= set(by_name(mapping.kind)))
        or not all(_is_counted(mapping, *one) for one in mapping.parts.items())
    ):
        raise MappingWrong(_("The mapping has a value that is not allowed."))


def _is_counted(mapping, target, parts):
    return field_for(mapping.kind, target).type == "money" and type(parts) is int and parts > 0


def load(name_or_path):
    """A shipped mapping by name, or a TOML file. Raises MappingWrong."""
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = SHIPPED / f"{path.name}.toml"
    try:
        return from_spec(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError:
        raise MappingWrong(
            _("There is no mapping “%(name)s”. Shipped ones: %(names)s")
            % {"name": name_or_path, "names": ", ".join(sorted(shipped()))}
        ) from None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise MappingWrong(_("The mapping cannot be read: %(error)s") % {"error": error}) from None


def shipped():
    """Names of the shipped mappings."""
    return [path.stem for path in SHIPPED.glob("*.toml")]


def shipped_for(kind, header, delimiter):
    """The shipped mapping of a kind whose columns are all in the header, that of the same delimiter first; or None."""
    fitting = [
        mapping
        for mapping in map(load, sorted(shipped()))
        if mapping.kind == kind and mapping.columns and set(mapping.columns) <= set(header)
    ]
    return min(fitting, key=lambda mapping: mapping.delimiter not in ("", delimiter), default=None)


def fingerprint(header):
    """What a header is remembered by: its names in order, whatever their case, without what a file of rejects adds."""
    names = [name.casefold() for name in header]
    if names[-1:] == [REASON]:
        del names[len(names) - 1 - surplus(header) :]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def remembered(spec, header):
    """The mapping remembered for a file with this header, without a column "reason" that this file does not have."""
    columns = {
        name: to for name, to in spec["columns"].items() if name.casefold() != REASON or name in header
    }
    return from_spec(spec | {"columns": columns})


def own_words(kind):
    """Header in small letters → code of the own field that it means: its name in any language, or its code."""
    found = {}
    for own in CustomField.objects.filter(on=OPEN_ENDED[kind], active=True):
        for word in (own.code, own.name, *own.names.values()):
            found.setdefault(word.casefold(), own.code)
    return found


def as_told(kind, column, target):
    """The targets of a column that goes to `target`: of a touch's kind the word stays too, for warm and cold are one kind."""
    both = kind == ImportKind.LEADS and target == "touch_kind" and column
    return [target, ATTRIBUTE + column[:100]] if both else [target]


def guess(kind, header, source="file") -> Mapping:
    """A first mapping from the names of the columns; what nobody recognises becomes an attribute where it can."""
    words, columns, taken, currency = header_words(kind), {}, set(), ""
    for name in header:
        heading, told = _with_currency(name.casefold().replace("*", "").strip())
        target = words.get(heading)
        if target and target not in taken:
            columns[name] = as_told(kind, name, target)
            taken.add(target)
            currency = currency or (told if field_for(kind, target).type == "money" else "")
    if kind in OPEN_ENDED:
        own = own_words(kind)
        for name in header:
            if name and name not in columns and name.casefold() != REASON:
                columns[name] = [ATTRIBUTE + own.get(name.casefold().strip(), name[:100])]
    columns = {name: columns[name] for name in header if name in columns}
    return Mapping(
        kind=kind, source=source, columns=columns, currency="" if "currency" in taken else currency
    )


def _with_currency(heading):
    """("amount spent (usd)") → ("amount spent", "USD"), and ("расход, руб.") → ("расход", "RUB"): a heading without the currency it names, if any."""
    found = IN_BRACKETS.fullmatch(heading)
    if found is None:
        return heading, ""
    sign = (found[2] or found[3]).strip().removesuffix(".")
    fits, usual = meant((sign,)) if sign in SIGNS else ((), False)
    is_code = found[2] and sign.upper() in currencies()  # behind a comma words like "all" are none
    code = sign.upper() if is_code else choose(fits, usual, current().currency, ())
    return (found[1], code) if code else (heading, "")


def fit(mapping, header):
    """The mapping with its columns as the header writes them. Raises MappingWrong where one is missing."""
    names = {name.casefold(): name for name in header}
    missing = [name for name in mapping.columns if name.casefold() not in names]
    if missing:
        raise MappingWrong(_("The file has no column: %(names)s") % {"names": ", ".join(missing)})
    spec = {**mapping.spec, "columns": {names[name.casefold()]: to for name, to in mapping.columns.items()}}
    return from_spec(spec)
