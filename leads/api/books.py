"""Books in the REST API: what a rep has in hand, handing it over and bringing it back."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.models import User
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.moments import in_reach
from engine.refusals import Conflict
from leads import books
from leads.forms.books import possible_heirs
from leads.models import BookMove
from ui.filters import FilterSet


class BookMoveSerializer(serializers.ModelSerializer):
    """A book that went to colleagues: `given` has the ids of leads, deals, steps, companies and leads `asleep` by user."""

    class Meta:
        model = BookMove
        fields = ["id", "rep", "by", "at", "until", "given", "back_at"]


class ToWhomSerializer(Heard, serializers.Serializer):
    """A rep and who takes the book over, for good or until a moment."""

    rep = serializers.PrimaryKeyRelatedField(queryset=User.objects.all())
    heirs = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=50
    )
    until = serializers.DateTimeField(default=None, allow_null=True, validators=[in_reach])

    def validate(self, values):
        """Only whoever sells and is there takes a book over."""
        found = {user.pk: user for user in possible_heirs(values["rep"]).filter(pk__in=values["heirs"])}
        strange = [str(pk) for pk in values["heirs"] if pk not in found]
        if strange:
            raise serializers.ValidationError(
                {"heirs": _("Cannot take it over: %(ids)s") % {"ids": ", ".join(strange)}}
            )
        return {**values, "heirs": [found[pk] for pk in dict.fromkeys(values["heirs"])]}


class LentSerializer(serializers.Serializer):
    """What of a share is only lent: ids, whose it is, and when it goes back there."""

    rep = serializers.IntegerField()
    until = serializers.DateTimeField()
    leads = serializers.ListField(child=serializers.IntegerField())
    deals = serializers.ListField(child=serializers.IntegerField())
    steps = serializers.ListField(child=serializers.IntegerField())
    companies = serializers.ListField(child=serializers.IntegerField())
    asleep = serializers.ListField(child=serializers.IntegerField())


class ShareSerializer(serializers.Serializer):
    """What one colleague would get: ids, and what of them is `lent` by others."""

    heir = serializers.IntegerField()
    leads = serializers.ListField(child=serializers.IntegerField())
    deals = serializers.ListField(child=serializers.IntegerField())
    steps = serializers.ListField(child=serializers.IntegerField())
    companies = serializers.ListField(child=serializers.IntegerField())
    asleep = serializers.ListField(child=serializers.IntegerField())
    lent = LentSerializer(many=True)


class BookMoveFilters(FilterSet):
    class Meta:
        model = BookMove
        fields = ["rep"]


class BookResource(Resource):
    """Books handed over."""

    queryset = BookMove.objects.all()
    serializer_class = BookMoveSerializer
    filterset_class = BookMoveFilters
    order = ("-at", "-id")
    may = dict.fromkeys(("create", "preview"), "leads.hand_over_book")

    @extend_schema(request=ToWhomSerializer)
    @idempotent
    def create(self, request):
        """Hand a book over; clocks begin anew. With `until` it comes back by itself."""
        wish = self._wish(request.data)
        try:
            move = books.hand_over(
                wish["rep"], wish["heirs"], by=request.user, at=timezone.now(), until=wish["until"]
            )
        except books.Refused as error:
            raise Conflict(str(error)) from None
        return self.row(move.pk, status=201)

    @extend_schema(
        parameters=[
            OpenApiParameter("rep", int),
            OpenApiParameter("heirs", str, description="ids, by commas or named again"),
        ],
        responses=ShareSerializer(many=True),
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def preview(self, request):
        """Who would get what; nothing changes."""
        query = request.query_params
        heirs = [one for said in query.getlist("heirs") for one in said.split(",") if one]
        wish = self._wish({**query.dict(), "heirs": heirs})
        shares = books.share(wish["rep"], wish["heirs"])
        lent = books.lent_to(wish["rep"], shares)
        found = [
            {
                "heir": heir.pk,
                **book.ids(),
                "lent": [
                    {"rep": one.move.rep_id, "until": one.move.until, **one.part.ids()}
                    for one in lent.get(heir.pk, ())
                ],
            }
            for heir, book in shares
        ]
        return Response(ShareSerializer(found, many=True).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def back(self, request, pk):
        """Bring back what the colleagues still have of it, or whoever got their books since."""
        move = self.get_permitted()
        self._insist(move.rep)
        try:
            books.bring_back(move, by=request.user, at=timezone.now())
        except books.Refused as error:
            raise Conflict(str(error)) from None
        return self.row(pk)

    def _wish(self, data):
        said = checked(ToWhomSerializer(data=data))
        self._insist(said["rep"])
        return said

    def _insist(self, person):
        if not self.request.user.has_perm("leads.hand_over_book", person):
            raise PermissionDenied
