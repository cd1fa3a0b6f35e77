"""Columns of cells: what is taken at one look is what each cell by itself would come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.importing import mapping as mappings
from leads.importing.cells import FORGET_AFTER, Bad, converter
from leads.importing.problems import MappingWrong

ODD = ["", " ", "  a", "a  b", "a\tb", "\na", "a\nb", "'=1", "'tis", "O'Brien", "e\u0301", "\u00e9", "\u0301", "a\u200bb", "\ufeffx",
       "\u3000\u738b", "\u738b\u5c0f\u660e", "soft\u00adhyphen", "x" * 201, "n/a", "Ann@Example.COM", "+1 212 555 0100"]  # fmt: skip
CELLS = st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=6)), max_size=8)
SPEC = {"kind": "leads", "region": "US", "columns": {}}


def memo(target, **more):
    return converter(mappings.from_spec(SPEC | more), target)


@pytest.mark.parametrize("target", ["job_title", "email", "mobile", "channel", "attributes.note"])
@given(cells=CELLS)
def test_a_column_is_its_cells(target, cells):
    alone = [memo(target).prepared(cell) for cell in cells]
    assert memo(target).column(tuple(cells)) == alone
    assert memo(target).column(("Ann", *cells, "Bob"))[1:-1] == alone


@given(cells=CELLS)
def test_words_and_mends_of_the_mapping_are_heard_in_clean_columns_too(cells):
    told = {"values": {"job_title": {"Head": "Chief"}}, "fixes": {"job_title": [["^Dr ", ""]]}}
    assert memo("job_title", **told).column(("Head", "Dr Head", *cells))[:2] == ["Chief", "Chief"]


def test_micros_of_the_shipped_mapping_are_divided_however_they_are_written():
    google = mappings.load("google_ads")
    written = ("36150000", "36150000.0", "3.615E+07", "-1500000")
    assert converter(google, "amount").column(written) == ["36.1500", "36.1500", "36.1500", "-1.5000"]
    for parts in ({"amount": 0}, {"amount": "1000"}, {"clicks": 1000}, {"no such": 1000}):
        with pytest.raises(MappingWrong):
            mappings.from_spec(google.spec | {"parts": parts})


def test_a_cell_too_long_is_told_apart():
    column = memo("job_title")
    assert column.column(("fine", "x" * 200)) == ["fine", "x" * 200]
    assert not column.bad
    assert [type(one) for one in column.column(("fine", "x" * 201))] == [str, Bad]
    assert column.bad


def test_what_is_remembered_stays_small():
    column = memo("email")
    for start in range(0, 3 * FORGET_AFTER, FORGET_AFTER):
        column.column([f"a{start + n}@b.example" for n in range(FORGET_AFTER)])
    assert len(column) <= 2 * FORGET_AFTER + 1
