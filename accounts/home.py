"""Each role's first page."""

from django.shortcuts import redirect

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
    """Send people to where their work begins; where that room is closed, to their own account."""
    return redirect(address(FIRST_PAGES.get(request.user.role, "")) or "accounts:profile")
