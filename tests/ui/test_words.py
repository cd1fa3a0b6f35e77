"""Search by words."""

import django_filters
import pytest

from pipeline.models import Company
from tests import cast as make
from ui.filters import FilterSet, IdsFilter, WordsFilter


class Companies(FilterSet):
    q = WordsFilter(columns=["name", "domain"])
    id = IdsFilter(field_name="id")
    since = django_filters.DateFromToRangeFilter(field_name="created_at")


@pytest.mark.django_db
def test_every_word_must_occur_somewhere():
    nord, sued = (
        make.company("Nordlicht Energie", domain="nordlicht.example"),
        make.company("Südlicht Energie"),
    )

    def found(**data):
        return set(Companies(data, Company.objects.all()).qs)

    assert found(q="energie") == {nord, sued}
    assert found(q="LICHT nord") == {nord}
    assert found(q="") == {nord, sued}
    assert found(id=f"{sued.pk}") == {sued}
