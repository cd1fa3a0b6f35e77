"""Who owned an account when: a fact with dates of every company (`accounts.dated`)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.dated.facts import One
from accounts.models import User
from accounts.models.people import Role

COMPANY = "pipeline.Company"


def _owner():
    sellers = User.objects.filter(is_active=True).exclude(role__in=(Role.SERVICE, Role.FINANCE))
    return forms.ModelChoiceField(
        sellers.order_by("full_name"), label=_("Account owner"), required=False, empty_label=_("none")
    )


FACTS = (
    One(
        "account_owner", _("Account owner"), COMPANY, "pipeline_company", "sales_owner_id", _owner, "pipeline.assign_company",
        also=", updated_at = now()", only={"merged_into": None},
    ),
)  # fmt: skip
