"""Renewal rate: of the value of the contracts that end in a period, the share whose renewal has been won."""

from dataclasses import dataclass
from decimal import Decimal

from pipeline.cancellations import IN_FULL

ZERO = Decimal()
# A contract is renewed by the deal that says so, or, where history links none, by a won renewal of the same company
# signed around its end.
# Two questions, and the days as a difference, so that the indexes of the contract and of its company answer them, not that of
# days: every win around the end would be read.
RENEWED = """(
  EXISTS (SELECT 1 FROM pipeline_deal r WHERE r.renews_id = p.id AND r.outcome = 'won')
  OR EXISTS (
    SELECT 1 FROM pipeline_deal r WHERE r.company_id = p.company_id AND r.outcome = 'won' AND r.kind = 'renewal'
      AND r.renews_id IS NULL AND r.id <> p.id AND r.signed_on - p.contract_until BETWEEN -180 AND 90)
)"""


@dataclass(frozen=True)
class Renewals:
    """Contracts that end in a period and were not cancelled in full: how many, what they are worth, and the worth of those renewed so far."""

    deals: int = 0
    due: Decimal = ZERO
    renewed: Decimal = ZERO

    @property
    def rate(self):
        """Renewed value ÷ value due; None where nothing falls due."""
        return self.renewed / self.due if self.due else None


def parts(choice, of_accounts=False):
    """What `made` needs, for `reading.read`; `of_accounts`: of the people chosen what their accounts have, whoever sold it."""
    where, params = choice.narrow("d.", people=not of_accounts)
    if of_accounts and choice.owners is not None:
        where += " AND EXISTS (SELECT 1 FROM pipeline_company c WHERE c.id = p.company_id AND c.sales_owner_id = ANY(%s))"
        params.append(choice.owners)
    return {
        "renewals": (
            f"SELECT count(*) AS deals, coalesce(sum(amount), 0) AS due, coalesce(sum(amount) FILTER (WHERE renewed), 0) AS renewed FROM ("
            f"SELECT d.amount, {RENEWED} AS renewed FROM pipeline_deal p JOIN reports_counteddeal d ON d.deal_id = p.id "
            f"WHERE p.outcome = 'won' AND p.contract_until >= %s AND p.contract_until < %s AND NOT {IN_FULL.replace('d.', 'p.')} AND {where}) AS ending",
            [choice.period.first, choice.period.until, *params],
        )
    }


def made(rows) -> Renewals:
    """The Renewals from the rows that `parts` asked for."""
    (row,) = rows["renewals"]
    return Renewals(row["deals"], Decimal(row["due"]), Decimal(row["renewed"]))
