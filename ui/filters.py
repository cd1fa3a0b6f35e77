"""Filters of lists, for pages and the API alike: what is not understood is refused, not ignored.

A page that silently drops an unknown filter shows all rows as if they were the chosen ones.
"""

from copy import copy

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ui.forms import lighten
from ui.spelling import Named

LONGEST_VALUE = 200
MOST_VALUES = 100
MOST_WORDS = 8
TYPING = (forms.TextInput, forms.NumberInput)


class UnknownParameter(SuspiciousOperation):
    """A parameter that this list does not know: 400."""


class OversizedParameter(SuspiciousOperation):
    """A parameter longer than any real one, or given more often: 400."""


class _Declared(dict):
    """The filters of a class. A set gets its own of them, with fields yet to be made: what they are made from is shared."""

    def __deepcopy__(self, memo):
        return {name: self._own(one) for name, one in self.items()}

    @staticmethod
    def _own(one):
        made = copy(one)
        made.extra = dict(one.extra)  # a filter puts its queryset of the request in here
        vars(made).pop("_field", None)
        made.method = made.method  # what calls it is bound to the filter
        return made


class FilterSet(django_filters.FilterSet):
    """A strict FilterSet. `also` names parameters that others read (sorting, pages, views).

    With a request its inputs ask for the rows anew by htmx as they change, and what is typed stands first; put
    `hx-target` and `hx-push-url="true"` on the form (templates/ui/filters.html does).
    """

    also = frozenset({"sort", "cursor", "limit", "format", "columns", "view"})

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.add_filters()
        for one in self.filters.values():
            one.parent, one.model = self, self.queryset.model
        if data:
            refuse_strange(data, self.known_parameters())

    @classmethod
    def get_filters(cls):
        """Copied for each request, which need not go to the bottom of querysets and choices."""
        return _Declared(super().get_filters())

    def add_filters(self):
        """For filters that are data: a list with fields of its own adds them to `self.filters` here."""

    def known_parameters(self):
        """Every name that may stand in the address."""
        names = set(self.also)
        for name, one in self.filters.items():
            names.add(name)
            names.update(f"{name}_{suffix}" for suffix in getattr(one.field.widget, "suffixes", ()) if suffix)
        return names

    @cached_property
    def form(self):
        """Made without a class of its own: the filters are ours alone, and so are their fields."""
        made = self._meta.form(self.data if self.is_bound else None, prefix=self.form_prefix)
        made.fields |= {name: one.field for name, one in self.filters.items()}
        if self.request is not None:
            _enliven(made, self.request.path)
            made.order_fields(
                sorted(made.fields, key=lambda name: not isinstance(made.fields[name].widget, TYPING))
            )
        return made

    @property
    def is_filtered(self):
        """Has anything been chosen?"""
        return any(self.data.get(name) for name in self.known_parameters() - self.also)


def refuse_strange(data, known):
    """Raise UnknownParameter or OversizedParameter for what no list would be asked."""
    for name in data:
        if name not in known:
            raise UnknownParameter(_("This list has no parameter “%(name)s”.") % {"name": name[:60]})
        values = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
        if len(values) > MOST_VALUES or any(len(str(value)) > LONGEST_VALUE for value in values):
            raise OversizedParameter(_("The value of “%(name)s” is too long.") % {"name": name[:60]})


def _enliven(form, path):
    """Each input carries its own trigger: on the form, the search box would fire again as it loses focus."""
    for field in form.fields.values():
        live = {"hx-get": path, "hx-include": "closest form"}
        if isinstance(field.widget, TYPING):
            live["hx-trigger"] = "input changed delay:250ms"
        else:
            live["hx-trigger"] = "change"
        field.widget.attrs.update(live)
        if isinstance(field.widget, forms.NullBooleanSelect):  # its own word for no choice is "Unknown"
            field.widget.choices[0] = ("unknown", settings.FILTERS_EMPTY_CHOICE_LABEL)
        lighten(field)


class WordsFilter(django_filters.CharFilter):
    """Rows in which each of at most eight words occurs in one of `columns`; neither case nor accents matter."""

    def __init__(self, *args, columns, **kwargs):
        super().__init__(*args, max_length=LONGEST_VALUE, **kwargs)
        self.columns = columns

    def filter(self, queryset, value):
        """`value` is what a person typed, or empty."""
        for word in (value or "").split()[:MOST_WORDS]:
            found = Q()
            for column in self.columns:
                found |= Q(**{f"{column}__{Named.lookup_name}": word})
            queryset = queryset.filter(found)
        return queryset


class IdsFilter(django_filters.BaseInFilter, django_filters.NumberFilter):
    """Rows whose key is one of those given, separated by commas."""
