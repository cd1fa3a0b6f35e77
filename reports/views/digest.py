"""The digest as it would be mailed now."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import digests


@require_safe
@requires("reports.view_report")
def digest(request):
    """The reader's own digest."""
    return render(request, "reports/digest.html", {"digest": digests.digest(request.user, timezone.now())})
