"""Who sees what of the spine: querysets with `visible_to(user)` and the chainable words of the funnel."""

from django.db import models
from django.db.models import Q

from accounts.models import Role
from accounts.visibility import colleagues, sees_all, sees_some

SPINE_READERS = {Role.MARKETING, Role.SALES, Role.MANAGER, Role.ADMIN, Role.FINANCE}


class CampaignQuerySet(models.QuerySet):
    """Campaigns are everybody's: one shared funnel."""

    def visible_to(self, user):
        return self if user.is_active and (user.role in SPINE_READERS or user.head_of) else self.none()


class SpendQuerySet(models.QuerySet):
    """Spend is read by whoever reads campaigns."""

    def visible_to(self, user):
        return self if user.is_active and (user.role in SPINE_READERS or user.head_of) else self.none()


class ProductQuerySet(models.QuerySet):
    """Products and prices are read by both tracks (capability 92)."""

    def visible_to(self, user):
        return self if user.is_active and (user.role in SPINE_READERS or user.head_of) else self.none()


class CompanyQuerySet(models.QuerySet):
    """Companies are shared by both tracks, so that nobody opens a second one for the same customer."""

    def visible_to(self, user):
        return self if user.is_active and (user.role in SPINE_READERS or user.head_of) else self.none()

    def surviving(self):
        """Without the ones that were merged away."""
        return self.filter(merged_into__isnull=True)


class ContactQuerySet(models.QuerySet):
    """Marketing reads all contacts; a rep those of the leads, deals and accounts that the rep's team works."""

    def visible_to(self, user):
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        people = colleagues(user)
        leads = self.model._meta.get_field("leads").related_model.objects
        return self.filter(
            Q(pk__in=leads.filter(Q(owner__in=people) | Q(pooled_at__isnull=False)).values("contact"))
            | Q(deals__owner__in=people)
            | Q(company__sales_owner__in=people)
        ).distinct()

    def surviving(self):
        """Without the ones that were merged away."""
        return self.filter(merged_into__isnull=True)


class DealQuerySet(models.QuerySet):
    """Marketing, finance and the heads read all deals; reps and managers those of their people."""

    def visible_to(self, user):
        if sees_all(user) or (user.is_active and user.role == Role.FINANCE):
            return self
        if not sees_some(user):
            return self.none()
        return self.filter(owner__in=colleagues(user))

    def open(self):
        return self.filter(outcome="open")

    def won(self):
        return self.filter(outcome="won")
