"""The saturating curve: it finds the one that the months were made of, and says what it cannot know."""

from collections import Counter
from math import exp
from random import Random

import pytest

from reports import response, simulating
from reports.histories import Month
from tests.cast import NOON

DAY = NOON.date()


def months(floor, ceiling, scale, spends, noise=()):
    """Months of a known curve; a pass is worth 50 of pipeline and 20 of revenue."""
    told = []
    for at, spend in enumerate(spends):
        leads = floor + ceiling * (1 - exp(-spend / scale)) + (noise[at % len(noise)] if noise else 0)
        told.append(Month(DAY, spend, leads, leads * 50, leads * 20))
    return told


SPENDS = [100 + 75 * (at % 9) for at in range(24)]


def test_the_curve_of_the_months_is_found():
    found = response.fitted(months(10, 80, 300, SPENDS), response.generator(1))
    for spend in (100, 300, 700):
        expected = 10 + 80 * (1 - exp(-spend / 300))
        assert found.leads(spend)[0] == pytest.approx(expected, rel=0.01)
        estimate, low, high = response.interval(found.leads(spend))
        assert low <= estimate * 1.001
        assert high >= estimate * 0.999
    assert (found.pipeline[0], found.revenue[0]) == (pytest.approx(50), pytest.approx(20))


def test_more_spend_never_brings_less_and_neither_part_is_below_nothing():
    falling = [Month(DAY, spend, 100 - spend / 10, 0, 0) for spend in SPENDS]
    steep = [Month(DAY, spend, max(spend / 10 - 20, 0), 0, 0) for spend in SPENDS]
    for told in (falling, steep):
        found = response.fitted(told, response.generator(1))
        assert (found.floor >= 0).all()
        assert (found.ceiling >= 0).all()
        assert (found.leads(500) >= found.leads(200) - 1e-9).all()


def test_noise_widens_what_is_told():
    noise = (9, -7, 4, -11, 6, -3, 8, -6)
    calm, noisy = (
        response.interval(response.fitted(told, response.generator(1)).leads(400))
        for told in (months(10, 80, 300, SPENDS), months(10, 80, 300, SPENDS, noise))
    )
    assert noisy[2] - noisy[1] > 4 * (calm[2] - calm[1])


@pytest.mark.parametrize("over", [1, 2, 3])
def test_nine_of_ten_quarters_come_as_they_were_expected(over):
    """Months made by a known curve and chance: what comes after a move lies in its range as often as it says."""
    chance = Random(over)

    def made(spends, ceiling):
        told = []
        for spend in spends:
            leads = max(5 + ceiling * (1 - exp(-spend / 400)) + chance.gauss(0, 8), 0)
            told.append(
                Month(DAY, spend, leads, leads * chance.uniform(30, 70), leads * chance.uniform(10, 30))
            )
        return told

    within, sure, tries = Counter(), Counter(), 60
    for seed in range(tries):
        told = {"from": made(SPENDS, 60), "to": made(SPENDS, 90)}
        found = simulating.simulate(told, "from", "to", 50, seed)
        months = [
            month
            for side, size in ((found.source, 60), (found.target, 90))
            for month in made([side.then] * over, size)
        ]
        for name in simulating.MEASURES:
            came, mean = sum(getattr(one, name) for one in months), found.after[name]
            within[name] += found.came[name][over - 1].low <= came <= found.came[name][over - 1].high
            sure[name] += mean.low <= came * simulating.QUARTER / over <= mean.high
    assert all(0.78 * tries <= within[name] for name in simulating.MEASURES), within
    assert within.total() < 0.98 * 3 * tries
    assert (
        within.total() > sure.total() + 0.2 * 3 * tries
    )  # what is sure of the mean says nothing of a quarter


def test_a_move_to_where_the_curve_is_steep_gains_and_the_same_question_has_the_same_answer():
    told = {
        "full": months(5, 20, 50, SPENDS),
        "hungry": months(5, 200, 2_000, SPENDS, (1, -1, 2, -2)),
        "new": months(5, 20, 50, SPENDS[:3]),
        "steady": months(5, 20, 50, [100] * 24),
    }
    found = simulating.simulate(told, "full", "hungry", 100, seed=1)
    assert found.change["leads"].low > 0
    assert found.change["revenue"].is_sure
    assert found.change["pipeline"].estimate == pytest.approx(found.change["leads"].estimate * 50, rel=0.05)
    assert found.change["leads"].estimate == pytest.approx(
        sum(found.after[one].estimate - found.before[one].estimate for one in ("leads",))
    )
    assert simulating.simulate(told, "full", "hungry", 100, seed=1) == found
    back = simulating.simulate(told, "hungry", "full", 100, seed=1)
    assert back.change["leads"].high < 0
    for key, why in (("new", "months"), ("steady", "spread")):
        stuck = simulating.simulate(told, key, "hungry", 10, seed=1)
        assert (stuck.is_fitted, stuck.source.obstacle, stuck.target.obstacle) == (False, why, "")
    assert simulating.simulate(told, "full", "hungry", 100, seed=1).target.is_far is False
    assert simulating.simulate(told, "full", "hungry", 1_000, seed=1).target.is_far is True
