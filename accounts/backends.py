"""Signing in by e-mail and password. What somebody may do is said by rules, never by rows of permissions."""

from django.contrib.auth.backends import ModelBackend


class PasswordBackend(ModelBackend):
    """Knows passwords; a user who may no longer sign in is nobody, whatever the session says."""

    def get_all_permissions(self, user_obj, obj=None):
        return set()

    get_user_permissions = get_group_permissions = get_all_permissions

    def has_module_perms(self, user_obj, app_label):
        return False
