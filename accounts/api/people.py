"""People in the REST API: invited, changed, let in again and sent a link as on their pages."""

import django_filters
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import invitations, people
from accounts.formed import Formed, Shown
from accounts.forms.people import PersonForm, ProfileForm
from accounts.models import Team, Track, User
from accounts.resources import IF_MATCH, Resource
from accounts.unheard import bodiless
from engine.idempotency import idempotent
from engine.refusals import Conflict
from ui.filters import FilterSet, WordsFilter


def language_field():
    """A language of the interface; empty: as the browser asks."""
    return serializers.ChoiceField(settings.LANGUAGES, allow_blank=True, required=False)


class PersonSerializer(Formed, serializers.ModelSerializer):
    """Somebody with an account, or a machine. `language` is shown to whoever may set it.

    `last_login` is null until they first came in, `left_at` the moment at which their access ended.
    """

    language = language_field()

    class Meta:
        model, form = User, PersonForm
        fields = [
            "id", "full_name", "email", "role", "head_of", "team", "language", "is_active", "last_login", "left_at",
        ]  # fmt: skip
        read_only_fields = ["is_active", "last_login", "left_at"]
        withheld = {"language"}
        extra_kwargs = {"email": {"validators": []}}  # the form's own words, in any case of letters

    def save(self):
        """Somebody new is invited; what changes keeps an administrator. Raises ValidationError."""
        kept = self.form.save(commit=False)
        if self.instance is None:
            return people.invite(kept, timezone.now())
        try:
            people.change(kept)
        except people.LastAdministrator:
            raise serializers.ValidationError({"role": _("At least one administrator must stay.")}) from None
        return kept


class PeopleFilters(FilterSet):
    q = WordsFilter(columns=["full_name", "email"])
    team = django_filters.ModelChoiceFilter(queryset=Team.objects.all())

    class Meta:
        model = User
        fields = ["role", "head_of", "is_active"]


class PersonResource(Shown):
    """People and service accounts. Somebody new gets a link by mail to set a password; no request ever carries one."""

    queryset = User.objects.all()
    serializer_class = PersonSerializer
    filterset_class = PeopleFilters
    order = ("full_name", "id")
    reads = "accounts.view_user"
    may = dict.fromkeys(("create", "partial_update", "link", "let_in"), "accounts.manage_people")
    elsewhere = {"is_active": ("leave", "let-in"), "left_at": ("leave", "let-in")}

    def finish(self, rows):
        """Without what is nobody else's to know."""
        if not self.request.user.has_perm("accounts.manage_people"):
            for row in rows:
                del row["language"]
        return rows

    @extend_schema(request=None, responses={202: None})
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def link(self, request, pk):
        """Mail them a link to set a password, at most one each ten minutes; 409 for whoever may not sign in."""
        person = self.get_permitted()
        if not person.is_active:
            raise Conflict(_("This person may not sign in."))
        invitations.mail_password_link(person, timezone.now(), invitation=not person.last_login)
        return Response(status=202)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="let-in")
    @idempotent
    @bodiless
    def let_in(self, request, pk):
        """Let somebody in again. Tokens stay revoked, and a rep takes new leads when told so."""
        people.reactivate(self.get_permitted())
        return self.row(pk)


class AccountSerializer(Formed, serializers.ModelSerializer):
    """The caller. Name, `language`, `zone` (empty: as the browser asks, as the organisation) and `digest` are theirs to set."""

    head_of = serializers.ChoiceField(Track.choices, allow_blank=True, read_only=True)
    language = language_field()
    zone = serializers.CharField(max_length=64, allow_blank=True, required=False)

    class Meta:
        model, form = User, ProfileForm
        fields = ["id", "full_name", "email", "role", "head_of", "team", "language", "zone", "digest"]
        read_only_fields = ["email", "role", "team"]


class AccountResource(Resource):
    """The caller's own account."""

    queryset = User.objects.all()
    serializer_class = AccountSerializer
    may = {"partial_update": "accounts.change_profile"}

    def get_queryset(self):
        """Oneself."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.queryset.filter(pk=self.request.user.pk)

    def get_permitted(self):
        """Oneself, whatever the address."""
        self.kwargs["pk"] = self.request.user.pk
        return super().get_permitted()

    def retrieve(self, request, pk=None):
        """Who one is here, and what one has chosen."""
        return super().retrieve(request, request.user.pk)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request):
        """Change what is one's own to change."""
        with self.unchanged() as me:
            shape = AccountSerializer(me, data=request.data, partial=True)
            shape.is_valid(raise_exception=True)
            shape.save()
        return self.row(request.user.pk)
