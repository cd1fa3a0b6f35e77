"""Where companies and contacts stand on the way to buying, as the floor above tells it (settings.BUYING)."""

from importlib import import_module

import django_filters
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field


def teller():
    """The module that knows."""
    return import_module(settings.BUYING)


def of_companies(ids):
    """{company id: its standing} now, in one statement."""
    return teller().of_companies(ids, timezone.now()) if ids else {}


def shown(thing, user):
    """The standing of a company or contact now, with the ways to what `user` may open."""
    return teller().shown(thing, user, timezone.now())


def add_to(rows):
    """Add the `buying_stage` of companies, in words and with its tone, to rows that have an `id`."""
    told = of_companies([row["id"] for row in rows])
    for row in rows:
        row.update(buying_stage=told[row["id"]].stage.label, buying_tone=told[row["id"]].tone)


@extend_schema_field(str)  # the choices are only known once the floor above is loaded
class StandingFilter(django_filters.ChoiceFilter):
    """Narrows companies to those at one buying stage."""

    def __init__(self, **more):
        super().__init__(
            label=_("Where they stand"), choices=lambda: teller().BuyingStage.choices, null_value="", **more
        )

    def filter(self, queryset, value):
        """Those that stand there now."""
        return teller().at_stage(queryset, value, timezone.now()) if value else queryset
