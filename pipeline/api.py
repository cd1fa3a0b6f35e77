"""Campaigns, spend, companies, contacts and products in the REST API."""

from dataclasses import asdict

import django_filters
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts import organisation
from accounts.bulk.api import InBulk
from accounts.resources import Resource, Writable
from pipeline import companies, consulting, many, money, names, products, registrations
from pipeline.models import Campaign, Company, Contact, DealRegistration, Identity, Product, Spend
from ui.filters import FilterSet, WordsFilter


class CampaignSerializer(serializers.ModelSerializer):
    """A campaign and its plan."""

    class Meta:
        model = Campaign
        fields = [
            "id", "code", "name", "status", "channel", "track", "parent", "owner", "segment", "region", "product",
            "starts_on", "ends_on", "budget", "currency", "expected_leads", "expected_revenue", "note", "source",
            "external_id", "created_at", "updated_at",
        ]  # fmt: skip

    def validate(self, values):
        """A campaign ends after it starts, and is not part of itself."""
        now = {**(vars(self.instance) if self.instance else {}), **values}
        if now.get("starts_on") and now.get("ends_on") and now["ends_on"] < now["starts_on"]:
            raise serializers.ValidationError({"ends_on": _("The last day is before the first day.")})
        if self.instance and values.get("parent") == self.instance:
            raise serializers.ValidationError({"parent": _("A campaign cannot be part of itself.")})
        if reason := consulting.unheard(self.instance, values.get("status")):
            raise serializers.ValidationError({"status": reason})
        return values


class CampaignFilters(FilterSet):
    q = WordsFilter(columns=["name", "code"])

    class Meta:
        model = Campaign
        fields = ["status", "channel", "track", "parent", "owner", "segment", "region", "product", "source"]


class CampaignResource(InBulk, Writable):
    """Campaigns: marketing activities with a plan."""

    queryset = Campaign.objects.all()
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilters
    changes = many.CAMPAIGNS
    may = {"create": "pipeline.add_campaign", "partial_update": "pipeline.change_campaign"}


class SpendSerializer(serializers.ModelSerializer):
    """Spend by month of service. `month` may be any day of the month; `base_amount` follows the day's rate.

    `booked` is the month in which it counts officially: a later one where the month of service was closed before.
    """

    class Meta:
        model = Spend
        fields = [
            "id", "campaign", "kind", "month", "on", "booked", "amount", "currency", "base_amount", "vendor", "note",
            "impressions", "clicks", "reported_leads", "reported_orders", "reported_revenue", "source", "external_id",
            "created_at",
        ]  # fmt: skip
        read_only_fields = ["booked"]

    def validate_month(self, day):
        """The first day of the month."""
        return day.replace(day=1)

    def save(self):
        """With the amount in the report currency. Raises ValidationError where no rate is known."""
        now = {**(vars(self.instance) if self.instance else {}), **self.validated_data}
        try:
            base = money.to_base(now["amount"], now["currency"], now["on"])
        except money.NoRate as error:
            raise serializers.ValidationError({"currency": str(error)}) from None
        entered = {} if self.instance else {"entered_by": self.context["request"].user}
        return super().save(base_amount=base, **entered)


class SpendFilters(FilterSet):
    month = django_filters.DateFromToRangeFilter()

    class Meta:
        model = Spend
        fields = ["campaign", "kind", "currency", "source", "booked"]


class SpendResource(Writable):
    """Spend: planned, committed and paid."""

    queryset = Spend.objects.all()
    serializer_class = SpendSerializer
    filterset_class = SpendFilters
    may = {
        "create": "pipeline.add_spend",
        "partial_update": "pipeline.change_spend",
        "destroy": "pipeline.change_spend",
    }

    def destroy(self, request, pk):
        """Take a booking back; history keeps it."""
        with self.unchanged() as spend:
            spend.delete()
        return Response(status=204)


class CompanySerializer(serializers.ModelSerializer):
    """A company."""

    class Meta:
        model = Company
        fields = [
            "id", "name", "domain", "tax_id", "parent", "segment", "region", "country", "industry", "employees",
            "is_partner", "sales_owner", "marketing_contact", "attributes", "source", "external_id", "created_at", "updated_at",
        ]  # fmt: skip

    def validate_sales_owner(self, owner):
        """A colleague's account is not taken from them."""
        before, user = self.instance, self.context["request"].user
        if before is None or before.sales_owner == owner or user.has_perm("pipeline.assign_company", before):
            return owner
        raise serializers.ValidationError(companies.COLLEAGUES_ACCOUNT)

    def save(self):
        """With the key by which the company is known again."""
        if "name" not in self.validated_data:
            return super().save()
        return super().save(key=names.company_key(self.validated_data["name"]))


