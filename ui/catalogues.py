"""Translations without gettext's tools: extract, merge, check and compile with Babel.

English is the source and fills itself; the other languages are edited in locale/*/LC_MESSAGES/django.po.
"""

import io
import re
from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = "en"
CHINESE = "zh_Hans"
LANGUAGES = (SOURCE, CHINESE, "ru")
MARKS = re.compile(r"(?<=[\u4e00-\u9fff”）])[,;:?!]|[,;:?!](?=[\u4e00-\u9fff])")
WIDE = str.maketrans(",;:?!", "，；：？！")
ROOMS = (
    "ui",
    "engine",
    "accounts",
    "pipeline",
    "leads",
    "reports",
    "demo",
    "bench",
    "config",
    "planning",
    "enablement",
    "integrations",
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)")
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # a date in each file would make every run a change


def extracted(root):
    """Every message of the Python code and templates under `root`, as a Babel catalogue."""
    catalogue = _blank(None)
    for path in sorted(_sources(root)):
        name = path.relative_to(root).as_posix()
        for line, message, comments, context in _messages(path):
            catalogue.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalogue


def _sources(root):
    for room in ROOMS:
        yield from (path for path in (root / room).rglob("*.py") if "migrations" not in path.parts)
    yield from (root / "templates").rglob("*.html")
    yield from (root / "templates").rglob("*.txt")


def _messages(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # templatize keeps line numbers; the indentation of HTML would be an error in Python.
        text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
    return extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})


def po_path(root, language):
    """Where a language's catalogue lies."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def _blank(language):
    return Catalog(
        locale=language,
        domain="django",
        project="Tandem",
        version="1",
        copyright_holder="Tandem",
        language_team="Tandem",
        last_translator="Tandem",
        creation_date=SOME_DAY,
        revision_date=SOME_DAY,
        fuzzy=False,
    )


def read(root, language):
    """A language's catalogue as it lies there; an empty one where there is none."""
    path = po_path(root, language)
    if not path.exists():
        return _blank(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update(root):
    """Bring every catalogue in step with the sources, keep what is translated, compile. → missing by language."""
    template = extracted(root)
    missing = {}
    for language in LANGUAGES:
        catalogue = _merged(template, read(root, language), language)
        _write(root, catalogue, language)
        missing[language] = sum(1 for message in catalogue if message.id and not _is_complete(message))
    return missing


def _merged(template, known, language):
    merged = _blank(language)
    for message in template:
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        string = (
            _own_words(message) if language == SOURCE else (old.string if old and not old.fuzzy else None)
        )
        if string and language == CHINESE:
            string = tuple(map(punctuated, string)) if isinstance(string, tuple) else punctuated(string)
        merged.add(
            message.id,
            string,
            message.locations,
            context=message.context,
            auto_comments=message.auto_comments,
        )
    return merged


def punctuated(text):
    """Chinese with its own marks between its characters, whatever the keyboard gave: "好,是" → "好，是"."""
    return MARKS.sub(lambda found: found[0].translate(WIDE), text)


def _own_words(message):
    return tuple(message.id) if message.pluralizable else message.id


def _write(root, catalogue, language):
    path = po_path(root, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_by_file=True, include_lineno=False, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(read(root, language)))


def compiled(catalogue):
    """The bytes of the .mo file."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def compile_all(root):
    """Write every .mo from its .po."""
    for language in LANGUAGES:
        po_path(root, language).with_suffix(".mo").write_bytes(compiled(read(root, language)))


def problems(root):
    """What is wrong with the catalogues, one sentence each; an empty list means complete and compiled."""
    template = extracted(root)
    found = []
    for language in LANGUAGES:
        catalogue = read(root, language)
        found += [f"{language}: {sentence}" for sentence in _problems(template, catalogue)]
        mo_path = po_path(root, language).with_suffix(".mo")
        if not mo_path.exists() or mo_path.read_bytes() != compiled(catalogue):
            found.append(f"{language}: {mo_path.name} is not compiled from its .po")
    return found


def _problems(template, catalogue):
    for message in template:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        if known is None:
            yield f"{message.id!r} is missing"
        elif known.fuzzy:
            yield f"{message.id!r} is fuzzy"
        elif not _is_complete(known, catalogue.num_plurals):
            yield f"{message.id!r} is not translated"
        elif _foreign_placeholders(known):
            yield f"{message.id!r} has other placeholders than its translation"
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            yield f"{message.id!r} is not used any more"


def _is_complete(message, plurals=None):
    if not message.pluralizable:
        return bool(message.string)
    strings = message.string or ()
    return all(strings) and (plurals is None or len(strings) == plurals)


def _foreign_placeholders(message):
    sources = message.id if message.pluralizable else (message.id,)
    strings = message.string if message.pluralizable else (message.string,)
    allowed = {name for text in sources for name in PLACEHOLDER.findall(text)}
    if message.pluralizable:
        return any(set(PLACEHOLDER.findall(text)) - allowed for text in strings)
    return set(PLACEHOLDER.findall(message.string)) != allowed
