"""The values of two records side by side, and which of them the survivor keeps."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst

from leads.models import MergeKind
from pipeline import companies
from pipeline.models import Company, Contact
from ui.formats import language_name

MODELS: dict[str, type[Contact] | type[Company]] = {MergeKind.CONTACT: Contact, MergeKind.COMPANY: Company}
# A name stays in one piece: the parts follow the full name.
CHOOSABLE = {
    MergeKind.CONTACT: ("full_name", "job_title", "company", "country", "city", "region", "language"),
    MergeKind.COMPANY: (
        "name", "domain", "tax_id", "parent", "segment", "region", "country", "industry", "employees", "sales_owner",
        "marketing_contact",
    ),
}  # fmt: skip
WITH = {"full_name": ("given_name", "family_name"), "name": ("key",)}


@dataclass(frozen=True)
class Pair:
    """One field of two records: both values as shown, and whether they differ."""

    name: str
    label: str | Promise
    survivor: object
    gone: object

    @property
    def differs(self):
        """Both are known and not the same: somebody chooses."""
        return self.survivor not in ("", None) and self.gone not in ("", None) and self.survivor != self.gone


def pairs(kind, survivor, gone):
    """[Pair] of the fields that at least one of the two knows."""
    found = [
        Pair(name, capfirst(_field(kind, name).verbose_name), _shown(survivor, name), _shown(gone, name))
        for name in CHOOSABLE[kind]
    ]
    return [pair for pair in found if pair.survivor not in ("", None) or pair.gone not in ("", None)]


def _shown(record, name):
    value = getattr(record, name)
    return language_name(value) if name == "language" and value else value


def unlike(kind, survivor, gone, chosen):
    """{label: value} of what both knew and only one can keep: the value that the survivor has not got in the end."""
    return {
        str(pair.label): str(pair.survivor if pair.name in chosen else pair.gone)
        for pair in pairs(kind, survivor, gone)
        if pair.differs
    }


def settle(kind, survivor, gone, chosen):
    """Give `survivor` what it lacks, and of the fields `chosen` the value of `gone`. Returns [[model, id, field, before, after]].

    Writes the survivor; its row is locked by the caller. Raises ValueError for a field that nobody may choose.
    """
    if unknown := set(chosen) - set(CHOOSABLE[kind]):
        raise ValueError(f"not to be chosen: {', '.join(sorted(unknown))}")
    changes = {}
    for name in CHOOSABLE[kind]:
        column = _field(kind, name).attname
        theirs = getattr(gone, column)
        if theirs in ("", None) or (column == "parent_id" and companies.is_within(theirs, {survivor.pk})):
            continue
        if name in chosen or getattr(survivor, column) in ("", None):
            for one in (column, *WITH.get(name, ())):
                changes[one] = getattr(gone, one)
    if kind == MergeKind.COMPANY:
        changes |= _company_flags(survivor, gone, changes)
    return write(survivor, changes)


def _company_flags(survivor, gone, changes):
    """A dealer stays one, a key account too, and no company is part of the one that went, nor of itself by way of it."""
    more: dict[str, bool | None] = {
        name: True
        for name in ("is_partner", "key_account")
        if getattr(gone, name) and not getattr(survivor, name)
    }
    if companies.is_within(changes.get("parent_id", survivor.parent_id), {survivor.pk, gone.pk}):
        more["parent_id"] = None
    return more


def write(record, changes):
    """Set columns of one record where they differ. Returns [[model, id, field, before, after]] for the journal."""
    changes = {name: value for name, value in changes.items() if getattr(record, name) != value}
    kept = [
        [record._meta.label, record.pk, name, plain(getattr(record, name)), plain(value)]
        for name, value in changes.items()
    ]
    if changes:
        type(record).objects.filter(pk=record.pk).update(**changes)
        for name, value in changes.items():
            setattr(record, name, value)
    return kept


def plain(value):
    """A value as the journal's JSON keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _field(kind, name):
    return MODELS[kind]._meta.get_field(name)
