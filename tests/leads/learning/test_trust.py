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
        ({"bins": [(0.1, 0.0, 5), (0.2, 0.4, 5)], "judged": 10, "learned": 20, "rows": 30, "won": 4,
          "calibration_error": 0.15}, True, False),  # of ten leads chance makes as much
    ],
)  # fmt: skip
def test_what_did_not_come_true_is_told(other, holds, changed):
    found = trust.of(STEADY | other)
    assert (found.holds, found.changed, len(found.words)) == (holds, changed, (not holds) + changed)


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
