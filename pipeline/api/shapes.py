"""Shapes that several resources share."""

from rest_framework import serializers

from accounts import organisation
from accounts.models.organisation import currency_code


class MonthField(serializers.DateField):
    """A month, as its first day: written as a month (2026-11) or as any day of it."""

    def __init__(self, **options):
        super().__init__(input_formats=["iso-8601", "%Y-%m"], **options)

    def to_internal_value(self, value):
        """The first day."""
        return super().to_internal_value(value).replace(day=1)


class CurrencyField(serializers.CharField):
    """A currency by its code of three letters; that of the reports where a new record does not say."""

    def __init__(self, **options):
        super().__init__(max_length=3, validators=[currency_code], default=_of_the_reports, **options)


def _of_the_reports():
    return organisation.current().currency
