"""Notices: in the page, by mail and by robot. What leaves the house passes through strange hands, so it names nobody."""

from leads.notices.books import gone_back, handed
from leads.notices.choices import choose, chosen
from leads.notices.disputes import argued, disputed
from leads.notices.expiring import expired, stood_in, warn_due
from leads.notices.holidays import remind_due
from leads.notices.offers import answered, offered
from leads.notices.protection import fading
from leads.notices.sending import announce
from leads.notices.voice import tell_voice_due

__all__ = [
    "announce",
    "answered",
    "argued",
    "choose",
    "chosen",
    "disputed",
    "expired",
    "fading",
    "gone_back",
    "handed",
    "offered",
    "remind_due",
    "stood_in",
    "tell_voice_due",
    "warn_due",
]
