"""How an address of the API narrows its list: only the filters that it names are looked at, by fields that are kept."""

from functools import cache

from django.forms import ValidationError
from django.forms.utils import ErrorDict, ErrorList
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation

from ui.filters import refuse_strange


class AskedFilters(DjangoFilterBackend):
    """What a FilterSet with a form does, for a list that has many filters and a request that names two."""

    def filter_queryset(self, request, queryset, view):
        """`queryset` narrowed. Raises what `ui.filters` raises for unknown parameters, and ValidationError."""
        whole, params = view.filterset_class, request.query_params
        known = known_parameters(whole)
        refuse_strange(params, set(known) | whole.also)
        asked = {known[name] for name in params if name in known}
        errors = ErrorDict()
        for name, one in kept(whole, queryset.model).filters.items() if asked else ():
            if name not in asked:
                continue
            try:
                value = one.field.clean(one.field.widget.value_from_datadict(params, {}, name))
            except ValidationError as error:
                errors[name] = ErrorList(error.error_list)
            else:
                queryset = one.filter(queryset, value)
        if errors:
            raise translate_validation(errors)
        return queryset


@cache
def known_parameters(filterset_class):
    """{parameter: filter that reads it} of a FilterSet; a range reads two."""
    known = {}
    for name, one in filterset_class.base_filters.items():
        suffixes = getattr(one.field.widget, "suffixes", ()) or ("",)
        known |= {f"{name}_{suffix}" if suffix else name: name for suffix in suffixes}
    return known


@cache
def kept(filterset_class, model):
    """A FilterSet without data, whose filters and fields serve every request: cleaning and filtering change neither."""
    return filterset_class(queryset=model._default_manager.none())
