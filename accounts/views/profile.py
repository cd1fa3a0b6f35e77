"""The own account: name, language and zone; access tokens."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import tokens
from accounts.doors import held, permitted, require, saves
from accounts.forms.people import ProfileForm, TokenForm
from accounts.models import ApiToken, User
from engine.resent import leads_to
from ui.htmx import redirect
from ui.responses import invalid


@saves
def profile(request):
    """Name, language and time zone, and the own tokens."""
    me = held(request, User.objects.get(pk=request.user.pk))
    form = ProfileForm(request.POST or None, instance=me)
    if request.method != "POST":
        return render(request, "accounts/profile.html", _page(request, form))
    if not form.is_valid():
        return invalid(request, "accounts/profile.html", _page(request, form))
    form.save()
    messages.success(request, _("Your account is saved."))
    return redirect(request, "accounts:profile")


@require_POST
@never_cache
def token_new(request, owner=None):
    """Issue a token, for oneself or for a machine: the answer is the only place where its secret is ever shown."""
    owner = get_object_or_404(User, pk=owner or request.user.pk)
    require(request, "accounts.issue_apitoken", owner)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return invalid(request, "accounts/token_form.html", {"form": form, "owner": owner})
    asked, at = form.cleaned_data, timezone.now()
    expires_at = at + timedelta(days=asked["days"]) if asked["days"] else None
    token, secret = tokens.issue(owner, asked["name"], asked["scopes"], at, expires_at)
    told = render(request, "accounts/token.html", {"token": token, "secret": secret, "owner": owner})
    return leads_to(told, _home(request, owner.pk))


@require_POST
def token_revoke(request, pk):
    """End a token at once."""
    token = get_object_or_404(ApiToken.objects.select_related("user"), pk=pk)
    if not permitted(request, "accounts.view_apitoken", token):
        raise Http404
    require(request, "accounts.revoke_apitoken", token)
    tokens.revoke(ApiToken.objects.filter(pk=pk), timezone.now())
    messages.success(request, _("“%(token)s” opens nothing any more.") % {"token": token.name})
    return redirect(request, _home(request, token.user_id))


def _home(request, owner):
    """The page that lists the tokens of `owner` (an id)."""
    return (
        reverse("accounts:profile") if owner == request.user.pk else reverse("accounts:person", args=[owner])
    )


def _page(request, form):
    return {
        "form": form,
        "owner": request.user,
        "token_form": TokenForm(),
        "tokens": request.user.tokens.filter(revoked_at=None),
    }
