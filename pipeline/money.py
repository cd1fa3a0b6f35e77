"""Amounts in the report currency, at the day's rate. Sums are only ever made of these."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import organisation
from pipeline.models import ExchangeRate

STORED, MOST = Decimal("0.0001"), Decimal(10**14)
# Currencies whose smallest unit is not a hundredth (ISO 4217).
DIGITS = {
    **dict.fromkeys(
        (
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
            "XAF", "XOF", "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip


class NoRate(Exception):
    """No rate is known for a currency on a day."""

    def __init__(self, currency, on):
        super().__init__(
            _("No exchange rate of %(currency)s is known for %(day)s.") % {"currency": currency, "day": on}
        )
        self.currency, self.on = currency, on


class TooMuch(NoRate):
    """At the day's rate the amount has more digits than are stored in the report currency."""

    def __init__(self, currency, on):
        super().__init__(currency, on)
        self.args = (_("In the report currency this is more than can be stored."),)


def rate(currency, on) -> Decimal:
    """One unit of `currency` in the report currency on the day `on`: the newest rate not after it.

    Before the first rate, the first one holds. Raises NoRate for a currency without any.
    """
    if currency == organisation.current().currency:
        return Decimal(1)
    known = ExchangeRate.objects.filter(currency=currency)
    found = known.filter(on__lte=on).order_by("-on").first() or known.order_by("on").first()
    if found is None:
        raise NoRate(currency, on)
    return found.rate


def to_base(amount, currency, on) -> Decimal | None:
    """`amount` in the report currency at the rate of the day `on`, as it is stored; None stays None. Raises NoRate."""
    if amount is None:
        return None
    base = (Decimal(amount) * rate(currency, on)).quantize(STORED, ROUND_HALF_UP)
    if abs(base) >= MOST:
        raise TooMuch(currency, on)
    return base


def rounded(amount, currency) -> Decimal:
    """`amount` in whole smallest units of `currency`: for the edge, never for sums."""
    return amount.quantize(Decimal(1).scaleb(-DIGITS.get(currency, 2)), ROUND_HALF_UP)


def rate_sql(currency, on) -> str:
    """SQL for the rate of the columns `currency` and `on` of the row at hand; null where none is known.

    The same answer as `rate()`; both arguments are SQL expressions of ours, never input. One parameter: the report
    currency.
    """
    return f"""(CASE WHEN {currency} = %s THEN 1 ELSE coalesce(
        (SELECT r.rate FROM pipeline_exchangerate r
         WHERE r.currency = {currency} AND r."on" <= {on} ORDER BY r."on" DESC LIMIT 1),
        (SELECT r.rate FROM pipeline_exchangerate r
         WHERE r.currency = {currency} ORDER BY r."on" LIMIT 1)) END)"""


def base_sql(amount, currency, on) -> str:
    """SQL for `to_base` over columns: NUMERIC(18,4), null where no rate is known. Parameter as in `rate_sql`."""
    return f"round({amount} * {rate_sql(currency, on)}, 4)::numeric(18,4)"


DEAL_DAY = """coalesce(d.signed_on,
    (d.opened_at AT TIME ZONE (SELECT zone FROM accounts_organisation LIMIT 1))::date)"""
REBASE = (
    # one row: a spend whose amount in the report currency follows from another rate than it was worked out by
    f"""UPDATE pipeline_spend s SET base_amount = {base_sql("s.amount", "s.currency", 's."on"')}
        WHERE s.currency = %s
          AND s.base_amount IS DISTINCT FROM {base_sql("s.amount", "s.currency", 's."on"')}""",
    # one row: a deal likewise, by the day it was signed, or opened while it is not
    f"""UPDATE pipeline_deal d SET base_amount = {base_sql("d.amount", "d.currency", DEAL_DAY)}
        WHERE d.currency = %s
          AND d.base_amount IS DISTINCT FROM {base_sql("d.amount", "d.currency", DEAL_DAY)}""",
    # one row: what was received, by the day on which it was
    f"""UPDATE pipeline_receipt r SET base_amount = {base_sql("r.amount", "r.currency", 'r."on"')}
        WHERE r.currency = %s
          AND r.base_amount IS DISTINCT FROM {base_sql("r.amount", "r.currency", 'r."on"')}""",
)


def rebase(currency):
    """Work out anew what is in `currency`, after a rate of it changed. Returns how many amounts changed."""
    base, changed = organisation.current().currency, 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in REBASE:
            cursor.execute(statement, [base, currency, base])
            changed += cursor.rowcount
    return changed
