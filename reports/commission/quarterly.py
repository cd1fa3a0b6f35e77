"""The quarters of the common commission one by one, for both heads; and what one person got of each."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.commission.telling import page_of, quarter_name, share
from ui.tables import Column, Table

QUARTERS = [
    Column("quarter", gettext_lazy("Quarter"), href="href"),
    Column("state", gettext_lazy("State"), "pill", note="note"),
    Column("margin", gettext_lazy("Incremental margin"), "money", href="href"),
    Column("earned", gettext_lazy("Earned"), "money", href="href"),
    Column("corrected", gettext_lazy("Corrections"), "money", href="href"),
    Column("paid", gettext_lazy("Paid"), "money", href="href"),
]
OWN = [
    Column("quarter", gettext_lazy("Quarter")),
    Column("share", gettext_lazy("Share")),
    Column("amount", gettext_lazy("Amount"), "money"),
]


def quarters(kept, today, currency) -> Table:
    """Every quarter that a plan covers, the latest first."""
    rows = [
        _quarter(kept, day, today, currency) for day in sorted({*kept.planned, *kept.settled}, reverse=True)
    ]
    return Table(rows, QUARTERS, _("Statements"), cards=True)


def _quarter(kept, day, today, currency):
    row = kept.settled.get(day)
    begun = day <= today
    told = {name: row and row[name] for name in ("margin", "earned", "corrected", "paid")}
    return {
        "quarter": quarter_name(day),
        "href": page_of(day) if begun else "",
        "state": _("settled") if row else _("live") if begun else _("to come"),
        "tone": "ok" if row else "info" if begun else "",
        "note": row["settled_by__full_name"] if row else "",
        "currency": row["currency"] if row else currency,
        **told,
    }


def own(rows) -> Table:
    """What one person got, by quarter (rows of `keeping.own`)."""
    told = [
        {
            "quarter": quarter_name(row["statement__first"]),
            "share": share(row["percent"], row["people"]),
            "amount": row["amount"],
            "currency": row["statement__currency"],
        }
        for row in rows
    ]
    return Table(told, OWN, _("Your share"), cards=True, empty=_("No quarter is settled yet."))
