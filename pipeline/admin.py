"""The back door over the spine. What a verb changes (a deal's stage, its outcome, its money) is read only here."""

from django.contrib import admin

from accounts.admin import BackDoor
from pipeline import models


@admin.register(models.Campaign)
class CampaignDoor(BackDoor):
    list_display = ["name", "code", "status", "channel", "starts_on"]
    search_fields = ["name", "code"]
    list_filter = ["status", "channel"]


@admin.register(models.Company)
class CompanyDoor(BackDoor):
    list_display = ["name", "domain", "is_partner"]
    search_fields = ["name", "domain"]


@admin.register(models.Contact)
class ContactDoor(BackDoor):
    list_display = ["full_name", "company", "country"]
    list_select_related = ["company"]
    search_fields = ["full_name"]


@admin.register(models.Deal)
class DealDoor(BackDoor):
    list_display = ["name", "company", "stage", "outcome", "amount", "currency"]
    list_select_related = ["company", "stage"]
    search_fields = ["name"]
    readonly_fields = [
        "stage", "outcome", "outcome_reason", "closed_at", "signed_on", "opened_at", "amount", "currency", "cost",
    ]  # fmt: skip

    def has_add_permission(self, request):
        return False


@admin.register(models.Spend)
class SpendDoor(BackDoor):
    list_display = ["campaign", "kind", "month", "amount", "currency"]
    list_select_related = ["campaign"]
    readonly_fields = ["amount", "currency", "on"]

    def has_add_permission(self, request):
        return False


@admin.register(models.Receipt)
class ReceiptDoor(BackDoor):
    list_display = ["deal", "on", "amount", "currency"]
    list_select_related = ["deal"]
    readonly_fields = ["deal", "on", "amount", "currency"]

    def has_add_permission(self, request):
        return False


@admin.register(models.DealLine)
class DealLineDoor(BackDoor):
    list_display = ["deal", "product", "quantity", "unit_price"]
    list_select_related = ["deal", "product"]


@admin.register(models.ExchangeRate, models.ProductCost)
class ReadDoor(BackDoor):
    """Changed on their own pages, where what follows from them is worked out anew."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


admin.site.register(
    [
        models.Attachment,
        models.ConsentEvent,
        models.DealChange,
        models.DealContact,
        models.DealRegistration,
        models.DealStage,
        models.Identity,
        models.OutcomeReason,
        models.Product,
        models.Statement,
        models.StatementSignature,
        models.Step,
        models.Suppression,
    ],
    BackDoor,
)
