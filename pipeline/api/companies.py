"""Companies and the people in them in the REST API."""

import django_filters
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.bulk.api import InBulk
from accounts.resources import Writable
from pipeline import companies, many, names, standing
from pipeline.models import Company, Contact, Identity
from ui.filters import FilterSet, WordsFilter


class CompanySerializer(serializers.ModelSerializer):
    """A company."""

    class Meta:
        model = Company
        fields = [
            "id", "name", "domain", "tax_id", "parent", "segment", "region", "country", "industry", "employees",
            "is_partner", "key_account", "sales_owner", "marketing_contact", "attributes", "source", "external_id", "created_at",
            "updated_at",
        ]  # fmt: skip

    def validate_sales_owner(self, owner):
        """A colleague's account is not taken from them."""
        before, user = self.instance, self.context["request"].user
        if before is None or before.sales_owner == owner or user.has_perm("pipeline.assign_company", before):
            return owner
        raise serializers.ValidationError(companies.COLLEAGUES_ACCOUNT)

    def validate_key_account(self, marked):
        """Marked and unmarked by those who may."""
        before, user = bool(self.instance and self.instance.key_account), self.context["request"].user
        if marked == before or user.has_perm("pipeline.mark_company"):
            return marked
        raise serializers.ValidationError(companies.KEY_BY_HEADS)

    def validate_domain(self, domain):
        """Bare, whatever was pasted."""
        return companies.bare_domain(domain)

    def validate_parent(self, parent):
        """No company is part of itself, by however many steps."""
        if parent and self.instance and companies.is_within(parent.pk, {self.instance.pk}):
            raise serializers.ValidationError(_("A company cannot be part of itself."))
        return parent

    def save(self):
        """With the key by which the company is known again."""
        if "name" not in self.validated_data:
            return super().save()
        return super().save(key=names.company_key(self.validated_data["name"]))


class CompanyShownSerializer(CompanySerializer):
    """With where the company stands on the way to buying, and why."""

    buying_stage = serializers.CharField(read_only=True)
    because = serializers.CharField(read_only=True)

    class Meta(CompanySerializer.Meta):
        fields = [*CompanySerializer.Meta.fields, "buying_stage", "because"]


class CompanyFilters(FilterSet):
    q = WordsFilter(columns=["name"])
    buying_stage = standing.StandingFilter()

    class Meta:
        model = Company
        fields = [
            "domain",
            "segment",
            "region",
            "industry",
            "is_partner",
            "key_account",
            "sales_owner",
            "source",
        ]


class CompanyResource(InBulk, Writable):
    """Companies: customers, prospects and dealers."""

    queryset = Company.objects.surviving()
    serializer_class, shown = CompanySerializer, CompanyShownSerializer
    filterset_class = CompanyFilters
    changes = many.COMPANIES
    may = {"create": "pipeline.add_company", "partial_update": "pipeline.change_company"}

    def finish(self, rows):
        """With the buying stage by its code, and why."""
        told = standing.of_companies([row["id"] for row in rows])
        for row in rows:
            row.update(buying_stage=told[row["id"]].stage.value, because=told[row["id"]].because)
        return rows


class IdentitySerializer(serializers.ModelSerializer):
    """One way to know a contact again."""

    class Meta:
        model = Identity
        fields = ["kind", "value", "raw"]


class ContactSerializer(serializers.ModelSerializer):
    """A person; new ones enter by capturing a lead."""

    company_name = serializers.CharField(source="company.name", read_only=True, allow_null=True)

    class Meta:
        model = Contact
        fields = [
            "id", "full_name", "given_name", "family_name", "job_title", "company", "company_name", "country", "city",
            "region", "language", "source", "external_id", "created_at", "updated_at",
        ]  # fmt: skip

    def validate(self, values):
        """A name stays in one piece, whichever of it is told."""
        try:
            return values | names.settled(vars(self.instance), values)
        except names.Apart as apart:
            raise serializers.ValidationError({name: str(apart) for name in apart.parts}) from None


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
    elsewhere = {"identities": ("/api/v1/leads/",), "merged_into": ("/api/v1/merges/",)}
    may = {"partial_update": "pipeline.change_contact"}

    @extend_schema(responses=ContactDetailSerializer)
    def retrieve(self, request, pk):
        """One contact with its identities."""
        identities = Prefetch("identities", Identity.objects.order_by("kind", "id"))
        self.queryset = self.queryset.select_related("company").prefetch_related(identities)
        return self.tagged(ContactDetailSerializer(self.get_permitted()).data)
