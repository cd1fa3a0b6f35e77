"""Who sees what of the spine: querysets with `visible_to(user)` and the chainable words of the funnel."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Role
from accounts.visibility import across, colleagues, sees_all, sees_some, sees_spine


class SharedQuerySet(models.QuerySet):
    """What is everybody's: one shared funnel, read by both tracks and by finance."""

    def visible_to(self, user) -> Self:
        return self if sees_spine(user) else self.none()


class CampaignQuerySet(SharedQuerySet):
    """Campaigns."""


class ReceiptQuerySet(models.QuerySet):
    """Receipts are read by whoever reads their deal."""

    def visible_to(self, user) -> Self:
        """Those of deals that `user` may see."""
        return self.filter(deal__in=across(self, "deal").visible_to(user))


class SpendQuerySet(SharedQuerySet):
    """Spend is read by whoever reads campaigns."""


class MonthCloseQuerySet(SharedQuerySet):
    """Closed months are everybody's who reads the spine."""

    def in_force(self) -> Self:
        """Not taken back."""
        return self.filter(reopening__isnull=True)


class ConsultationQuerySet(SharedQuerySet):
    """What sales was asked before a launch, and said, is everybody's who reads campaigns."""

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class ProductQuerySet(SharedQuerySet):
    """The price list."""


class CompanyQuerySet(SharedQuerySet):
    """Companies are shared by both tracks, so that nobody opens a second one for the same customer."""

    def surviving(self) -> Self:
        """Without the ones that were merged away."""
        return self.filter(merged_into__isnull=True)


class UnitQuerySet(SharedQuerySet):
    """What stands at a company is everybody's to see who sees the company."""

    def in_use(self) -> Self:
        """Not taken out of use."""
        return self.filter(retired_on=None)


class ReadingQuerySet(SharedQuerySet):
    """What was reported of a unit is read by whoever sees the unit."""


class AccountPersonQuerySet(SharedQuerySet):
    """Who works for an account is everybody's to see: whoever turns to the company knows whom to ask."""


class RegistrationQuerySet(SharedQuerySet):
    """Dealers' registrations are everybody's to see: who works with a company should know whom it is promised to."""

    def protecting(self, on) -> Self:
        """In force on a day; what a merge has made a company's claim on itself protects nobody."""
        return self.filter(withdrawn=False, registered_on__lte=on, protected_until__gte=on).exclude(
            dealer=models.F("customer")
        )

    def contested(self, on):
        """Each with `contested`: whether another dealer's claim or a deal of our own stands against it on a day."""
        same = Q(product=None) | Q(product=models.OuterRef("product")) | Q(one_product=None)
        others = RegistrationQuerySet(self.model).protecting(on).filter(customer=models.OuterRef("customer"))
        others = others.exclude(dealer=models.OuterRef("dealer"))
        ours = across(across(self, "customer"), "deals").open().filter(company=models.OuterRef("customer"))
        ours = ours.filter(Q(partner=None) | ~Q(partner=models.OuterRef("dealer")))
        named = {
            "one_product": models.ExpressionWrapper(models.OuterRef("product"), models.BigIntegerField())
        }
        return self.annotate(
            contested=models.Exists(others.annotate(**named).filter(same))
            | models.Exists(ours.annotate(**named).filter(same))
        )


class ContactQuerySet(models.QuerySet):
    """Marketing reads all contacts; a rep those of the leads, deals and accounts that the rep's team works, and of
    accounts in which the rep has a part."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        people = colleagues(user)
        leads, deals = across(self, "leads").visible_to(user), across(self, "deal_contacts")
        return self.filter(
            Q(pk__in=leads.values("contact"))
            | Q(pk__in=deals.filter(deal__owner__in=people).values("contact"))
            | Q(company__sales_owner__in=people)
            | Q(company__in=across(across(self, "company"), "account_people").filter(user=user).values("company"))
        )  # fmt: skip

    def surviving(self) -> Self:
        """Without the ones that were merged away."""
        return self.filter(merged_into__isnull=True)


class DealQuerySet(models.QuerySet):
    """Marketing, finance and the heads read all deals; reps and managers those of their people and of their accounts."""

    def visible_to(self, user) -> Self:
        """Whose company is the account of one's people is read too, whoever sold: who looks after a customer sees what they bought."""
        worked = self.worked_by(user)
        if worked is self or not sees_some(user):
            return worked
        people, every = colleagues(user), self.model._default_manager.order_by()
        accounts = across(self, "company").filter(sales_owner__in=people).order_by()
        owned = every.filter(owner__in=people).values("pk")
        # A union, since an OR over two tables is found by no index.
        return self.filter(pk__in=owned.union(every.filter(company__in=accounts.values("pk")).values("pk")))

    def worked_by(self, user) -> Self:
        """What figures count for `user`: everybody's for who reads all, else what the own people own."""
        if sees_all(user) or (user.is_active and user.role == Role.FINANCE):
            return self
        return self.filter(owner__in=colleagues(user)) if sees_some(user) else self.none()

    def shown_to(self, user) -> Self:
        """Those that figures count for `user`, and what cancels a part of them."""
        seen = self.worked_by(user)
        if seen is self:
            return self
        return self.filter(Q(pk__in=seen.values("pk")) | Q(cancels__in=seen.values("pk")))

    def cancellations(self) -> Self:
        """What takes back a part of a deal that was won, or all of it."""
        return self.filter(cancels__isnull=False)

    def open(self) -> Self:
        return self.filter(outcome="open")

    def won(self) -> Self:
        return self.filter(outcome="won")

    def lost(self) -> Self:
        return self.filter(outcome="lost")

    def told(self) -> Self:
        """Read no wider than the card of a company or contact tells them, with the names of stage and owner."""
        own = ("name", "kind", "amount", "currency", "base_amount", "outcome", "owner_text")
        named = ("stage__name", "owner__full_name", "owner__email")
        return self.select_related("stage", "owner").only(*own, *named)


class StepQuerySet(models.QuerySet):
    """Marketing, heads and admin see every step; reps and managers those of their people, and what they planned for others."""

    def visible_to(self, user) -> Self:
        if sees_all(user):
            return self
        if not sees_some(user):
            return self.none()
        return self.filter(Q(owner__in=colleagues(user)) | Q(planned_by=user))

    def open(self) -> Self:
        """Still to be done."""
        return self.filter(done_at__isnull=True)

    def told(self) -> Self:
        """Read no wider than the card of a company or contact tells them, with the name of who does them."""
        own = ("what", "due_at", "done_at", "planned_by")
        return self.select_related("owner").only(*own, "owner__full_name", "owner__email")


class AttachmentQuerySet(models.QuerySet):
    """A file is seen by whoever sees the deal, contact or company that it hangs on."""

    def visible_to(self, user) -> Self:
        seen = Q()
        for name in ("deal", "contact", "company"):
            seen |= Q(**{f"{name}__in": across(self, name).visible_to(user).values("pk")})
        return self.filter(seen)


class StatementQuerySet(SharedQuerySet):
    """The message house is everybody's who reads the spine."""

    def with_signatures(self):
        """Each with `signed`: how many of the two heads have signed."""
        return self.annotate(signed=models.Count("signatures"))

    def approved(self, day) -> Self:
        """Signed by both heads, not retired, and not past the last day."""
        return self.with_signatures().filter(Q(until=None) | Q(until__gte=day), signed=2, retired_at=None)

    def waiting(self) -> Self:
        """Proposed, and a head's signature missing."""
        return self.with_signatures().filter(signed__lt=2, retired_at=None)
