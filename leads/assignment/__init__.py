"""Routing: ready leads find their rep by account, by rule and by fair shares, each exactly once.

One lock for the organisation, taken in a statement of its own, makes the runs follow each other.
"""

from leads.assignment.removing import remove
from leads.assignment.routing import Placed, assign_due, simulate, simulate_due
from leads.assignment.trying import Trial, foretold, tried
from leads.assignment.waiting import look_again
from leads.assignment.weighed import weighed

__all__ = [
    "Placed",
    "Trial",
    "assign_due",
    "foretold",
    "look_again",
    "remove",
    "simulate",
    "simulate_due",
    "tried",
    "weighed",
]
