"""How much of what was agreed for a period is due by today; how an actual stands to that is `ui.standing`."""

from decimal import Decimal


def gone(period, today) -> Decimal:
    """The share of a Period's days that are over, today included."""
    days = (period.until - period.first).days
    return Decimal(max(0, min(days, (today - period.first).days + 1))) / days
