"""Filters refuse what they do not understand."""

import django_filters
import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory

from pipeline.channels import Channel
from pipeline.models import Campaign
from tests import cast as make
from ui.filters import FilterSet, OversizedParameter, UnknownParameter
from ui.templatetags.ui import chosen as in_words


class Campaigns(FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    channel = django_filters.ChoiceFilter(choices=Channel.choices)
    starts = django_filters.DateFromToRangeFilter(field_name="starts_on")
    owned = django_filters.BooleanFilter(
        field_name="owner", lookup_expr="isnull", exclude=True, widget=forms.CheckboxInput
    )

    class Meta:
        model = Campaign
        fields = []


def chosen(query):
    return Campaigns(QueryDict(query), queryset=Campaign.objects.all())


@pytest.mark.django_db
def test_known_parameters_filter():
    fair, search = make.campaign("Hannover fair"), make.campaign("Brand search")
    assert set(chosen("q=fair").qs) == {fair}
    assert set(chosen("").qs) == {fair, search}
    assert set(chosen("q=fair&sort=-name&cursor=abc").qs) == {fair}


@pytest.mark.parametrize("query", ["colour=red", "q=a&Q=b", "starts_on=2026-01-01", "channel__in=sem"])
def test_unknown_parameters_are_refused(query):
    with pytest.raises(UnknownParameter):
        chosen(query)


def test_ranges_have_their_own_names():
    assert chosen("starts_after=2026-01-01&starts_before=2026-02-01").is_valid()


@pytest.mark.parametrize("query", ["q=" + "x" * 201, "&".join(["q=x"] * 101)])
def test_oversized_parameters_are_refused(query):
    with pytest.raises(OversizedParameter):
        chosen(query)


def test_a_choice_that_does_not_exist_is_an_error_of_the_form():
    one = chosen("channel=smoke_signals")
    assert not one.is_valid()
    assert list(one.errors) == ["channel"]


def test_is_filtered_tells_whether_there_is_something_to_clear():
    assert chosen("q=fair").is_filtered
    assert not chosen("sort=name&q=").is_filtered


def test_each_input_asks_for_the_rows_anew():
    filters = Campaigns(
        QueryDict(""), queryset=Campaign.objects.none(), request=RequestFactory().get("/campaigns/")
    )
    assert next(iter(filters.form.fields)) == "q"
    assert dict(filters.form.fields["channel"].choices)[""] == "Any"
    triggers = {name: field.widget.attrs["hx-trigger"] for name, field in filters.form.fields.items()}
    assert triggers["q"] == "input changed delay:250ms"
    assert triggers["channel"] == "change"
    assert filters.form.fields["q"].widget.attrs["hx-get"] == "/campaigns/"


def test_no_choice_of_yes_or_no_is_called_any():
    class Started(FilterSet):
        open = django_filters.BooleanFilter(field_name="ends_on", lookup_expr="isnull")

        class Meta:
            model = Campaign
            fields = []

    filters = Started(
        QueryDict(""), queryset=Campaign.objects.none(), request=RequestFactory().get("/campaigns/")
    )
    assert [label for _value, label in filters.form.fields["open"].widget.choices] == ["Any", "Yes", "No"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("starts_after=2026-10-01&starts_before=2026-12-31", "1 Oct 2026 – 31 Dec 2026"),
        ("starts_after=2026-10-01", "1 Oct 2026 –"),
        ("starts_before=2026-12-31", "– 31 Dec 2026"),
    ],
)
def test_paper_says_a_range_as_people_do(query, words):
    """Not as the computer keeps it, and beside what else is chosen."""
    found = chosen(f"channel={Channel.SEM}&{query}")
    assert in_words(found.form) == f"Channel: {Channel.SEM.label}, First day: {words}"
