"""The life of a deal, and of the leads that led to it: every change in one transaction, every change written down."""

from leads.closing.cancelling import cancel, take_back
from leads.closing.opening import TALKS, contact_owed, join, open_deal, owes_contact
from leads.closing.outcomes import RenewalAtWork, ended, lose, reopen, win
from leads.closing.people import people_of
from leads.closing.progress import change, change_many, move
from leads.closing.record import Refused, Stopped, leads_of, lock_leads
from leads.closing.renewing import WithRenewal, open_renewal, renew_due
from leads.closing.undoing import undo_close, undoable

__all__ = [
    "TALKS",
    "Refused",
    "RenewalAtWork",
    "Stopped",
    "WithRenewal",
    "cancel",
    "change",
    "change_many",
    "contact_owed",
    "ended",
    "join",
    "leads_of",
    "lock_leads",
    "lose",
    "move",
    "open_deal",
    "open_renewal",
    "owes_contact",
    "people_of",
    "renew_due",
    "reopen",
    "take_back",
    "undo_close",
    "undoable",
    "win",
]