class CompanyFilters(FilterSet):
    q = WordsFilter(columns=["name"])

    class Meta:
        model = Company
        fields = ["domain", "segment", "region", "industry", "is_partner", "sales_owner", "source"]


class CompanyResource(InBulk, Writable):
    """Companies: customers, prospects and dealers."""

    queryset = Company.objects.surviving()
    serializer_class = CompanySerializer
    filterset_class = CompanyFilters
    changes = many.COMPANIES
    may = {"create": "pipeline.add_company", "partial_update": "pipeline.change_company"}


class IdentitySerializer(serializers.ModelSerializer):
    """One way to know a contact again."""

    class Meta:
        model = Identity
        fields = ["kind", "value", "raw"]


class ContactSerializer(serializers.ModelSerializer):
    """A person; new ones enter by capturing a lead."""

    company_name = serializers.CharField(source="company.name", read_only=True)

    class Meta:
        model = Contact
        fields = [
            "id", "full_name", "given_name", "family_name", "job_title", "company", "company_name", "country", "city",
            "region", "language", "source", "external_id", "created_at", "updated_at",
        ]  # fmt: skip


class ContactDetailSerializer(ContactSerializer):
    """A person with the identities they are known by."""

    identities = IdentitySerializer(many=True, read_only=True)

    class Meta(ContactSerializer.Meta):
        fields = [*ContactSerializer.Meta.fields, "identities"]


class ContactFilters(FilterSet):
    q = WordsFilter(columns=["full_name"])
    identity = django_filters.CharFilter(field_name="identities__value", max_length=320)

    class Meta:
        model = Contact
        fields = ["company", "region", "country", "source"]


class ContactResource(Writable):
    """Contacts, once however often they come. To add one, capture a lead."""

    queryset = Contact.objects.surviving()
    serializer_class = ContactSerializer
    filterset_class = ContactFilters
    http_method_names = ["get", "patch", "head", "options"]
    may = {"partial_update": "pipeline.change_contact"}

    def retrieve(self, request, pk):
        """One contact with its identities."""
        identities = Prefetch("identities", Identity.objects.order_by("kind", "id"))
        self.queryset = self.queryset.select_related("company").prefetch_related(identities)
        return self.tagged(ContactDetailSerializer(self.get_permitted()).data)


class ProductSerializer(serializers.ModelSerializer):
    """A product with its list price, the lowest price, and how far its price may and does come down, as ratios."""

    largest_discount = serializers.DecimalField(12, 6, read_only=True, allow_null=True)
    usual_discount = serializers.DecimalField(12, 6, read_only=True, allow_null=True)

    class Meta:
        model = Product
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
            "updated_at",
        ]


class ProductFilters(FilterSet):
    q = WordsFilter(columns=["name", "code"])

    class Meta:
        model = Product
        fields = ["family", "active"]


class ProductResource(Resource):
    """What we sell; readable by both tracks."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    filterset_class = ProductFilters

    def get_queryset(self):
        """With the discounts that are allowed and usual today."""
        return products.with_discounts(super().get_queryset(), organisation.today(timezone.now()))


class RegistrationSerializer(serializers.ModelSerializer):
    """A dealer's registration. It protects until `protected_until`, that day included, unless it is withdrawn."""

    class Meta:
        model = DealRegistration
        fields = [
            "id", "dealer", "customer", "product", "registered_on", "protected_until", "withdrawn", "note", "by", "created_at",
        ]  # fmt: skip
        read_only_fields = ["by"]

    def validate(self, values):
        """A dealer, not itself, and an end after the beginning."""
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
        return values


class RegistrationFilters(FilterSet):
    class Meta:
        model = DealRegistration
        fields = ["dealer", "customer", "product", "withdrawn"]


class RegistrationResource(Writable):
    """Dealers' registrations; one alone also tells its `conflicts` and `changes`."""

    queryset = DealRegistration.objects.all()
    serializer_class = RegistrationSerializer
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
