"""Handoffs: offers, answers and their undo, expiry, and every other way in which a lead changes hands."""

from leads.handoffs.answers import AlreadyAnswered, Refused, accept, contacted, recount, return_lead
from leads.handoffs.changes import finish, offer, own_find, release, set_aside, withdraw
from leads.handoffs.overdue import expire_due, pass_on
from leads.handoffs.protection import extend, extensions_left, warn_due
from leads.handoffs.undoing import undo_return

__all__ = [
    "AlreadyAnswered",
    "Refused",
    "accept",
    "contacted",
    "expire_due",
    "extend",
    "extensions_left",
    "finish",
    "offer",
    "own_find",
    "pass_on",
    "recount",
    "release",
    "return_lead",
    "set_aside",
    "undo_return",
    "warn_due",
    "withdraw",
]
