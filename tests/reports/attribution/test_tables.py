"""Models on tables of paths: the known examples, and an independent oracle on random ones."""

import json
from collections import Counter, defaultdict
from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.attribution import paths
from reports.attribution.paths import BadTable, Path
from reports.attribution.tables import ABOUT, MODELS, NOBODY, Settings, attribute

# https://serhiipuzyrov.com/2019/07/markov-chain-attribution-simple-explanation-of-removal-effect
GM = [Path(("G",), 2), Path(("M",)), Path(("G", "M")), Path(("G",), 0, nulls=1)]
LOOPS = [Path(tuple("ABABBA")), Path(tuple("ABBAA")), Path(tuple("AA"))]
walks = st.lists(
    st.tuples(
        st.lists(st.sampled_from("ABCDE"), max_size=6),
        st.integers(0, 5),
        st.integers(0, 90),
        st.integers(0, 5),
    ),
    max_size=8,
)


def credits(table, model, **settings):
    """{channel: conversions} of a table under a model."""
    return {one.channel: one.conversions for one in attribute(table, model, Settings(**settings))}


def nearly(expected):
    """Equal within a billionth."""
    return pytest.approx(expected, rel=0, abs=1e-9)


def test_markov_of_paths_that_loop():
    earned = {one.channel: one for one in attribute(LOOPS, "markov")}
    assert {name: one.removal for name, one in earned.items()} == nearly({"A": 1.0, "B": 0.5})
    assert credits(LOOPS, "markov") == nearly({"A": 2.0, "B": 1.0})


def test_markov_and_shapley_of_two_channels():
    earned = {one.channel: one for one in attribute(GM, "markov")}
    assert {name: one.removal for name, one in earned.items()} == nearly({"G": 0.75, "M": 0.5})
    assert credits(GM, "markov") == nearly({"G": 2.4, "M": 1.6})
    assert credits(GM, "shapley") == nearly({"G": 2.5, "M": 1.5})


def test_each_position_model_on_a_path_of_five_and_its_corner_cases():
    five, value = Path(tuple("abcde"), 1, 200.0), {}
    for model in ("first", "last", "linear", "u", "w", "z"):
        value[model] = {one.channel: one.value for one in attribute([five], model)}
    assert value["first"] == {"a": 200, "b": 0, "c": 0, "d": 0, "e": 0}
    assert value["last"] == {"a": 0, "b": 0, "c": 0, "d": 0, "e": 200}
    assert value["linear"] == nearly(dict.fromkeys("abcde", 40))
    assert value["u"] == nearly({"a": 80, "b": 40 / 3, "c": 40 / 3, "d": 40 / 3, "e": 80})
    assert value["w"] == nearly({"a": 60, "b": 10, "c": 60, "d": 10, "e": 60})
    assert value["z"] == nearly({"a": 45, "b": 45, "c": 45, "d": 20, "e": 45})
    # without a rest its share goes to the key touches; a touch that is key twice counts twice
    assert credits([Path(("a",))], "z") == nearly({"a": 1})
    assert credits([Path(("a", "b"))], "u") == nearly({"a": 0.5, "b": 0.5})
    assert credits([Path(("a", "b"))], "w") == nearly({"a": 2 / 3, "b": 1 / 3})
    assert credits([Path(("a", "b", "a"))], "u") == nearly({"a": 0.8, "b": 0.2})


def test_time_decay_halves_with_each_half_life():
    path = [Path(tuple("abc"))]
    assert credits(path, "decay", half_life=1) == nearly({"a": 1 / 7, "b": 2 / 7, "c": 4 / 7})
    assert credits(path, "decay")["c"] / credits(path, "decay")["a"] == pytest.approx(2 ** (2 / 7))


@settings(max_examples=40)
@given(walks)
def test_first_last_and_linear_as_an_oracle_has_them(rows):
    expected = {model: defaultdict(Fraction) for model in ("first", "last", "linear")}
    for steps, conversions, _value, _nulls in rows:
        names = steps or [NOBODY]
        expected["first"][names[0]] += conversions
        expected["last"][names[-1]] += conversions
        for name, times in Counter(names).items():
            expected["linear"][name] += Fraction(conversions * times, len(names))
    table = [Path(tuple(steps), conversions, value, nulls) for steps, conversions, value, nulls in rows]
    for model, sums in expected.items():
        found = {name: number for name, number in credits(table, model).items() if number}
        assert found == nearly({name: float(number) for name, number in sums.items() if number})


