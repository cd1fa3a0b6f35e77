"""Duplicates of any table: what is merged without asking is right, in Chinese, Russian and English."""

import csv
import random

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from leads.dedupe import lines, measuring, tables
from pipeline.likeness import FAR, level
from tests.leads.dedupe import people


def split(rows):
    """(rows without what says who is the same, the labels)."""
    return [{k: v for k, v in row.items() if k not in ("person", "language")} for row in rows], [
        row["person"] for row in rows
    ]


@pytest.mark.parametrize("language, recall", [("zh", 0.95), ("ru", 0.7), ("en", 0.85)])
def test_what_is_merged_without_asking_is_right(language, recall):
    rows, truth = split(people.rows(language))
    measured = measuring.measure(measuring.merged(tables.find(rows)), truth)
    assert measured.precision >= 0.99, measured
    assert measured.recall >= recall, measured


def test_never_all_pairs():
    keys = [["anna", f"firm{n % 40}", str(n)] for n in range(2000)]
    assert len(tables.candidates(keys)) < 2000 * 2000 / 2 / 10


def test_empty_and_tiny_tables():
    assert tables.find([]) == []
    assert tables.find([{"name": "Anna"}]) == []
    assert tables.find([{"name": "Anna"}, {"name": "Otto"}]) == []


def test_the_command_tells_precision_and_recall(tmp_path, capsys):
    path = tmp_path / "people.csv"
    rows = people.rows("en", 120, 40)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    call_command("dedupe", str(path), same="person", by="language")
    told = capsys.readouterr().out
    assert "merged: precision 1.0000" in told
    assert "merged, en: precision" in told
    call_command("dedupe", str(path), without=["person", "language"])
    assert "Pairs that would be merged" in capsys.readouterr().out
    for text, words in (("", "is empty"), ("name,mail\n", "no rows"), (None, "No such file")):
        (tmp_path / "empty.csv").write_text(text) if text is not None else (tmp_path / "empty.csv").unlink()
        with pytest.raises(CommandError, match=words):
            call_command("dedupe", str(tmp_path / "empty.csv"))
    with pytest.raises(CommandError, match="no column"):
        call_command("dedupe", str(path), same="nobody")
    with pytest.raises(CommandError, match="not a pattern"):
        call_command("dedupe", str(path), "--part", "[")
    call_command("dedupe", str(path), "--same", "person", "--part", ".")  # no brackets: all that it finds
    assert "merged: precision" in capsys.readouterr().out


def test_a_switchboard_merges_nobody_of_another_name(tmp_path, capsys):
    chance, rows = random.Random(3), []
    given = ["Anna", "Otto", "Mary", "James", "Lena", "Paul", "Ines", "Kurt", "Olga", "Max"]
    family = [
        a + b
        for a in ("Berg", "Stein", "Wald", "Feld", "Haus", "Krug")
        for b in ("mann", "er", "holz", "hof", "auer")
    ]
    for firm in range(25):
        for _person in range(6):
            name = f"{chance.choice(given)} {chance.choice(family)}"
            one = {
                "name": name,
                "company": f"{family[firm]} Tools GmbH",
                "phone": f"+49 89 1234{firm:03d}",
                "city": "Bonn",
            }
            for written in (name, name.upper())[: 2 if chance.random() < 0.1 else 1]:
                rows.append({**one, "name": written})
    found = tables.find(rows)
    merged = measuring.merged(found)
    assert merged
    assert all(level(rows[one]["name"], rows[two]["name"]) != FAR for one, two in merged)
    assert len(lines.shared(tables.values_of(rows)[1])) == 25
    path = tmp_path / "people.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    call_command("dedupe", str(path))
    told = capsys.readouterr().err
    assert "Nobody is merged by phone “+49891234000” alone" in told
    assert "15 more such lines" in told
