"""Taking back what one call of the REST API logged, as the pages offer it after one tap."""

from django.utils import timezone

from engine.refusals import Conflict
from leads import capture, handoffs
from leads.models import Tap


def take_back(request, **did):
    """Take back the caller's own last tap that did this. Raises Conflict where it is too late, or was not the caller's."""
    kept = Tap.objects.filter(by=request.user, **did).order_by("-at").values_list("pk", flat=True).first()
    try:
        capture.take_back(kept, by=request.user, at=timezone.now())
    except handoffs.Refused as refusal:
        raise Conflict(str(refusal)) from None
