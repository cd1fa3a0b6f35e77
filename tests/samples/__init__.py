"""Real data, where it is: never part of the project."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


def folder():
    """The folder TANDEM_SAMPLES, else shared/data beside the project; without it the test is skipped with a line."""
    found = Path(os.environ.get("TANDEM_SAMPLES") or BESIDE)
    if not found.is_dir():
        pytest.skip(f"no sample data: {found} is not there; set TANDEM_SAMPLES to its folder")
    return found
