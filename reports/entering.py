"""Measurements and costs from a file: every row is judged by the form of its page, and all of them are kept or none."""

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts import organisation
from accounts.models import Team
from leads.importing import dates, reading
from leads.importing.problems import FileRefused
from leads.importing.values import Bad
from pipeline.models import Campaign, SalesCost, SalesCostFile
from reports.brand.forms import PLACES_OF, SearchForm, WaveForm
from reports.models import BrandWave, SearchShare
from reports.selling.forms import CostForm
from ui import formats
from ui.forms import MonthField
from ui.tables import Column

WAVES, SEARCHES, COSTS = "waves", "searches", "costs"
FORMS: dict[str, Any] = {WAVES: WaveForm, SEARCHES: SearchForm, COSTS: CostForm}
MODELS = {WAVES: BrandWave, SEARCHES: SearchShare, COSTS: SalesCost}
KINDS = {WAVES: gettext_lazy("Waves of surveys"), SEARCHES: gettext_lazy("Shares of search by month")}
WORKED_OUT, WORKED_OUT_OF = (
    "",
    {COSTS: [gettext_lazy("In report currency")]},
)  # columns of our own files that the rest tells
MOST_ROWS = 1000
MOST_BYTES = 5_000_000
MOST_WRONG = 50  # that are told


class Refused(Exception):
    """The file cannot be taken as it stands; the text says why."""


@dataclass(frozen=True)
class Wrong:
    """Why a row is refused: the line of the file, the column, and the reason."""

    line: int
    column: str
    reason: str


def columns(kind, today):
    """[(name in a file, label, help)] of what a row may say."""
    form = FORMS[kind](today=today)
    return [(name, str(field.label), _help(name, field)) for name, field in form.fields.items()]


def _help(name, field):
    """What a cell holds, where the name of the column does not say it."""
    if name in (*PLACES_OF, "campaign"):
        return _("Its code or its name.")
    if name == "team":
        return _("Its name.")
    if isinstance(field, forms.DateField):
        return _("Such as %(example)s.") % {"example": "2026-04" if name == "month" else "2026-04-20"}
    if choices := getattr(field, "choices", ()):
        return ", ".join(f"{code}: {label}" for code, label in choices if code)
    return str(field.help_text)


def template(kind, today):
    """The columns of an empty file of this kind."""
    return [Column(name, name) for name, _label, _help in columns(kind, today)]


