"""Signing in and out."""

from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import demo_logins
from accounts.forms.sign_in import SignInForm
from engine.outages import ANOTHER_ROLE
from ui.offline import UNSENT
from ui.responses import invalid

BACKEND = "accounts.backends.PasswordBackend"


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def login(request):
    """Sign in by e-mail and password; on the machine of a demo, by one click."""
    target = _target(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request, data=request.POST or None)
    context = {
        "form": form,
        "next": target,
        "unsent": target.endswith(UNSENT),
        "demo_people": demo_logins.offered(request),
    }
    if request.method != "POST":
        return render(request, "accounts/login.html", context)
    if not form.is_valid():
        return invalid(request, "accounts/login.html", context)
    auth.login(request, form.get_user())
    return HttpResponseRedirect(target)


@require_POST
@never_cache
@login_not_required
def demo_login(request):
    """Sign in as one of the people that the demo offers here."""
    person = {str(person.pk): person for person in demo_logins.offered(request)}.get(
        request.POST.get("person")
    )
    if person is None:
        raise Http404
    auth.login(request, person, backend=BACKEND)
    return HttpResponseRedirect(_target(request))


@require_POST
def logout(request):
    """Sign out; nothing of the session stays."""
    auth.logout(request)
    return redirect("accounts:login")


@login_not_required
def back_door(request):
    """Django's admin has no sign-in of its own: strangers come through ours, others have no business there."""
    if request.user.is_authenticated:
        raise PermissionDenied(ANOTHER_ROLE)
    return redirect_to_login(request.GET.get("next", "/admin/"))


def _target(request):
    """Where to go after signing in: never to a stranger's address."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else resolve_url("home")
