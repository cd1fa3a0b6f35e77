"""What a wave says: sums and shares worked out naively, Wilson's interval, and a mark on any scale."""

from decimal import Decimal
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from reports.brand.shares import awareness, reputation

NOTHING = {
    "reputation": "",
    "score": None,
    "low": None,
    "high": None,
    "deviation": None,
    "top": None,
    "other": None,
    "prompted": None,
}


def wave(asked=400, **told):
    return NOTHING | {"asked": asked, **told}


@given(*(st.integers(0, 300) for _group in range(4)))
def test_groups_sum_and_have_wilsons_interval(top, other, prompted, rest):
    asked = top + other + prompted + rest + 1
    found = awareness(wave(asked, top=top, other=other, prompted=prompted))
    people = {
        "top": top,
        "other": other,
        "unaided": top + other,
        "prompted": prompted,
        "total": top + other + prompted,
    }
    assert {name: one.people for name, one in found.items()} == people
    for name, one in found.items():
        p, n, z = people[name] / asked, asked, 1.96
        middle, half = (
            (p + z * z / (2 * n)) / (1 + z * z / n),
            z * sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2) / (1 + z * z / n),
        )
        assert float(one.rate) == p
        assert all(
            abs(got - wanted) < 1e-9
            for got, wanted in zip(one.interval, (max(0, middle - half), min(1, middle + half)), strict=True)
        )


def test_what_was_not_asked_is_not_known():
    only_prompted = awareness(wave(prompted=100))
    assert {name: one and one.rate for name, one in only_prompted.items()} == {
        "top": None,
        "other": None,
        "unaided": None,
        "prompted": Decimal("0.25"),
        "total": Decimal("0.25"),
    }
    assert set(awareness(wave()).values()) == {None}
    assert reputation(wave()) is None


def test_a_reputation_is_told_in_percent_of_its_scale():
    mean = reputation(
        wave(100, reputation="mean", score=Decimal("4.2"), low=1, high=5, deviation=Decimal("0.8"))
    )
    assert mean.percent == 80
    assert [round(one, 4) for one in mean.interval] == [76.08, 83.92]  # 80 ± 1.96 · 20 / √100
    assert reputation(wave(reputation="net", score=Decimal(-20))).percent == 40
    assert reputation(wave(reputation="net", score=Decimal(-20))).interval is None
    edge = reputation(wave(4, reputation="mean", score=5, low=1, high=5, deviation=1))
    assert (edge.percent, edge.interval[1]) == (100, 100.0)
