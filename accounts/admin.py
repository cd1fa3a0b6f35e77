"""The back door: Django's admin over who we are, for administrators."""

from django.contrib import admin

from accounts import models
from accounts.permissions import is_admin


class BackDoor(admin.ModelAdmin):
    """For administrators only. Journals are read, never written; relations are keys, not endless lists."""

    show_full_result_count = False

    def __init__(self, model, site):
        super().__init__(model, site)
        self.raw_id_fields = [one.name for one in model._meta.get_fields() if one.many_to_one or _owned(one)]

    def has_view_permission(self, request, obj=None):
        return is_admin(request.user)

    def has_module_permission(self, request):
        return is_admin(request.user)

    def _may_write(self, request, obj=None):
        return is_admin(request.user) and not getattr(self.model, "journal", False)

    has_change_permission = has_delete_permission = _may_write

    def has_add_permission(self, request):
        return self._may_write(request)


def _owned(field):
    return field.concrete and (field.one_to_one or field.many_to_many) and not field.auto_created


@admin.register(models.User)
class UserDoor(BackDoor):
    list_display = ["full_name", "email", "role", "team", "is_active"]
    list_select_related = ["team"]
    search_fields = ["full_name", "email"]
    exclude = ["password", "groups", "user_permissions"]
    readonly_fields = ["last_login", "left_at"]


@admin.register(models.Organisation)
class OrganisationDoor(BackDoor):
    readonly_fields = ["currency", "site_url"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(models.RepProfile)
class RepDoor(BackDoor):
    list_display = ["user", "kind", "weight", "capacity", "open_n", "accepting"]
    list_select_related = ["user"]
    readonly_fields = ["capacity"]


@admin.register(models.ApiToken)
class TokenDoor(BackDoor):
    list_display = ["name", "user", "prefix", "used_at", "revoked_at"]
    list_select_related = ["user"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


admin.site.register(
    [
        models.Absence,
        models.CalendarDay,
        models.DatedFact,
        models.Reorganisation,
        models.Region,
        models.Segment,
        models.Team,
        models.WorkingCalendar,
    ],
    BackDoor,
)
