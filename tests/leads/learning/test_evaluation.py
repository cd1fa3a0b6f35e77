"""The whole pipeline on small tables: what it reads, what it leaves out, what it refuses to show."""

import json
import random

import pytest
from django.core.management import CommandError, call_command

from leads.learning import evaluation, outcomes
from tests.leads.learning.tables import as_csv, history, table


@pytest.fixture(scope="module")
def rows():
    return history()


@pytest.fixture
def told(tmp_path, capsys):
    """The card that `manage.py evaluate` writes, and what it printed."""

    def told(text, *options, encoding="utf-8"):
        file, card = tmp_path / "table.csv", tmp_path / "card.json"
        file.write_bytes(text.encode(encoding))
        call_command("evaluate", file, *options, json=card)
        return json.loads(card.read_text()), capsys.readouterr().out

    return told


def test_finds_the_signal_and_leaves_out_what_leaks(rows, told):
    card, printed = told(as_csv(rows), "--outcome", "won")
    assert {one["column"]: one["why"] for one in card["left_out"]} == {
        "id": "each_own",
        "same": "one_value",
        "blank": "empty",
        "signed_on": "only_won",
        "loss_reason": "only_lost",
        "value": "alone",
    }
    assert {one["column"]: one["kind"] for one in card["used"]} == {
        "captured": "date",
        "channel": "word",
        "size": "number",
        "noise": "word",
    }
    assert (card["split"], card["time"], card["learned"], card["judged"]) == ("time", "captured", 840, 360)
    assert card["shown"]
    assert 0.55 < card["auc_low"] < card["auc"] < card["auc_high"] < 0.85
    assert f"AUC {card['auc']:.3f}\n" in printed
    assert "left out: value: predicts too well alone (AUC 1.000)" in printed


@pytest.mark.parametrize(
    "delimiter, mark, encoding", [(";", "", "utf-8"), ("\t", "\ufeff", "utf-8"), ("|", "", "cp1252"), (",", "\ufeff", "utf-16-le")]
)  # fmt: skip
def test_reads_the_same_from_any_writing(rows, told, delimiter, mark, encoding):
    small = [{name: row[name] for name in ("channel", "size", "won")} for row in rows[:400]]
    told(as_csv(small, delimiter, mark), "--outcome", "won", encoding=encoding)


def test_options(rows, told):
    card, printed = told(
        as_csv(rows), "--outcome", "won", "--split", "random", "--positive", "no", "--drop", "noise"
    )
    assert card["split"] == "random"
    assert card["positive"] == "no"
    assert {"noise"} <= {one["column"] for one in card["left_out"] if one["why"] == "asked"}
    assert "left out: noise: left out as asked" in printed
    card, _ = told(as_csv([{k: v for k, v in row.items() if k != "captured"} for row in rows]),
                   "--outcome", "won", "--split", "time")  # fmt: skip
    assert (card["split"], card["time"]) == ("time", "")


def test_nothing_is_shown_where_there_is_nothing_to_know(told):
    chance = random.Random(7)
    rows = [{"a": chance.choice("abc"), "n": chance.random(), "won": chance.choice("10")} for _ in range(900)]
    card, printed = told(as_csv(rows), "--outcome", "won")
    assert not card["shown"]
    assert card["auc_low"] < 0.5
    assert printed.endswith("No model would be shown: it is no better than chance.\n")


def test_rows_still_open_teach_nothing_and_betray_what_came_later(rows, told):
    opened = [
        {**row, "won": "open", "signed_on": "", "value": "", "loss_reason": ""} if n % 4 == 0 else row
        for n, row in enumerate(rows)
    ]
    card, _ = told(as_csv(opened), "--outcome", "won")
    assert card["open_rows"] == 300
    assert card["rows"] == 900
    assert {"value", "signed_on", "loss_reason"} == {
        one["column"] for one in card["left_out"] if one["why"] == "when_closed"
    }


def test_a_later_date_is_left_out(rows, told):
    dated = [
        {**row, "closed": f"{n % 28 + 1:02d}.{n * 12 // 1200 + 1:02d}.2026"} for n, row in enumerate(rows)
    ]
    card, _ = told(as_csv(dated), "--outcome", "won")
    assert {"column": "closed", "why": "later"}.items() <= next(
        one for one in card["left_out"] if one["column"] == "closed"
    ).items()


