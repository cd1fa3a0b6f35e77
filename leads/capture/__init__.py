"""Capture: somebody came to us. Known again by identities, once however often they come; and touches logged by hand."""

from leads.capture.arrival import capture
from leads.capture.beside import noted
from leads.capture.finding import IdentityConflict, Raced, Suppressed
from leads.capture.person import Captured, Consent
from leads.capture.taps import keep
from leads.capture.touches import log_touch
from leads.capture.undoing import take_back

__all__ = [
    "Captured",
    "Consent",
    "IdentityConflict",
    "Raced",
    "Suppressed",
    "capture",
    "keep",
    "log_touch",
    "noted",
    "take_back",
]
