"""JSON from strangers: small, shallow, and storable."""

import io

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from engine.parsers import DEEPEST, SafeJSONParser, loads
from engine.refusals import TooLarge
from engine.renderers import OrjsonRenderer

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_characters="\x00", codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcü", max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON)
def test_what_is_written_is_read(value):
    raw = OrjsonRenderer().render(value) or b"null"
    assert loads(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        rb'{"a": "\u0000"}',
        rb'{"\u0000": 1}',
        rb'[[{"a": ["x\u0000"]}]]',
        rb'"\ud800"',
        b'"\xff"',
        b'"\x00"',
        b"NaN",
        b"Infinity",
        b"1e99999",
        b'{"a": [9007199254740993]}',
        b'{"a": {"tax": 10000000000000000000000000}}',
        b"-1e300",
        b"",
        b"{",
        b"[" * 2_000 + b"]" * 2_000,
        b"[" * 100_000,
        b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2),
    ],
)
def test_hostile_json_is_refused(raw):
    with pytest.raises(ParseError):
        loads(raw)


def test_a_number_beyond_64_bits_that_stands_in_the_house_can_be_read():
    assert orjson.loads(OrjsonRenderer().render({"a": [10**30], "b": 2.5})) == {"a": [str(10**30)], "b": 2.5}


def test_limits_are_met_exactly():
    assert loads(b"[" * DEEPEST + b"]" * DEEPEST)
    assert loads(rb'["\\u0000"]') == ["\\u0000"]
    assert len(loads(b"[" + b"[1]," * 5_000 + b"[1]]")) == 5_001


def test_size_is_bounded(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert SafeJSONParser().parse(io.BytesIO(b'"12345678"')) == "12345678"
    with pytest.raises(TooLarge):
        SafeJSONParser().parse(io.BytesIO(b'"123456789"'))
