"""The structure changes with the goals: what was so of people, teams, rules and accounts when, and what is planned."""

from accounts.dated.facts import Fact
from accounts.dated.keeping import NotPlanned, follow, forget, leave_out, note, put_in_force
from accounts.dated.looking import Stretch, key, stretches, tell, values
from accounts.dated.registry import facts, of_subject

__all__ = [
    "Fact",
    "NotPlanned",
    "Stretch",
    "facts",
    "follow",
    "forget",
    "key",
    "leave_out",
    "note",
    "of_subject",
    "put_in_force",
    "stretches",
    "tell",
    "values",
]
