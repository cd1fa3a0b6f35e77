"""Routing: ready leads find their rep by account, by rule and by fair shares, each exactly once.

One lock for the organisation, taken in a statement of its own, makes the runs follow each other.
"""

from leads.assignment.routing import Placed, assign_due, simulate, simulate_due

__all__ = ["Placed", "assign_due", "simulate", "simulate_due"]
