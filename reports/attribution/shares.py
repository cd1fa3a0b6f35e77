"""Cutting a whole into parts that sum to it exactly."""

from fractions import Fraction


def apportion(whole, weights):
    """Cut a whole number of cents by weights (not negative, one at least above 0) by largest remainder.

    Each part is its share rounded down; what is left over goes to the largest remainders, the earlier one first. A
    negative whole is cut like its opposite.
    """
    weights = [Fraction(weight) for weight in weights]
    total, size = sum(weights), abs(whole)
    exact = [size * weight / total for weight in weights]
    parts = [int(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: size - sum(parts)]:
        parts[i] += 1
    return parts if whole >= 0 else [-part for part in parts]
