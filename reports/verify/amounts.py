"""Amounts in the report currency against the amount, its currency and the rate of its day."""

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


def differences(cursor):
    """Spend, deals and receipts whose amount in the report currency does not follow from the rate of their day."""
    base, waiting = organisation.current().currency, rates.waiting()
    for table in CONVERTED:
        cursor.execute(UNEXPLAINED.format(base=base_of(table), table=table), [base, waiting])
        what = table.removeprefix("pipeline_").capitalize()
        for pk, currency, stored, source in cursor.fetchall():
            yield Difference(
                f"{what} {pk} in {currency}", *(None if one is None else str(one) for one in (stored, source))
            )
