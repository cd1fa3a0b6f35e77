"""Shapes that several resources share."""

from rest_framework import serializers

from accounts import organisation
from accounts.models.organisation import currency_code


class CurrencyField(serializers.CharField):
    """A currency by its code of three letters; that of the reports where a new record does not say."""

    def __init__(self, **options):
        super().__init__(max_length=3, validators=[currency_code], default=_of_the_reports, **options)


def _of_the_reports():
    return organisation.current().currency
