"""The pipeline on data that nobody here wrote: signal where there is some, none where there is none."""

import pytest

from leads.learning import evaluation, tables

pytestmark = pytest.mark.samples
OLIST = ("mql_id", "first_contact_date", "landing_page_id", "origin")


@pytest.fixture(scope="module")
def bank(samples):
    return tables.read_csv(samples / "bank_marketing/bank-additional-full.csv")


def left_out(card):
    return {one.column: one.why for one in card.left_out}


def test_bank_at_random_and_in_order(bank):
    at_random = evaluation.evaluate(bank, "y")
    assert at_random.split == "random"
    assert at_random.auc >= 0.80
    assert left_out(at_random) == {"duration": "alone"}
    in_order = evaluation.evaluate(bank, "y", split="time", drop=["duration"])
    assert in_order.auc >= 0.66
    assert in_order.method == "logistic"


def test_olist_by_time(table):
    won = {row["mql_id"]: row for row in table("olist/olist_closed_deals_dataset.csv")}
    mqls = table("olist/olist_marketing_qualified_leads_dataset.csv")
    later = [name for name in next(iter(won.values())) if name != "mql_id"]
    rows = (
        [*(row[name] for name in OLIST), *(won.get(row["mql_id"], {}).get(name) for name in later), str(int(row["mql_id"] in won))]
        for row in mqls
    )  # fmt: skip
    card = evaluation.evaluate(tables.from_rows([*OLIST, *later, "won"], rows), "won")
    assert (card.split, card.time) == ("time", "first_contact_date")
    assert card.auc >= 0.68
    assert {one["column"] for one in card.used} == {"first_contact_date", "landing_page_id", "origin"}


@pytest.mark.parametrize("split", ["random", "time"])
def test_maven_has_none(samples, split):
    table = tables.read_csv(samples / "maven/sales_pipeline.csv")
    card = evaluation.evaluate(table, "deal_stage", split=split)
    assert card.auc_low < 0.5 < card.auc_high
    assert not card.shown
    assert left_out(card) == {
        "close_date": "when_closed",
        "close_value": "when_closed",
        "opportunity_id": "each_own",
    }
