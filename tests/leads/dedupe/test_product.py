"""How well the product itself finds who is twice: people brought as a file, joined by identities, compared by likeness."""

import csv
from collections import defaultdict
from itertools import product

import pytest
from django.db.models.functions import Coalesce

from leads import dedupe
from leads.dedupe import measuring
from leads.dedupe.measuring import pairs
from leads.models import Duplicate, Lead
from pipeline.models import Identity
from tests import cast as make
from tests.leads.dedupe import people
from tests.leads.importing import running

pytestmark = pytest.mark.django_db

MAPPING = {
    "kind": "leads",
    "source": "invented",
    "columns": {name: name for name in ("external_id", "full_name", "company", "city", "email", "phone")},
}


@pytest.mark.parametrize("language, joined", [("zh", 0.4), ("ru", 0.33), ("en", 0.36)])
def test_who_is_one_without_asking_is_one(tmp_path, settings, language, joined):
    """docs/handover.md tells the figures: of those made one by themselves, and with those that the worklist proposes."""
    settings.MEDIA_ROOT = tmp_path / "media"
    rows = people.rows(language)
    running.load(written(tmp_path / "rows.csv", rows), MAPPING, mode="history")
    while dedupe.compare_due(at=make.NOON, limit=1000):
        pass
    truth, who = [row["person"] for row in rows], persons(rows)
    alone, proposed = pairs(enumerate(who)), proposals(who)
    merged, asked = measuring.measure(alone, truth), measuring.measure(alone | proposed, truth)
    assert (merged.precision >= 0.99, merged.recall >= joined) == (True, True), merged
    assert (asked.precision >= 0.95, asked.recall >= 0.99) == (True, True), asked


def written(path, rows):
    """A file of these people; a row's number is its key."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(MAPPING["columns"])
        for number, row in enumerate(rows):
            table.writerow([number, row["name"], row["company"], row["city"], row["email"], row["phone"]])
    return path


def persons(rows):
    """The key of the contact that each row is now: of its lead, else of whom it joined by an address."""
    now = Coalesce("contact__merged_into", "contact")
    leads = dict(Lead.objects.annotate(who=now).values_list("external_id", "who"))
    addresses = dict(Identity.objects.annotate(who=now).values_list("value", "who"))
    return [
        leads.get(str(number)) or addresses.get(row["email"]) or addresses[row["phone"]]
        for number, row in enumerate(rows)
    ]


def proposals(who):
    """The pairs of rows whose contacts the worklist proposes."""
    rows = defaultdict(list)
    for number, contact in enumerate(who):
        rows[contact].append(number)
    found = Duplicate.objects.filter(kind="contact").values_list("low_id", "high_id")
    return {tuple(sorted(pair)) for low, high in found for pair in product(rows[low], rows[high])}
