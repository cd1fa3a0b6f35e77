"""Access tokens in the REST API: seen and revoked by their owner, issued where the page issues them, and never by one another."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts import tokens
from accounts.models import ApiToken, Scope, User
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from ui.filters import FilterSet

DAYS = (90, 365)


class TokenSerializer(serializers.ModelSerializer):
    """A token that still opens something, as its owner sees it; `prefix` is how its secret begins."""

    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))

    class Meta:
        model = ApiToken
        fields = ["id", "user", "name", "prefix", "scopes", "created_at", "expires_at", "used_at"]


class NewTokenSerializer(Heard, serializers.Serializer):
    """A token to issue: for oneself, or for a service account by an administrator. `days` null: until it is revoked."""

    user = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), default=None)
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices), allow_empty=False)
    days = serializers.ChoiceField(DAYS, default=365, allow_null=True)


class IssuedTokenSerializer(TokenSerializer):
    """The token with its secret, which is told this once and kept nowhere: null in the answer to a repeated request."""

    secret = serializers.CharField(allow_null=True)

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "secret"]


class TokenFilters(FilterSet):
    class Meta:
        model = ApiToken
        fields = ["user"]


class TokenResource(Resource):
    """Tokens that are not revoked: the caller's own; an administrator's to see and revoke are everybody's."""

    queryset = ApiToken.objects.filter(revoked_at=None)
    serializer_class = TokenSerializer
    filterset_class = TokenFilters
    may = {"revoke": "accounts.revoke_apitoken"}

    def get_queryset(self):
        """Those that `accounts.view_apitoken` opens to the caller."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        me = self.request.user
        every = me.has_perm("accounts.manage_people")
        return self.queryset.all() if every else self.queryset.filter(user=me)

    @extend_schema(request=NewTokenSerializer, responses={201: IssuedTokenSerializer})
    @idempotent
    def create(self, request):
        """Issue a token. With a token only those of machines are issued, within its own scopes and its own time."""
        said, at = checked(NewTokenSerializer(data=request.data)), timezone.now()
        owner = said["user"] or request.user
        if not request.user.has_perm("accounts.issue_apitoken", owner):
            raise PermissionDenied
        expires_at = at + timedelta(days=said["days"]) if said["days"] else None
        if isinstance(request.auth, ApiToken):
            expires_at = self._within(request.auth, owner, said["scopes"], expires_at)
        token, secret = tokens.issue(owner, said["name"], said["scopes"], at, expires_at)
        answer = self.row(token.pk, status=201)
        answer.kept = {**answer.data, "secret": None}
        answer.data["secret"] = secret
        return answer

    def _within(self, token, owner, scopes, expires_at):
        """When what `token` issues ends. Raises PermissionDenied: what is stolen must not outlive being revoked."""
        if owner.pk == token.user_id:
            raise PermissionDenied(_("A token issues none for its own owner. Sign in to make one."))
        if set(scopes) - set(token.scopes):
            raise PermissionDenied(_("A token issues none with scopes that it has not."))
        return min(filter(None, (expires_at, token.expires_at)), default=None)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def revoke(self, request, pk):
        """End a token at once."""
        tokens.revoke(ApiToken.objects.filter(pk=self.get_permitted().pk), timezone.now())
        return Response(status=204)
