"""The people of accounts in the REST API."""

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts.models import User
from accounts.resources import Writable
from pipeline.models import AccountPerson, Company
from ui.filters import FilterSet


class AccountPersonSerializer(serializers.ModelSerializer):
    """One of our people with a part in an account; its owner and marketing contact stand on the company."""

    company = serializers.PrimaryKeyRelatedField(queryset=Company.objects.surviving())
    user = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True).exclude(role="service")
    )

    class Meta:
        model = AccountPerson
        fields = ["id", "company", "user", "part", "note", "created_at"]

    def validate_company(self, company):
        """One whose people the caller may name."""
        if not self.context["request"].user.has_perm("pipeline.staff_account", company):
            raise serializers.ValidationError(_("The account's owner or a manager says who works for it."))
        return company


class AccountPersonFilters(FilterSet):
    class Meta:
        model = AccountPerson
        fields = ["company", "user", "part"]


class AccountPersonResource(Writable):
    """The people of accounts: who works for a company, and in which part."""

    http_method_names = ["get", "post", "delete", "head", "options"]
    queryset = AccountPerson.objects.all()
    serializer_class = AccountPersonSerializer
    filterset_class = AccountPersonFilters
    may = {
        "create": "pipeline.staff_account",
        "destroy": "pipeline.change_account_person",
    }

    def destroy(self, request, pk):
        """Take a part in an account from somebody."""
        with self.unchanged() as person:
            person.delete()
        return Response(status=204)
