"""The joint pack of a month: as it was frozen, or as it stands while the month is open; with what was restated before."""

from dataclasses import dataclass

from accounts import organisation
from reports import periods
from reports.choice import Choice
from reports.models import Chief, ChiefWord, FrozenMonth, MonthComment
from reports.months import closing, comments, figures
from reports.months.official import Month, books
from reports.scorecard import saying

MONTHS_BACK = 12


@dataclass(frozen=True)
class Pack:
    """What is printed: figures and their neighbours as JSON (see `figures.told`), the month itself and earlier closed ones.

    `frozen`: told as at the close; else as it stands now. `restated` are the closed months up to this one that have
    changed since their close, the latest first.
    """

    month: Month
    figures: dict
    more: dict
    model: str
    currency: str
    frozen: bool
    restated: list[Month]
    comments: dict[str, MonthComment | None]
    chiefs: dict[Chief, ChiefWord | None]


def pack(month, at) -> Pack:
    """The Pack of a month."""
    model = closing.model_of(month)
    period = periods.between(periods.shifted(month, -MONTHS_BACK), month)
    choice = Choice(period, model, organisation.today(at), organisation.current().currency)
    found = books(choice)
    one = next((each for each in found.months if each.month == month), Month(month, None))
    frozen = one.shut and FrozenMonth.objects.get(close=one.shut.id)
    told = {"figures": frozen.figures, "pack": frozen.pack} if frozen else figures.told(month, model, at)
    return Pack(
        month=one,
        figures=told["figures"],
        more=told["pack"],
        model=frozen.model if frozen else model,
        currency=frozen.currency if frozen else choice.currency,
        frozen=bool(frozen),
        restated=[each for each in found.months if any(_changed(each))],
        comments=comments.latest(month),
        chiefs=saying.latest(month),
    )


def _changed(one):
    return (worth.n or worth.amount or worth.margin for worth in one.restated.values())
