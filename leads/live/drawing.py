"""From a living audience to the lot of a campaign: whoever belongs now is drawn, and stays."""

from leads import audiences
from leads.live.conditions import members
from leads.models import Audience

HELD = 10  # percent


def use(asked, campaign, held_percent, by, at):
    """Draw whoever meets the conditions `asked` now into the lot of a campaign; returns how many came new.

    Where the campaign has a lot already its share stays, and so does the lot of whoever is there.
    """
    begin = {"held_percent": HELD if held_percent is None else held_percent, "created_by": by}
    lot, _new = Audience.objects.get_or_create(campaign=campaign, defaults=begin)
    contacts = members(asked, at).order_by().values_list("contact", flat=True)
    return audiences.draw(lot, audiences.wish(contacts=contacts), at)
