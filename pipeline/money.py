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

    The same answer as `rate()`; both arguments are SQL expressions of ours, never input, in which no table may be called
    `day_rate`. One parameter: the report currency.
    """
    return f"""(CASE WHEN {currency} = %s THEN 1 ELSE coalesce(
        (SELECT day_rate.rate FROM pipeline_exchangerate day_rate
         WHERE day_rate.currency = {currency} AND day_rate."on" <= {on} ORDER BY day_rate."on" DESC LIMIT 1),
        (SELECT day_rate.rate FROM pipeline_exchangerate day_rate
         WHERE day_rate.currency = {currency} ORDER BY day_rate."on" LIMIT 1)) END)"""


def base_sql(amount, currency, on) -> str:
    """SQL for `to_base` over columns: NUMERIC(18,4), null where no rate is known. Parameter as in `rate_sql`."""
    return f"round({amount} * {rate_sql(currency, on)}, 4)::numeric(18,4)"


# {table: the day (of its row `t`) by whose rate its amounts are converted}; an open deal goes by the day it was opened.
CONVERTED = {
    "pipeline_spend": 't."on"',
    "pipeline_deal": """coalesce(t.signed_on,
        (t.opened_at AT TIME ZONE (SELECT zone FROM accounts_organisation LIMIT 1))::date)""",
    "pipeline_receipt": 't."on"',
    "pipeline_salescost": 't."on"',
}


def base_of(table):
    """SQL for what `base_amount` of the row `t` of a table of CONVERTED has to be. Parameter as in `rate_sql`."""
    return base_sql("t.amount", "t.currency", CONVERTED[table])


# one row: an amount in the report currency that follows from another rate than that of its day
REBASE = tuple(
    f"""UPDATE {table} t SET base_amount = {base_of(table)}
        WHERE t.currency = %s AND t.base_amount IS DISTINCT FROM {base_of(table)}"""
    for table in CONVERTED
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
