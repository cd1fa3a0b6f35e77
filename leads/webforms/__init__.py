"""Capture forms: asking, receiving, and looking again at what seemed suspicious."""

from leads.webforms.receiving import Refused, TooMany, drop, receive, release, restore

__all__ = ["Refused", "TooMany", "drop", "receive", "release", "restore"]
