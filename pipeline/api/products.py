"""Products, and dealers' registrations of them, in the REST API."""

from dataclasses import asdict

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import organisation
from accounts.describing import shape
from accounts.formed import Formed
from accounts.resources import Writable
from accounts.unheard import Heard
from engine.idempotency import idempotent
from engine.refusals import Conflict
from pipeline import products, registrations
from pipeline.forms.products import CostForm, ProductForm
from pipeline.models import DealRegistration, Product, ProductCost
from ui.filters import FilterSet, WordsFilter


class ProductSerializer(Formed, serializers.ModelSerializer):
    """A product with its list price, the lowest price, and how far its price may and does come down, as ratios."""

    largest_discount = serializers.DecimalField(12, 6, read_only=True, allow_null=True)
    usual_discount = serializers.DecimalField(12, 6, read_only=True, allow_null=True)

    class Meta:
        model, form = Product, ProductForm
        fields = [
            "id",
            "code",
            "name",
            "family",
            "list_price",
            "floor_price",
            "largest_discount",
            "usual_discount",
            "currency",
            "active",
            "usage_unit",
            "life_months",
            "sale_ends_on",
            "service_ends_on",
            "updated_at",
        ]
        extra_kwargs = {"code": {"validators": []}}  # the form's own words


class CostSerializer(Heard, Formed, serializers.ModelSerializer):
    """What a unit costs from the day `since` on, in the product's currency."""

    class Meta:
        model, form = ProductCost, CostForm
        fields = ["id", "since", "unit_cost"]

    def begin(self, *data):
        """The form of a cost of this product."""
        return CostForm(*data, instance=ProductCost(product=self.context["product"]))


class ProductFilters(FilterSet):
    q = WordsFilter(columns=["name", "code"])

    class Meta:
        model = Product
        fields = ["family", "active"]


class ProductResource(Writable):
    """What we sell; readable by both tracks, kept by the heads."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    filterset_class = ProductFilters
    may = {
        **dict.fromkeys(("create", "partial_update", "add_cost"), "pipeline.change_product"),
        "costs": "pipeline.view_cost",
    }

    def get_queryset(self):
        """With the discounts that are allowed and usual today."""
        return products.with_discounts(super().get_queryset(), organisation.today(timezone.now()))

    @extend_schema(responses=CostSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def costs(self, request, pk):
        """What a unit cost and costs, the newest day first, for whoever sees costs."""
        return Response(CostSerializer(self.get_permitted().costs.order_by("-since"), many=True).data)

    @extend_schema(request=CostSerializer, responses={201: CostSerializer})
    @costs.mapping.post
    @idempotent
    def add_cost(self, request, pk):
        """Enter the unit cost from a day on."""
        shape = CostSerializer(data=request.data, context={"product": self.get_permitted()})
        shape.is_valid(raise_exception=True)
        return Response(CostSerializer(shape.save()).data, status=201)


class RegistrationSerializer(serializers.ModelSerializer):
    """A dealer's registration. It protects until `protected_until`, that day included, unless it is withdrawn."""

    class Meta:
        model = DealRegistration
        fields = [
            "id", "dealer", "customer", "product", "registered_on", "protected_until", "withdrawn", "note", "by", "created_at",
        ]  # fmt: skip
        read_only_fields = ["by"]

    def validate(self, values):
        """A dealer, not itself, an end after the beginning, and not said twice."""
        now = {**(vars(self.instance) if self.instance else {}), **values}
        dealer = values.get("dealer")
        if dealer and not dealer.is_partner:
            raise serializers.ValidationError({"dealer": _("This company is no dealer.")})
        pair = [getattr(values.get(name), "pk", now.get(f"{name}_id")) for name in ("dealer", "customer")]
        if pair[0] == pair[1]:
            raise serializers.ValidationError({"customer": _("A dealer does not register itself.")})
        if now["protected_until"] < now["registered_on"]:
            raise serializers.ValidationError(
                {"protected_until": _("It is protected until a day before it was registered.")}
            )
        other = (
            registrations.same(self._told(values)) if not self.instance or values.keys() - {"note"} else None
        )
        if other:
            raise Conflict(registrations.told_same(other))
        return values

    def _told(self, values):
        """The registration as it would be, unsaved."""
        kept = ("pk", *registrations.KEPT) if self.instance else ()
        one = DealRegistration(**{name: getattr(self.instance, name) for name in kept})
        for name, value in values.items():
            setattr(one, name, value)
        return one


class RegistrationChangeSerializer(serializers.Serializer):
    """A field that somebody changed (`by` null: no person), with both values in words."""

    at = serializers.DateTimeField()
    by = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class RegistrationWholeSerializer(RegistrationSerializer):
    """A registration with what stands against it today, and its history."""

    conflicts = shape(registrations.Conflict)(many=True, read_only=True)
    changes = RegistrationChangeSerializer(many=True, read_only=True)

    class Meta(RegistrationSerializer.Meta):
        fields = [*RegistrationSerializer.Meta.fields, "conflicts", "changes"]


class RegistrationFilters(FilterSet):
    class Meta:
        model = DealRegistration
        fields = ["dealer", "customer", "product", "withdrawn"]


class RegistrationResource(Writable):
    """Dealers' registrations; one alone also tells its `conflicts` and `changes`."""

    queryset = DealRegistration.objects.all()
    serializer_class, whole = RegistrationSerializer, RegistrationWholeSerializer
    filterset_class = RegistrationFilters
    order = ("-registered_on", "-id")
    may = {"create": "pipeline.add_registration", "partial_update": "pipeline.change_registration"}

    def row(self, pk, status=200):
        """One row with what stands against it today."""
        answer = super().row(pk, status)
        one = DealRegistration.objects.get(pk=pk)
        found = registrations.conflicts(one, organisation.today(timezone.now()))
        answer.data["conflicts"] = [asdict(conflict) for conflict in found]
        answer.data["changes"] = [
            {
                "at": one.at,
                "by": one.by and one.by.pk,
                "field": one.field,
                "before": one.before,
                "after": one.after,
            }
            for one in registrations.changes(one)
        ]
        return answer

    def retrieve(self, request, pk):
        """One registration with its conflicts."""
        return self.row(self.get_permitted().pk)

    def valid(self, request, *instance, **options):
        """As everywhere; whoever registers it is written down."""
        serializer = super().valid(request, *instance, **options)
        if not instance:
            serializer.validated_data["by"] = request.user
        return serializer
