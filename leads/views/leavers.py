"""Somebody leaves: access ends, and what was in their hands goes on."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import people
from accounts.doors import requires
from accounts.models import User
from leads import handoffs
from ui.htmx import redirect


@require_POST
@requires("leads.release_person")
def release_person(request, pk):
    """End a person's access and route their leads anew, both or neither."""
    leaver, at = get_object_or_404(User, pk=pk), timezone.now()
    try:
        with transaction.atomic():
            people.deactivate(leaver, at)
            released = handoffs.release(leaver, by=request.user, at=at)
    except people.LastAdministrator:
        messages.error(request, _("At least one administrator must stay."))
        return redirect(request, "accounts:person", pk)
    said = ngettext(
        "%(person)s may no longer sign in; %(n)d lead goes on to others.",
        "%(person)s may no longer sign in; %(n)d leads go on to others.",
        released,
    )
    messages.success(request, said % {"person": leaver, "n": released})
    return redirect(request, "accounts:person", pk)
