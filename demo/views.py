"""Asking for the demo from the first run, and watching it come."""

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from accounts import organisation
from accounts.doors import requires
from demo import wishes
from demo.models import Demo, DemoWish
from demo.world import CODES
from ui.htmx import render_part

LANGUAGES = {code: name for name, code in CODES.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.change_organisation")
def wish(request):
    """POST asks for the demo (`remove`: for its end); GET shows how far it is."""
    if request.method == "POST":
        language = LANGUAGES.get(get_language(), "en")
        wishes.ask(at=timezone.now(), language=language, remove="remove" in request.POST)
        return redirect("demo:wish")
    found = DemoWish.objects.first()
    organisation.forget()
    context = {"wish": found, "there": Demo.objects.exists()}
    if found:
        context["words"] = wishes.STAGES.get(found.stage, "")
        context["progress"] = wishes.progress(found, timezone.now())
    return render_part(request, "demo/wish.html", "progress", context)
