"""With whom sales is talking: left out of marketing's lists, unless the campaign's owner includes them with a reason.

Sales talks with a person whose lead a rep has accepted and holds, and with everybody of a company that has an open deal,
opened or worked on within the agreed days.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from accounts.models import Track
from leads import terms
from leads.models import Handoff, Inclusion, Touch
from pipeline.models import Deal


def with_sales(at):
    """The condition on contacts that sales is talking with them at the moment `at`."""
    days = terms.in_force().talk_days
    if not days:
        return Q(pk__in=[])
    since = at - timedelta(days=days)
    held = Handoff.objects.filter(
        lead__contact=OuterRef("pk"),
        accepted_at__isnull=False,
        ended_at__isnull=True,
        lead__ended_at__isnull=True,
    )
    spoken = Touch.objects.filter(
        contact__company=OuterRef("company"), track=Track.SALES, automatic=False, at__gt=since, at__lte=at
    )
    deals = Deal.objects.open().filter(company=OuterRef("company"))
    fresh = deals.filter(Q(opened_at__gt=since) | Exists(spoken))
    return Q(Exists(held)) | Q(Exists(fresh))


def included(campaign):
    """The newest word on including them in a campaign: an Inclusion with a reason, or None."""
    last = Inclusion.objects.filter(campaign=campaign).order_by("-at", "-pk").select_related("by").first()
    return last if last and last.reason else None


def include(campaign, reason, by, at):
    """Include them from now on, with a reason; without one leave them out again."""
    return Inclusion.objects.create(campaign=campaign, reason=reason, by=by, at=at)


def but_for(contacts, campaign, at):
    """`contacts` without those with whom sales is talking, unless the campaign includes them."""
    return contacts if included(campaign) else contacts.exclude(with_sales(at))


def left_out(contacts, campaign, at):
    """Those of `contacts` whom `but_for` leaves out."""
    return contacts.none() if included(campaign) else contacts.filter(with_sales(at))
