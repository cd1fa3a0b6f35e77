"""Moments: what somebody of ours did that matters, found by rules, told to whoever looks after them."""

from leads.moments.cards import cards, of
from leads.moments.closing import close
from leads.moments.detecting import detect_due

__all__ = ["cards", "close", "detect_due", "of"]
