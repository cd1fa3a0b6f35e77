"""Notices: in the page, by mail and by robot. What leaves the house passes through strange hands, so it names nobody."""

from leads.notices.books import handed
from leads.notices.offers import offered
from leads.notices.sending import announce

__all__ = ["announce", "handed", "offered"]
