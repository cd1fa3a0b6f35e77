"""Reception at the desk: whoever takes an enquiry has it while working on it, so that no two answer the same one.

Nobody owns a lead by it: routing does not look at it. `desk_since` is when the holder last did something.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from leads.models import Lead
from pipeline.stages import Stage
from ui import formats

IDLE = timedelta(minutes=30)  # after that long without work it is anybody's again
AT_DESK = (Stage.NEW, Stage.MQL, Stage.NURTURE)


def free_for(user, at):
    """The condition of leads that no colleague of the user works on at the desk."""
    return Q(desk_by=None) | Q(desk_by=user) | Q(desk_since__lte=at - IDLE)


def held(at):
    """The condition of leads that somebody works on at the desk."""
    return Q(desk_by__isnull=False, desk_since__gt=at - IDLE, stage__in=AT_DESK)


def take(lead_id, *, by, at) -> bool:
    """Take a lead at the desk, or go on having it; False where a colleague has it, or it has left the desk."""
    free = Lead.objects.filter(free_for(by, at), pk=lead_id, stage__in=AT_DESK)
    return bool(free.update(desk_by=by, desk_since=at))


def free(lead_id, *, by) -> bool:
    """Give a lead back that one has; False where one has it no more."""
    return bool(Lead.objects.filter(pk=lead_id, desk_by=by).update(desk_by=None, desk_since=None))


def holder(lead, at):
    """Who works on the lead at the desk; None where nobody does."""
    if lead.desk_by_id and lead.desk_since > at - IDLE and lead.stage in AT_DESK:
        return lead.desk_by
    return None


def too_late(lead_id, at) -> str:
    """Why somebody could not take a lead."""
    lead = Lead.objects.select_related("desk_by").get(pk=lead_id)
    if who := holder(lead, at):
        said = _("%(name)s works on it at the desk (%(when)s).")
        return said % {"name": who, "when": formats.ago(lead.desk_since, at)}
    return _("It has left the desk.")
