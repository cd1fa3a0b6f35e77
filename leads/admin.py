"""The back door over leads. What only a verb changes, and every journal, is read only here."""

from django.contrib import admin

from accounts.admin import BackDoor
from leads import models


class ReadDoor(BackDoor):
    """Looked at, never written: the funnel's own functions write it."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(models.Lead)
class LeadDoor(ReadDoor):
    list_display = ["contact", "stage", "grade", "channel", "owner", "captured_at"]
    list_select_related = ["contact", "owner"]
    search_fields = ["contact__full_name"]
    list_filter = ["stage", "channel"]


@admin.register(models.Handoff)
class HandoffDoor(ReadDoor):
    list_display = ["lead", "rep", "kind", "grade", "offered_at", "accepted_at", "end"]
    list_select_related = ["lead__contact", "rep"]


@admin.register(models.Touch)
class TouchDoor(ReadDoor):
    list_display = ["contact", "kind", "channel", "at"]
    list_select_related = ["contact"]


@admin.register(models.ImportRun)
class ImportDoor(ReadDoor):
    list_display = ["file_name", "kind", "state", "by"]
    list_select_related = ["by"]


@admin.register(models.Agreement)
class AgreementDoor(ReadDoor):
    """A version changes on its own page, and only until it is signed."""

    list_display = ["version", "fit_floor", "engagement_floor", "created_at"]


admin.site.register(
    [
        models.AgreementSignature,
        models.AssignmentRun,
        models.BookMove,
        models.Case,
        models.CaseRuling,
        models.Dispute,
        models.AudienceMember,
        models.ImportReject,
        models.LeadMove,
        models.LeadScore,
        models.RuleTurn,
        models.Ruling,
        models.ScoreModel,
        models.ScoreRule,
        models.SignalVerdict,
        models.Suggestion,
        models.TouchWeight,
    ],
    ReadDoor,
)
admin.site.register(
    [
        models.AssignmentRule,
        models.Audience,
        models.HandoverRule,
        models.Mapping,
        models.Question,
        models.ReturnReason,
    ],
    BackDoor,
)
