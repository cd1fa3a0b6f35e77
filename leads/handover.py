"""The table of where a lead goes, as the engine asks it. Read afresh each time: a dozen rows, and a change counts at once."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads import terms
from leads.models import Destination, Event, HandoverRule, Lead
from leads.models.handover import AGREED, HOURS


def row(event):
    """The row of one Event."""
    return HandoverRule.objects.get(event=event)


def table():
    """{Event: its row}."""
    return {Event(one.event): one for one in HandoverRule.objects.all()}


def for_owners_only(lead_ids):
    """The ids of those leads that the table gives to the owner of their key account and to nobody else."""
    if row(Event.KEY_ACCOUNT).way() != Destination.ACCOUNT_OWNER:
        return frozenset()
    found = Lead.objects.filter(pk__in=list(lead_ids), contact__company__key_account=True)
    return frozenset(found.values_list("pk", flat=True))


def pace(one):
    """How long a row takes, in words: its own hours or days, or the agreed number. Empty where it happens at once."""
    if one.event == Event.UNANSWERED:
        count = terms.in_force().reoffers
        return ngettext("%(n)d further rep, as agreed", "%(n)d further reps, as agreed", count) % {"n": count}
    if one.event in AGREED:
        count = getattr(terms.in_force(), AGREED[one.event])
        return ngettext("%(n)d day, as agreed", "%(n)d days, as agreed", count) % {"n": count}
    if one.event in HOURS:
        said = {"hours": one.after, "best": one.best_after}
        return _("%(hours)d h; grade A %(best)d h") % said
    if one.after:
        return ngettext("%(n)d day", "%(n)d days", one.after) % {"n": one.after}
    return ""
