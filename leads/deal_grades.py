"""The grade of a deal is that of the lead that led to it: as sales accepted it, and now (capability 3).

Of several leads the first one's. A deal without a lead has none; a renewal is a customer's.
"""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from leads import grading
from leads.models import Handoff, Lead
from leads.models.handoffs import HandoffKind
from pipeline.models import DealKind


@dataclass(frozen=True)
class Graded:
    """The grade with which the lead was accepted ("" where none was noted), and the one it has now."""

    accepted: str
    now: str


def of(deal_ids, at):
    """{deal id: Graded} of the deals that a lead led to, in one statement."""
    leads = Lead.objects.filter(deal__in=list(deal_ids), merged_into=None)
    taken = Handoff.objects.filter(lead=OuterRef("pk"), accepted_at__isnull=False).exclude(
        kind=HandoffKind.FARMER
    )
    accepted = Subquery(taken.order_by("accepted_at", "pk").values("grade")[:1])
    rows = grading.graded(leads, at, cell=False).annotate(accepted=accepted).order_by("-pk")
    found = rows.values_list("deal", "accepted", "grade_now")
    return {deal: Graded(before or "", now) for deal, before, now in found}


def graded_as(deals, grade, at):
    """The deals whose grade is this one now."""
    first = grading.graded(Lead.objects.filter(deal=OuterRef("pk"), merged_into=None), at, cell=False)
    return deals.annotate(grade_of_lead=Subquery(first.order_by("pk").values("grade_now")[:1])).filter(
        grade_of_lead=grade
    )


def is_customers(kind, graded):
    """Whether a customer's renewal stands for the grade that it has not."""
    return graded is None and kind == DealKind.RENEWAL
