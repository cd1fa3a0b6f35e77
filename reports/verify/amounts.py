"""Amounts in the report currency against the amount, its currency and the rate of its day; what was cancelled against the deal."""

from accounts import organisation
from pipeline import rates
from pipeline.money import CONVERTED, base_of
from reports.verify.differences import Difference

# A row: an amount that no rate explains. What is in a currency that is being converted anew is left out.
UNEXPLAINED = """
SELECT id, currency, base_amount, expected FROM (
  SELECT t.id, t.currency, t.base_amount, {base} AS expected FROM {table} t WHERE t.currency <> ALL(%s)
) AS held WHERE base_amount IS DISTINCT FROM expected ORDER BY id
"""
# A row: a deal that is not won for as much as is cancelled of it, or not by then.
OVERDONE = """
SELECT deal.id, gone.amount, deal.amount, deal.outcome FROM pipeline_deal deal JOIN (
  SELECT cancels_id, -sum(amount) AS amount, min(signed_on) AS since FROM pipeline_deal WHERE cancels_id IS NOT NULL GROUP BY cancels_id
) AS gone ON gone.cancels_id = deal.id
WHERE deal.outcome <> 'won' OR deal.cancels_id IS NOT NULL OR gone.amount > coalesce(deal.amount, 0) OR gone.since < deal.signed_on
ORDER BY deal.id
"""


def differences(cursor):
    """Spend, deals and receipts whose amount in the report currency does not follow from the rate of their day, and deals of
    which more is cancelled than was won."""
    base, waiting = organisation.current().currency, rates.waiting()
    for table in CONVERTED:
        cursor.execute(UNEXPLAINED.format(base=base_of(table), table=table), [base, waiting])
        what = table.removeprefix("pipeline_").capitalize()
        for pk, currency, stored, source in cursor.fetchall():
            yield Difference(
                f"{what} {pk} in {currency}", *(None if one is None else str(one) for one in (stored, source))
            )
    cursor.execute(OVERDONE)
    for pk, gone, amount, outcome in cursor.fetchall():
        yield Difference(f"Deal {pk}", f"{gone} cancelled", f"{outcome} for {amount}")
