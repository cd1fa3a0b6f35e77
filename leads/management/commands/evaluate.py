"""Judge on any table how well its outcome can be predicted from the other columns."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from leads.learning import evaluation, kinds, reasons, tables, trust


class Command(BaseCommand):
    """`manage.py evaluate FILE.csv --outcome COLUMN [--time COLUMN] [--split random|time]`."""

    help = (
        "Learns from 70 % of a table which rows were won and judges itself on the other 30 %: the pipeline behind the "
        "probability of a win. Finds types, dates and disguised blanks by itself, and leaves out columns that could be "
        "known only after the outcome."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV with a header line; comma, semicolon, tab or bar")
        parser.add_argument("--outcome", required=True, help="the column that says what was won")
        parser.add_argument("--positive", help="what it says for a win, where the word does not tell")
        parser.add_argument(
            "--time", help="the column that orders the rows (found by itself where there is one)"
        )
        parser.add_argument(
            "--split",
            choices=[evaluation.RANDOM, evaluation.TIME],
            default=evaluation.AUTO,
            help="judge on random rows or on the newest ones; time without a time column means the order of the rows. "
            "Without it: time where there is a time column, else random",
        )
        parser.add_argument(
            "--drop", action="append", default=[], metavar="COLUMN", help="leave out (repeatable)"
        )
        parser.add_argument("--seed", type=int, default=evaluation.SEED, help="of everything random")
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write the card as JSON")

    def handle(self, *, file, outcome, positive, time, split, drop, seed, json, **options):
        if not 0 <= seed < 2**32:
            raise CommandError("--seed takes a whole number from 0 to 4294967295.")
        try:
            table = tables.read_csv(file, outcome)
            if json:
                insist_on(json)
            card = evaluation.evaluate(table, outcome, time, split, drop, positive, seed)
        except OSError as error:
            raise CommandError(f"“{file}” cannot be read: {error.strerror}.") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        if json:
            write_card(card, json)
        for line in lines(card):
            self.stdout.write(line)
        if not card.time:
            for name in kinds.may_be_dates(table):
                if name != outcome and name not in drop:
                    self.stdout.write(
                        f"“{name}” holds numbers that may count days or seconds: --time “{name}” reads them as dates"
                    )


def insist_on(path):
    """Before anything is learned: the card can be written where it is wanted. Raises CommandError."""
    try:
        path.open("ab").close()
    except OSError as error:
        raise CommandError(f"“{path}” cannot be written: {error.strerror}.") from None


def write_card(card, path):
    """Write a card as JSON, the reasons of columns left out also in words."""
    told = card.as_json()
    told["trust"] = trust.told(told)
    for one in told["left_out"]:
        one["reason"] = reasons.words(one["why"], one["detail"])
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def lines(card):
    """The card in lines of text."""
    by = (
        f"by {card.time}"
        if card.time
        else "by the order of the rows"
        if card.split == "time"
        else "at random"
    )
    yield f"{card.rows} rows, {card.won} won ({card.won / card.rows:.1%}; {card.positive})" + (
        f", {card.open_rows} still open and left out" if card.open_rows else ""
    )
    if card.young:
        yield f"{card.young} closed in the last {card.ripe_days} days left out: wins take that long, losses do not"
    yield f"split {card.split}, {by}: learned from {card.learned}, judged on {card.judged}"
    yield f"AUC {card.auc:.3f}"
    yield f"95 % interval {card.auc_low:.3f} to {card.auc_high:.3f}"
    yield (
        f"calibration: slope {card.slope:.2f}, intercept {card.intercept:+.2f}, Brier {card.brier:.4f}, "
        f"expected error {card.calibration_error:.3f}"
    )
    yield f"lift of the best tenth: {card.lift_10:.2f}"
    gained = "" if card.boosted_gain is None else f" (boosting gains {card.boosted_gain:+.3f} on later rows)"
    yield f"model: {card.method}{gained}"
    yield "columns used: " + ", ".join(f"{one['column']} ({one['kind']})" for one in card.used)
    for one in card.left_out:
        yield f"left out: {one.column}: {reasons.words(one.why, one.detail)}"
    yield from trust.of(card.as_json()).words
    if not card.shown:
        yield "No model would be shown: it is no better than chance."
