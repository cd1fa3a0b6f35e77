"""What a row without an external id is known by: a name where its kind has one, else what stands in its cells."""

import hashlib

from leads.models.imports import ImportKind
from pipeline.names import company_key

KEYS = "external_id code name"  # what a row may be known by, the strongest first
BY_CONTENT = "row:"  # how a key begins that is made of a row's cells


def _codes_or_names(batch):
    return [code or name or "" for code, name in zip(batch.get("code"), batch.get("name"), strict=True)]


NATURAL = {
    ImportKind.COMPANIES: lambda batch: [company_key(name or "") for name in batch.get("name")],
    ImportKind.PRODUCTS: _codes_or_names,
    ImportKind.CAMPAIGNS: _codes_or_names,
}


def naming(header, known_by):
    """A function from a row's cells to those that name it: of the columns `known_by` where all are there, else every one."""
    if not known_by or set(known_by) - set(header):
        return list
    places = [header.index(name) for name in known_by]
    return lambda cells: [cells[place] for place in places]


def content_key(cells):
    """An external id made of a row's cells."""
    return BY_CONTENT + hashlib.blake2b("\x1f".join(cells).encode(), digest_size=16).hexdigest()