@settings(max_examples=40)
@given(walks, st.sampled_from(list(MODELS)))
def test_every_model_shares_out_all_conversions_and_all_value(rows, model):
    table = [Path(tuple(steps), conversions, value, nulls) for steps, conversions, value, nulls in rows]
    earned = attribute(table, model, Settings(order=2))
    sums = sum(one.conversions for one in earned), sum(one.value for one in earned)
    won = [path for path in table if path.conversions]
    whole = sum(path.conversions for path in won), sum(path.value for path in table)
    assert sums[0] == pytest.approx(whole[0], abs=1e-9)
    if any(path.conversions for path in table if path.channels) or model not in ("markov", "shapley_rate"):
        assert sums[1] == pytest.approx(whole[1], abs=1e-9)


@pytest.mark.parametrize("model", list(MODELS))
def test_every_model_names_every_channel(model):
    table = [Path(("a", "b"), 2, 10, 1), Path(("c",), 0, 0, 0)]
    for rows, expected in ((table, {"a", "b", "c"}), (table[1:], {"c"})):
        earned = {one.channel: one.conversions for one in attribute(rows, model)}
        assert (earned.keys(), earned["c"]) == (expected, 0)


def test_paths_are_read_with_any_of_three_delimiters():
    plain = "path,conversions,value,nulls\na > b > a,2,10.5,1\n\n b ,0,,3\n"
    expected = [Path(("a", "b", "a"), 2, 10.5, 1), Path(("b",), 0, 0, 3)]
    assert paths.parse(plain) == expected
    assert paths.parse(plain.replace(",", "\t")) == expected
    assert paths.parse(plain.replace(",", ";").replace("10.5", "10,5")) == expected
    assert paths.parse("Path\na > a\n") == [Path(("a", "a"))]
    assert paths.parse("path\nSearch, paid > Mail\n") == [Path(("Search, paid", "Mail"))]
    for wrong in ("way\na\n", "path,conversions\na,x\n", "path,conversions\na,-1\n", ""):
        with pytest.raises(BadTable):
            paths.parse(wrong)


def test_the_command(tmp_path):
    file = tmp_path / "paths.csv"
    file.write_text(
        "path;conversions;value;nulls\nA>B>A>B>B>A;1;30;0\nA > B > B > A > A;1;30;0\nA > A;1;30;0\n"
    )

    def told(*options):
        out = StringIO()
        call_command("attribute", str(file), *options, stdout=out)
        return out.getvalue()

    assert told("--model", "markov") == "A\t2.0000000000\nB\t1.0000000000\n"
    assert told("--model", "markov", "--by", "value") == "A\t60.0000000000\nB\t30.0000000000\n"
    body = json.loads(told("--model", "markov", "--format", "json"))
    assert [(one["channel"], one["credit"], one["removal"]) for one in body["channels"]] == nearly_rows(
        [("A", 2.0, 1.0), ("B", 1.0, 0.5)]
    )
    assert set(ABOUT) == set(MODELS)
    for names in (
        ("U", "u_shaped", "U-Shaped", "position based"),
        ("time_decay", "time-decay", "decay"),
        ("Z", "z"),
    ):
        assert len({told("--model", name) for name in names}) == 1
    bare = tmp_path / "bare.csv"
    bare.write_text("path,conversions\na > b,1\n")
    with pytest.raises(CommandError, match="has no values"):
        call_command("attribute", str(bare), model="linear", by="value")
    with pytest.raises(CommandError, match="no model 'luck'"):
        told("--model", "luck")
    with pytest.raises(CommandError, match="No such file"):
        call_command("attribute", str(tmp_path / "none.csv"), "--model", "first")


@pytest.mark.parametrize(
    "text, others",
    [
        ("path;Umwandlungen;Wert\na > b;2;9\n", "Umwandlungen, Wert"), ("Path,id,Conversions\na,7,2\n", ""), ("path\na > b\n", ""),
        ("path,total_conversions,total_null\na > b,2,1\n", ""),
    ],
)  # fmt: skip
def test_the_command_names_columns_where_it_knows_none(tmp_path, text, others):
    file, said = tmp_path / "paths.csv", StringIO()
    file.write_text(text)
    call_command("attribute", str(file), "--model", "first", stdout=StringIO(), stderr=said)
    assert (f"none of the columns {others} is named" in said.getvalue()) == bool(others)
    assert bool(said.getvalue()) == bool(others)


@pytest.mark.parametrize(
    "text, words",
    [
        (b"", "is empty"), (b"path,conversions\n", "no paths"), (b"way\na\n", "no column named path"),
        (b"path,conversions\nSearch, paid > Mail,1\n", "Line 2 has more cells"),
        (b"path\n\xff\xfe\x00", "not UTF-8"), (b'path\n"' + b"x" * 200_000, "read as a table"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_wrong_with_a_file(tmp_path, text, words):
    file = tmp_path / "paths.csv"
    file.write_bytes(text)
    with pytest.raises(CommandError, match=words):
        call_command("attribute", str(file), "--model", "first")


def nearly_rows(rows):
    """Rows with numbers equal within a billionth."""
    return [(name, *(nearly(number) for number in numbers)) for name, *numbers in rows]
