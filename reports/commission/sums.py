"""The arithmetic of a commission, to the cent: what counts, what it earns, what is taken back, and who gets what."""

from decimal import ROUND_HALF_UP, Decimal

from reports.attribution.shares import apportion
from reports.commission.measuring import LOT

CENT = Decimal("0.01")
ZERO = Decimal()


def cents(amount) -> Decimal:
    """An amount rounded to the cent, half away from nothing."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def against(terms, kind, effect):
    """Why an Effect brings nothing under the terms of a plan: "unknown", "weaker", "unproven", or "" where it counts."""
    if effect is None:
        return "unknown"
    if kind != LOT and not terms.baselines:
        return "weaker"
    return "" if terms.unproven or effect.low > 0 else "unproven"


def counted(terms, kind, effect) -> Decimal:
    """What an Effect brings to the margin of a quarter."""
    return ZERO if against(terms, kind, effect) else cents(effect.estimate)


def uncapped(terms, margin) -> Decimal:
    """max(0, margin) × rate."""
    return cents(max(margin, ZERO) * terms.rate / 100)


def earned(terms, margin) -> Decimal:
    """What a margin earns: at most the cap."""
    whole = uncapped(terms, margin)
    return whole if terms.cap is None else min(whole, cents(terms.cap))


def settled(due):
    """(what is paid of a sum that is due, what is carried on: never above 0)."""
    return max(due, ZERO), min(due, ZERO)


def shared(amount, percents):
    """An amount cut to the cent by percents (None: equal shares), by largest remainder."""
    weights = [1 if percent is None else percent for percent in percents]
    return (
        [(Decimal(part) / 100).quantize(CENT) for part in apportion(int(amount * 100), weights)]
        if weights
        else []
    )
