"""The form of an opportunity to grow, and of a lesson."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.forms.currency import InHouse
from accounts.models import Role, User
from pipeline.forms.base import SpineForm
from pipeline.models import Campaign, Product
from reports.models import Growth
from ui.filters import FilterSet, WordsFilter
from ui.forms import Form, MoneyField

SIDES = {"marketer": (Role.MARKETING, Role.ADMIN), "seller": (Role.SALES, Role.MANAGER)}


class GrowthForm(InHouse, SpineForm):
    """What it is, what is known of it in figures, what it is to bring and to cost, who answers for it on each side."""

    margin = MoneyField(
        label=_("Expected margin a year"), min_value=0, help_text=_("In the report currency, as the cost.")
    )
    cost = MoneyField(label=_("Cost to try"), min_value=0)

    class Meta:
        model = Growth
        fields = [
            "name", "known", "segment", "region", "product", "margin", "cost", "marketer", "seller", "state", "campaign", "look_on",
        ]  # fmt: skip
        widgets = {"known": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mine = self.instance
        for name, roles in SIDES.items():
            people = Q(is_active=True, role__in=roles) | Q(pk=getattr(mine, f"{name}_id"))
            self.fields[name].queryset = User.objects.filter(people).order_by("full_name")
        self.fields["product"].queryset = Product.objects.filter(Q(active=True) | Q(pk=mine.product_id))
        self.fields["campaign"].queryset = Campaign.objects.order_by("name")


class LessonForm(Form):
    """What somebody learned."""

    text = forms.CharField(
        label=_("What we learned"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class GrowthFilters(FilterSet):
    """What the register may be narrowed to; all of it stands in the address."""

    q = WordsFilter(columns=["name"], label=_("Search"))
    marketer = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(pk__in=Growth.objects.values("marketer")), label=_("Owner in marketing")
    )
    seller = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(pk__in=Growth.objects.values("seller")), label=_("Owner in sales")
    )

    class Meta:
        model = Growth
        fields = ["state", "segment", "region", "product", "marketer", "seller"]
