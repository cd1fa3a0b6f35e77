"""The API's filters, which build no form, answer as the whole FilterSet with its form does: for every resource."""

import pytest
from django.http import QueryDict
from django_filters.utils import translate_validation
from rest_framework.exceptions import ValidationError

from accounts.narrowing import AskedFilters, known_parameters
from config.api import router
from ui.filters import UnknownParameter

RESOURCES = [view for _prefix, view, _name in router.registry if view.filterset_class]
VALUES = ("1", "999999999", "true", "x", "mql", "2026-05-01", "2026-05-01T10:00:00Z", "", "1,2", "²")


class Asked:
    """A request, as far as filters look at it."""

    def __init__(self, query):
        self.query_params = QueryDict(query)


def told(narrow):
    """What comes of it: the statement, or the refusal as the client reads it."""
    try:
        return str(narrow().order_by("pk").query)
    except ValidationError as error:
        return error.get_codes(), error.detail


def by_form(view, asked):
    whole = view.filterset_class(asked.query_params, view.queryset.all())
    if not whole.is_valid():
        raise translate_validation(whole.errors)
    return whole.qs


@pytest.mark.parametrize("view", RESOURCES, ids=lambda view: view.__name__)
def test_each_parameter_narrows_as_the_form_would(view, db):
    for name in known_parameters(view.filterset_class):
        for value in VALUES:
            asked = Asked(f"{name}={value}&limit=5")
            lean = told(lambda: AskedFilters().filter_queryset(asked, view.queryset.all(), view))  # noqa: B023
            assert lean == told(lambda: by_form(view, asked)), (name, value)  # noqa: B023


def test_several_parameters_and_several_mistakes(db):
    view = next(view for view in RESOURCES if view.__name__ == "LeadResource")
    for query in ("stage=mql&stage=new&channel=seo&q=a+b", "owner=x&stage=nowhere&channel=seo"):
        asked = Asked(query)
        lean = told(lambda: AskedFilters().filter_queryset(asked, view.queryset.all(), view))  # noqa: B023
        assert lean == told(lambda: by_form(view, asked))  # noqa: B023
    with pytest.raises(UnknownParameter):
        AskedFilters().filter_queryset(Asked("secret=1"), view.queryset.all(), view)
