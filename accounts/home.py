"""Each role's first page."""

from django.conf import settings
from django.shortcuts import redirect
from django.utils.module_loading import import_string

from accounts.models import Role
from ui.menu import address

FIRST_PAGES = {
    Role.MARKETING: "leads:today",
    Role.SALES: "leads:my-day",
    Role.MANAGER: "reports:dashboard",
    Role.ADMIN: "reports:dashboard",
    Role.FINANCE: "reports:dashboard",
}


def home(request):
    """Send people to where their work begins; an administrator of an empty system to the first run.

    Where that room is closed, to their own account.
    """
    begins, first_run = settings.FIRST_RUN
    if import_string(begins)(request.user):
        return redirect(first_run)
    return redirect(address(FIRST_PAGES.get(request.user.role, "")) or "accounts:profile")
