"""Capture: somebody came to us. Known again by identities, once however often they come; and touches logged by hand."""

from leads.capture.arrival import capture
from leads.capture.beside import noted
from leads.capture.finding import IdentityConflict, Raced, Suppressed
from leads.capture.person import Captured, Consent
from leads.capture.touches import log_touch

__all__ = ["Captured", "Consent", "IdentityConflict", "Raced", "Suppressed", "capture", "log_touch", "noted"]