@pytest.mark.parametrize(
    "name, write, said",
    [
        ("seen", lambda n: 1_700_000_000 + 86_400 * n, True), ("seen", lambda n: 45_000 + n % 700, True),
        ("pay", lambda n: 40_000 + n % 90 * 100, False), ("mass", lambda n: 20_000 + n % 900, False),
    ],
)  # fmt: skip
def test_says_which_numbers_may_be_dates(rows, told, name, write, said):
    counted = [{**row, name: write(n)} for n, row in enumerate(rows)]
    _card, printed = told(as_csv(counted), "--outcome", "won", "--drop", "captured")
    assert (f"--time “{name}”" in printed) == said


@pytest.mark.parametrize(
    "options, words",
    [
        (["--outcome", "nobody"], "no column “nobody”"), (["--outcome", "channel"], "--positive"),
        (["--outcome", "won", "--time", "noise"], "holds no dates"),
        (["--outcome", "won", "--positive", "maybe"], "never says “maybe”"),
        (["--outcome", "won", "--time", "won"], "orders the rows"), (["--outcome", "won", "--seed", "-1"], "--seed takes"),
    ],
)  # fmt: skip
def test_says_what_is_wrong(rows, told, options, words):
    with pytest.raises(CommandError, match=words):
        told(as_csv(rows[:300]), *options)


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "is empty"), ("\n \n", "is empty"), ("won\n", "no rows"), ("won,channel\nyes,fair\n", "Too little history"),
        ("won,channel\n" + "yes,fair\n" * 90, "of 90 closed rows 90 were won"), ("PK\x03\x04", "workbook"),
        ("won,channel\n" + '"' + "x" * 200_000, "Nothing tells which value means won"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_a_file(told, text, words):
    with pytest.raises(CommandError, match=words):
        told(text, "--outcome", "won")


def test_says_which_file_it_cannot_read_or_write(tmp_path):
    with pytest.raises(CommandError, match=r"none\.csv” cannot be read: No such file"):
        call_command("evaluate", tmp_path / "none.csv", outcome="won")
    with pytest.raises(CommandError, match="cannot be written: Is a directory"):
        call_command("train", report=tmp_path)


def test_too_little_history_is_said(rows):
    few = table(["channel", "won"], [(row["channel"], row["won"]) for row in rows[:60]])
    with pytest.raises(ValueError, match="Too little history"):
        evaluation.evaluate(few, "won")


@pytest.mark.parametrize(
    "cells, won, closed",
    [
        (["Won", "Lost", "Engaging", ""], [1, 0, 0, 0], [1, 1, 0, 0]), (["1", "0", "1.0"], [1, 0, 1], [1, 1, 1]),
        (["成交", "输单", "跟进"], [1, 0, 0], [1, 1, 0]), (["yes", "", "yes"], [1, 0, 1], [1, 1, 1]),
    ],
)  # fmt: skip
def test_outcomes_in_words(cells, won, closed):
    told = outcomes.read(table(["o"], [(cell,) for cell in cells])["o"])
    assert (told.won.tolist(), told.closed.tolist()) == (list(map(bool, won)), list(map(bool, closed)))


def test_a_date_that_only_what_was_won_has_is_an_outcome():
    told = outcomes.read(table(["o"], [(f"2026-01-{n:02d}" if n < 25 else "",) for n in range(1, 40)])["o"])
    assert told.won.sum() == 24
    assert told.closed.all()


@pytest.mark.parametrize(
    "outcome, note, encoding", [("结果", "来源", "gbk"), ("исход", "заметка", "cp1251"), ("won", "Bemerkung für später", "cp1252")]
)  # fmt: skip
def test_reads_what_spreadsheets_save_and_cells_of_any_length(rows, told, outcome, note, encoding):
    plain = [
        {outcome: row["won"], "channel": row["channel"], note: row["noise"], "": ""} for row in rows[:400]
    ]
    plain[3][note] = "x" * 200_000
    card, _printed = told(as_csv(plain), "--outcome", outcome, encoding=encoding)
    assert [one["column"] for one in card["used"]] == ["channel", note]
    assert [one["column"] for one in card["left_out"]] == ["column 4"]
