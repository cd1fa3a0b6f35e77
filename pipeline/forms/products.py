"""Forms of the price list and of exchange rates."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from accounts.forms.currency import CurrencyField, InHouse
from pipeline.forms.base import SpineForm
from pipeline.models import ExchangeRate, Product, ProductCost
from ui.forms import MoneyField


class ProductForm(SpineForm):
    """A product and its prices."""

    list_price = MoneyField(label=_("List price"), min_value=0, required=False)
    floor_price = MoneyField(label=_("Lowest price"), min_value=0, required=False)
    currency = CurrencyField()

    class Meta:
        model = Product
        fields = [
            "name", "code", "family", "list_price", "floor_price", "currency", "active", "usage_unit", "life_months", "sale_ends_on",
            "service_ends_on",
        ]  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        listed, floor = cleaned.get("list_price"), cleaned.get("floor_price")
        if listed is not None and floor is not None and floor > listed:
            self.add_error("floor_price", _("The lowest price is above the list price."))
        return cleaned


class CostForm(InHouse, SpineForm):
    """The unit cost from a day on."""

    unit_cost = MoneyField(label=_("Unit cost"), min_value=0)

    class Meta:
        model = ProductCost
        fields = ["since", "unit_cost"]

    def clean_since(self):
        since = self.cleaned_data["since"]
        if self.instance.product.costs.filter(since=since).exists():
            raise ValidationError(_("A cost from this day on is already there."))
        return since


class RateField(forms.DecimalField):
    """A rate as it is typed: 8.0553, not 8.05530000 as it is stored."""

    prepare_value = MoneyField.prepare_value


class RateForm(SpineForm):
    """What one unit of a currency is worth from a day on."""

    currency = CurrencyField()
    rate = RateField(label=_("Rate"), min_value=Decimal("0.00000001"), max_digits=18, decimal_places=8)

    class Meta:
        model = ExchangeRate
        fields = ["currency", "on", "rate"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial.pop("currency", None)

    def clean_currency(self):
        currency = self.cleaned_data["currency"]
        if currency == organisation.current().currency:
            raise ValidationError(_("This is the report currency: its rate is always 1."))
        return currency
