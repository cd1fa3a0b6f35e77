"""The documentation and the tooltips say the same."""

import pytest
from django.conf import settings
from django.utils import translation

from reports.figures import ALL

METRICS = (settings.BASE_DIR / "docs" / "metrics.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("figure", ALL, ids=lambda figure: figure.name)
def test_each_figure_means_what_the_documentation_says(figure):
    with translation.override("en"):
        assert f"| {figure.label} |" in METRICS
        assert f"| {figure.meaning} |" in METRICS
