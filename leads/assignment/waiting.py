"""Leads that wait in line for a free rep: looked at again as soon as what decides about them has changed."""

from engine.hints import hint
from leads.models import Lead


def look_again(lead_ids, at):
    """Route those of the leads that wait in line now, and not when their line comes round. Returns how many."""
    found = Lead.objects.filter(pk__in=lead_ids, route_at__gt=at).update(route_at=at)
    if found:
        hint("leads.tasks.assign")
    return found
