"""Who sees which leads, and the chainable words of the desk."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Role
from accounts.visibility import across, colleagues, sees_all, sees_some, sees_spine
from leads.because import SLIPS
from pipeline.models import Outcome


class LeadQuerySet(models.QuerySet):
    """Marketing, heads and admin see all; a rep the own ones, the pool and the team's; a manager their teams'.

    An offer shows the lead to the rep and the team before anybody owns it.
    """

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        people = colleagues(user)
        handoffs = across(self, "handoffs").open()
        return self.filter(
            Q(owner__in=people)
            | Q(pooled_at__isnull=False)
            | Q(pk__in=handoffs.filter(rep__in=people).values("lead"))
        )

    def counted(self) -> Self:
        """What figures count: not merged away, not a test, not spam."""
        return self.filter(merged_into__isnull=True, is_test=False).exclude(disqualified_because="spam")

    def running(self) -> Self:
        """Open passes."""
        return self.filter(ended_at__isnull=True)

    def in_pool(self) -> Self:
        return self.filter(pooled_at__isnull=False)


class TouchQuerySet(models.QuerySet):
    """A touch is seen by whoever sees its contact."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        contacts = across(self, "contact").visible_to(user)
        return self.filter(contact__in=contacts.values("pk"))


class HandoffQuerySet(models.QuerySet):
    """A handoff is seen by its rep, by colleagues, and by whoever sees all."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        return self.filter(rep__in=colleagues(user))

    def open(self) -> Self:
        """Offered or accepted, and still in the rep's hands."""
        return self.filter(ended_at__isnull=True)

    def offered(self) -> Self:
        """Waiting for an answer."""
        return self.filter(ended_at__isnull=True, accepted_at__isnull=True)

    def but_for_slips(self) -> Self:
        """Without offers that were taken away again with somebody else's slip, which brought them (`ownership.SLIP`)."""
        return self.exclude(end="released", accepted_at__isnull=True, note__in=SLIPS)


class BookMoveQuerySet(models.QuerySet):
    """Books handed over are the business of those who lead the rep, and of the colleagues of the team."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        return self.filter(rep__in=colleagues(user)) if sees_some(user) else self.none()


class ImportQuerySet(models.QuerySet):
    """Imports are marketing's and the heads' to see; a manager sees the own ones."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if user.is_active and user.role == Role.MANAGER:
            return self.filter(by=user)
        return self.none()


class WebFormQuerySet(models.QuerySet):
    """Capture forms are seen by whoever sees campaigns."""

    def visible_to(self, user) -> Self:
        return self if sees_spine(user) else self.none()


class SubmissionQuerySet(models.QuerySet):
    """What strangers sent is marketing's and the heads' to look at."""

    def visible_to(self, user) -> Self:
        return self if sees_all(user) else self.none()

    def held(self) -> Self:
        """Waiting for somebody to release or drop it."""
        return self.filter(state="held")

    def with_before(self) -> Self:
        """Each with `before`: how many posts came from its address, to any form, within the hour before it."""
        others = self.model._default_manager.filter(address=OuterRef("address")).exclude(pk=OuterRef("pk"))
        hour = others.filter(at__gt=OuterRef("at") - timedelta(hours=1), at__lte=OuterRef("at"))
        counted = hour.order_by().values("address").annotate(n=Count("pk")).values("n")
        return self.annotate(before=Coalesce(Subquery(counted), 0))


class MergeQuerySet(models.QuerySet):
    """Merges are seen by whoever sees every contact: marketing, the heads and administrators."""

    def visible_to(self, user) -> Self:
        return self if sees_all(user) else self.none()

    def in_force(self) -> Self:
        """Merges that nobody has undone, without the undoings themselves."""
        return self.filter(undoes=None, undone=None)


class LinkQuerySet(models.QuerySet):
    """Tracking links are seen by whoever sees campaigns."""

    def visible_to(self, user) -> Self:
        return self if sees_spine(user) else self.none()


