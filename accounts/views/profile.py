"""The own account."""

from django.shortcuts import render


def profile(request):
    """Name, language and time zone; password; access tokens."""
    return render(request, "accounts/profile.html")
