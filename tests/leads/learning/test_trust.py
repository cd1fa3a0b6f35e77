"""A card says where what was predicted did not come true, or wins have changed; and nothing where they have not."""

import pytest
from django.core.management import call_command

from leads.learning import trust

STEADY = {
    "split": "time", "rows": 3000, "won": 300, "learned": 2000, "judged": 1000, "calibration_error": 0.02,
    "bins": [(0.05, 0.06, 500), (0.15, 0.14, 500)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("other", "holds", "changed"),
    [
        ({}, True, False),
        ({"calibration_error": 0.05}, False, False),  # half of what is won
        ({"bins": [(0.05, 0.2, 500), (0.15, 0.4, 500)], "calibration_error": 0.2, "won": 400}, False, True),
        ({"bins": [(0.05, 0.2, 500), (0.15, 0.4, 500)], "calibration_error": 0.2, "won": 400, "split": "random"},
         False, False),
        ({"bins": [(0.05, 0.01, 500), (0.15, 0.03, 500)], "won": 400, "calibration_error": 0.08}, False, True),
        ({"bins": [(0.05, 0.06, 500), (0.1, 0.1, 425), (0.095, 17 / 75, 75)][::-1]}, True, False),  # not the best
        ({"bins": [(0.03, 0.03, 925), (0.095, 17 / 75, 75)], "won": 134, "calibration_error": 0.01}, False, False),  # where people act upon it
        ({"bins": [(0.03, 0.03, 925), (0.3, 8 / 75, 75)], "won": 107, "calibration_error": 0.01}, False, False),
        ({"bins": [(0.03, 0.03, 925), (0.095, 13 / 75, 75)], "won": 122, "calibration_error": 0.01}, True, False),  # by chance
        ({"bins": [(0.05, 0.05, 90_000), (0.4, 0.42, 10_000)], "judged": 100_000, "learned": 200_000,
          "rows": 300_000, "won": 26_000}, True, False),  # surely another share, but no matter
        ({"bins": [(0.1, 0.0, 5), (0.2, 0.4, 5)], "judged": 10, "learned": 20, "rows": 30, "won": 4,
          "calibration_error": 0.15}, True, False),  # of ten leads chance makes as much
    ],
)  # fmt: skip
def test_what_did_not_come_true_is_told(other, holds, changed):
    found = trust.of(STEADY | other)
    assert (found.holds, found.changed, len(found.words)) == (holds, changed, (not holds) + changed)


def test_the_best_tenth_is_told_with_its_interval():
    bins = [(0.03, 0.03, 925), (0.095, 17 / 75, 75)]
    (words,) = trust.of(STEADY | {"bins": bins, "won": 134, "calibration_error": 0.01}).words
    assert words == (
        "The best tenth does not come true on the newest leads: 9.5% were predicted to win and 22.7% did "
        "(99% interval 12.7% to 37.0%). Go by the order of the leads, not by the number."
    )


def test_the_command_says_so(tmp_path, capsys):
    path = tmp_path / "drifted.csv"
    rows = [(n % 7, "yes" if n % (5 if n > 1400 else 40) == n % 7 % 2 else "no") for n in range(2000)]
    path.write_text("size,won\n" + "".join(f"{size},{won}\n" for size, won in rows))
    call_command("evaluate", str(path), outcome="won", split="time")
    told = capsys.readouterr().out
    assert "The newest leads win more often than those it learned from: 20." in told
    assert "The calibration does not hold on the newest leads" in told
    call_command("evaluate", str(path), outcome="won", split="random")
    assert "does not hold" not in capsys.readouterr().out