def take(kind, file, *, by, today):
    """Read an uploaded file and keep every row. Returns (how many, [Wrong]): none are kept where any is wrong. Raises Refused."""
    if file.size > MOST_BYTES:
        raise Refused(_("A file has at most %(most)d MB. Split it.") % {"most": MOST_BYTES // 1_000_000})
    try:
        with _kept(file) as path:
            layout = reading.settle(path, expected=FORMS[kind].base_fields)
            rows = list(_rows(kind, layout, today))
    except FileRefused as refused:
        raise Refused(str(refused)) from None
    if not rows:
        raise Refused(_("The file holds no rows."))
    digest = sha256(b"".join(file.chunks())).hexdigest()
    _insist_new(digest)
    return _written(kind, _dated(kind, rows), by, today, file.name, digest)


def _insist_new(digest):
    """The same file twice would count twice: what is kept of it is taken back first."""
    kept = SalesCostFile.objects.kept().filter(digest=digest).select_related("brought_by").first()
    if kept:
        said = {"who": kept.brought_by or "–", "when": formats.moment(kept.brought_at)}
        raise Refused(_("This very file was brought by %(who)s on %(when)s. Take that back first.") % said)


@contextmanager
def _kept(file):
    """The path of the file on the disk, for as long as it is read."""
    with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix[:10]) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        try:
            yield copy.name
        finally:
            reading.forget(copy.name)


def _rows(kind, layout, today):
    """(line, {field: text}, problem) of each row that holds anything."""
    known = _names_of_columns(kind)
    named = [known.get(one.casefold(), "") for one in layout.header]
    if strange := [
        one for one, name in zip(layout.header, named, strict=True) if one and one.casefold() not in known
    ]:  # nothing is passed over in silence
        raise Refused(
            _("There is no column “%(name)s”. Known are: %(known)s.")
            % {"name": strange[0][:60], "known": ", ".join(FORMS[kind].base_fields)}
        )
    for count, (line, cells, problem) in enumerate(reading.rows(layout)):
        if count >= MOST_ROWS:
            raise Refused(_("Send at most %(most)d rows at once.") % {"most": MOST_ROWS})
        if any(cells):
            yield line, {name: cell for name, cell in zip(named, cells, strict=False) if name}, problem


def _names_of_columns(kind):
    """{what a column may be called in any language of ours, folded: its name}."""
    fields, known = FORMS[kind].base_fields, {}
    for language, _called in settings.LANGUAGES:
        with override(language):
            labels = {str(label): WORKED_OUT for label in WORKED_OUT_OF.get(kind, ())}
            labels |= {str(field.label): name for name, field in fields.items()}
        known |= {label.casefold(): name for label, name in labels.items()}
    return known | {name: name for name in fields}


def _dated(kind, rows):
    """The rows with their days as a form reads them, where a column can be understood in one way only."""
    for name, field in FORMS[kind].base_fields.items():
        if not isinstance(field, forms.DateField):
            continue
        texts = [row.get(name, "").strip() for _line, row, _problem in rows]
        ways, whole = dates.date_formats(texts), dates.FIRST if isinstance(field, MonthField) else ""
        if twofold := _twofold(ways, texts, whole):
            said = {"column": field.label, "example": twofold}
            raise Refused(
                _(
                    "“%(example)s” in the column “%(column)s” is one day or another. Write days like 2026-11-28."
                )
                % said
            )
        read = dates.Dates(ways[:1], whole)
        for _line, row, _problem in rows:
            day = read(row.get(name, "").strip())
            if day and not isinstance(day, Bad):
                row[name] = day
    return rows


def _twofold(ways, texts, whole):
    """The first cell that the ways to write a day read as different ones, "" where there is none."""
    reads = [dates.Dates([one], whole) for one in ways]
    return next((text for text in texts if len({str(read(text)) for read in reads}) > 1), "")


def _written(kind, rows, by, today, name, digest):
    places, codes, wrong = _places(), _codes(FORMS[kind].base_fields), []
    with transaction.atomic():
        made = {"entered_by": by}
        if kind == COSTS:
            made["file"] = _begun(name, rows, by, digest)
        for line, row, problem in rows:
            if not problem:
                _say_codes(row, codes)
            found = [Wrong(line, "", problem)] if problem else _one(kind, line, row, places, made, today)
            wrong += found
            if len(wrong) >= MOST_WRONG:
                break
        if wrong:
            transaction.set_rollback(True)
    return (0 if wrong else len(rows)), wrong[:MOST_WRONG]


def _begun(name, rows, by, digest):
    said = {"name": name[:255], "rows": len(rows), "brought_by": by, "digest": digest}
    try:
        return SalesCostFile.objects.create(**said)
    except IntegrityError:  # somebody brought it at this very moment
        raise Refused(_("This very file was brought a moment ago.")) from None


def _one(kind, line, row, places, made, today):
    """Save one row. Returns what is wrong with it."""
    data, unknown = dict(row), {}
    for name, known in places.items():
        if name not in FORMS[kind].base_fields:
            continue
        text = row.get(name, "").strip()
        data[name] = known.get(text.casefold(), text)
        if text and text.casefold() not in known:
            unknown[name] = _("There is no such: “%(name)s”.") % {"name": text[:60]}
    if "currency" in FORMS[kind].base_fields and not data.get("currency", "").strip():
        data["currency"] = organisation.current().currency
    form = FORMS[kind](data, instance=MODELS[kind](**made), today=today)
    wrong = [Wrong(line, name, reason) for name, reason in unknown.items()]
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        wrong += [Wrong(line, str(label), str(one)) for one in errors if name not in unknown]
    if not wrong:
        form.save()
    return wrong


def _codes(fields):
    """{field with choices: {a choice's code or its name in any language of ours, folded: its code}}."""
    found: dict[str, dict[str, str]] = {}
    for name, field in fields.items():
        if isinstance(field, forms.TypedChoiceField):
            choices: Any = field.choices
            known = found.setdefault(name, {})
            for language, _called in settings.LANGUAGES:
                with override(language):
                    known |= {str(label).casefold(): code for code, label in choices if code}
            known |= {code.casefold(): code for code, _label in choices if code}
    return found


def _say_codes(row, codes):
    """Let a row say a choice by its name."""
    for name, known in codes.items():
        text = row.get(name, "").strip()
        row[name] = known.get(text.casefold(), text)


def _places():
    """{region, segment, team or campaign: {its code or name, folded: its key}}."""
    found = {}
    for name, model in PLACES_OF.items():
        known = {}
        for pk, code, title in model._default_manager.order_by("-pk").values_list("pk", "code", "name"):
            known |= {code.casefold(): pk, title.casefold(): pk}
        found[name] = known
    teams = Team.objects.order_by("-pk").values_list("pk", "name")
    found["team"] = {title.casefold(): pk for pk, title in teams}
    found["campaign"] = {}
    for pk, code, title in Campaign.objects.filter(for_existing=True).values_list("pk", "code", "name"):
        found["campaign"] |= {title.casefold(): pk, code.casefold(): pk}
    return found