class DuplicateQuerySet(models.QuerySet):
    """Likely duplicates are for those who may merge: marketing, the heads and administrators."""

    def visible_to(self, user) -> Self:
        return self if sees_all(user) else self.none()

    def to_look_at(self) -> Self:
        """Neither dismissed nor settled by a merge."""
        return self.filter(dismissed_at=None)


class ScoreQuerySet(models.QuerySet):
    """Scorecards are read by everybody who works with grades."""

    def visible_to(self, user) -> Self:
        return self if user.has_perm("leads.view_scoring") else self.none()


class AgreedQuerySet(models.QuerySet):
    """What stands beside the agreement is read by everybody who works under it."""

    def visible_to(self, user) -> Self:
        return self if user.has_perm("leads.view_agreement") else self.none()


class RoutingQuerySet(models.QuerySet):
    """Rules of routing are read by whoever answers for reps."""

    def visible_to(self, user) -> Self:
        return self if user.has_perm("leads.view_routing") else self.none()


class RecipeQuerySet(models.QuerySet):
    """Campaign templates are seen by whoever sees campaigns."""

    def visible_to(self, user) -> Self:
        return self if sees_spine(user) else self.none()


class CounselQuerySet(models.QuerySet):
    """Counsel is seen by whoever sees the lead, deal or company that it is about, and by whoever is asked for it."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        leads, deals = across(self, "lead").visible_to(user), across(self, "deal").visible_to(user)
        firms = across(self, "company").visible_to(user)
        seen = Q(lead__in=leads.values("pk")) | Q(deal__in=deals.values("pk"))
        return self.filter(Q(adviser=user) | seen | Q(company__in=firms.values("pk")))


class ObstacleQuerySet(models.QuerySet):
    """Obstacles are seen by whoever sees the lead or deal that they stopped, and by who wrote them down or is to answer."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        leads, deals = across(self, "lead").visible_to(user), across(self, "deal").visible_to(user)
        mine = Q(by=user) | Q(asked=user)
        return self.filter(mine | Q(lead__in=leads.values("pk")) | Q(deal__in=deals.values("pk")))

    def counted(self) -> Self:
        """What figures count: of deals, and of leads that count, or that were merged into such."""
        leads = across(self, "lead").counted().values("pk")
        return self.filter(Q(lead=None) | Q(lead__in=leads) | Q(lead__merged_into__in=leads))


TOLD = Q(told_at__isnull=False, deal__outcome=Outcome.WON)


class StoryQuerySet(models.QuerySet):
    """Win stories are everybody's who works with leads; one that is only asked for, or whose deal is won no more, is its
    winner's and of who sees the deal."""

    def told(self) -> Self:
        """Those that can be read: told, and of a deal that is won still."""
        return self.filter(TOLD)

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        deals = across(self, "deal").visible_to(user)
        return self.filter(TOLD | Q(winner=user) | Q(deal__in=deals.values("pk")))


class DisputeQuerySet(models.QuerySet):
    """A disputed return is seen by whoever sees its handoff."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        return self.filter(handoff__rep__in=colleagues(user))

    def waiting(self) -> Self:
        """Not decided yet."""
        return self.filter(decided_at=None)


class CaseQuerySet(models.QuerySet):
    """A dispute is seen by colleagues of whoever opened it, of whose it is about, and of whom it is asked for."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        people = colleagues(user)
        return self.filter(Q(opened_by__in=people) | Q(holder__in=people) | Q(claimant__in=people))

    def waiting(self) -> Self:
        """Not decided yet."""
        return self.filter(decided_at=None)


class LiveAudienceQuerySet(models.QuerySet):
    """Audiences are everybody's who works with leads; whom of their people somebody sees is another question."""

    def visible_to(self, user) -> Self:
        return self if user.has_perm("leads.view_audience") else self.none()


class UsageSignQuerySet(models.QuerySet):
    """What the use of a unit says is everybody's to see who sees the unit."""

    def visible_to(self, user) -> Self:
        return self if sees_spine(user) else self.none()

    def open(self) -> Self:
        """Still so, at a unit in use."""
        return self.filter(ended_at=None, unit__retired_on=None)
