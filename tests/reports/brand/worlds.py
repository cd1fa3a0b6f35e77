"""What tests of the brand work with: waves and months that somebody of marketing wrote down."""

from datetime import date

from reports.models import BrandWave, SearchShare


def wave(cast, name="Spring", on=date(2026, 4, 20), asked=400, **told):
    """A wave; of awareness alone unless it says otherwise."""
    known = {"top": 40, "other": 60, "prompted": 100} | told
    return BrandWave.objects.create(name=name, on=on, asked=asked, entered_by=cast.marketer, **known)


def marked(cast, score, name="Image", on=date(2026, 4, 20), asked=100, **told):
    """A wave of a mean on a scale from 1 to 5 alone."""
    scale = {"reputation": "mean", "score": score, "low": 1, "high": 5} | told
    return BrandWave.objects.create(name=name, on=on, asked=asked, entered_by=cast.marketer, **scale)


def searched(cast, month=date(2026, 4, 1), own=300, total=1000, **told):
    """The searches of a month."""
    return SearchShare.objects.create(month=month, own=own, total=total, entered_by=cast.marketer, **told)
