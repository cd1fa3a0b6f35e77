"""Access tokens of the API: a token acts as its owner, within its scopes."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions, permissions

from accounts import demo_logins
from accounts.models import ApiToken, Scope

START = "tdm_"
SHOWN = 10  # characters of the secret by which people find a token again
USE_NOTED_EVERY = timedelta(minutes=10)


def issue(user, name, scopes, at, expires_at=None):
    """Make a token for `user`. Returns it with its secret, which is kept nowhere: show it once.

    `scopes` are values of Scope; ValueError for others or none.
    """
    scopes = [Scope(scope) for scope in scopes]
    if not scopes:
        raise ValueError("A token needs a scope.")
    secret = START + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:SHOWN],
        digest=digest(secret),
        scopes=scopes,
        created_at=at,
        expires_at=expires_at,
    )
    return token, secret


def digest(secret):
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def revoke(tokens, at):
    """End the tokens of a queryset at once. Returns how many were alive."""
    return tokens.filter(revoked_at=None).update(revoked_at=at)


def living(at):
    """Tokens that open a door at the moment `at`: not revoked, not expired, their owner still with us."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=at)
    return ApiToken.objects.filter(unexpired, revoked_at=None, user__is_active=True)


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer tdm_…`; request.auth is the token, request.user its owner."""

    def authenticate(self, request):
        kind, _space, secret = authentication.get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        at = timezone.now()
        token = living(at).select_related("user").filter(digest=digest(secret.decode("latin-1"))).first()
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, revoked or expired."))
        if demo_logins.refused(request, token.user):
            raise exceptions.AuthenticationFailed(_("Tokens of the demo work on its own machine only."))
        _note_use(token, at)
        return token.user, token

    def authenticate_header(self, request):
        return "Bearer"


def _note_use(token, at):
    """Now and then: a write for every request would cost more than the request."""
    if token.used_at is None or at - token.used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=at)


class HasScope(permissions.BasePermission):
    """The token's scopes cover the request. A session needs none.

    Reading needs `read`, anything else `write`; for the actions that a view names in `capture`, `capture` is enough.
    """

    message = _("The scopes of this token do not cover this.")

    def has_permission(self, request, view):
        if not isinstance(request.auth, ApiToken):
            return True
        return bool(set(request.auth.scopes) & self._enough(request, view))

    def _enough(self, request, view):
        enough = {Scope.READ} if request.method in permissions.SAFE_METHODS else {Scope.WRITE}
        if getattr(view, "action", None) in getattr(view, "capture", ()):
            enough.add(Scope.CAPTURE)
        return enough
