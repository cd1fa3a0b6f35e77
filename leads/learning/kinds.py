"""What a column holds, found by looking: words, numbers or dates; and which columns nothing can be learned from."""

import re
from dataclasses import dataclass, field

import numpy as np

from leads.learning import cells

WORD, NUMBER, DATE = "word", "number", "date"
SAMPLE = 400  # distinct texts looked at
# How the names of columns end that hold keys.
KEYS = re.compile(
    r"(?i:(?:^|[\W_])(?:ids?|key|nr|no|num|number|code|phone|mobile|zip|vat|ид|инн|номер|код|телефон)$)|[a-z]I[dD]$"
    r"|№|(?:编号|号码|电话|手机)$"
)
# How columns are called whose numbers may count days or seconds.
DATED = re.compile(
    r"(?i:(?:^|[\W_])(?:date|datetime|time|timestamp|day|дата|время|день)$|date$|[a-z]_(?:at|on|ts)$|^(?:date|дата)[\W_])|[a-z](?:At|Date|Time)$"
    r"|(?i:(?:^|[\W_])(?:created|opened|closed|updated|modified|registered|captured|создано?|закрыто?|изменено?|получено?)$)|日期|时间$"
)
LONG = 10**8  # phone and tax numbers
NINES = re.compile(r"-?9{3,}(?:\.0+)?|-1(?:\.0+)?|-9{1,2}(?:\.0+)?")


@dataclass(frozen=True)
class Kind:
    """What a column holds. `form`: how its dates are written; `nothing`: texts that stand for nothing, such as 999."""

    column: str
    kind: str
    form: str = ""
    nothing: tuple = ()


@dataclass(frozen=True)
class LeftOut:
    """A column that is not learned from: `why` is a key of `reasons.WHY`, `detail` fills its sentence."""

    column: str
    why: str
    detail: dict = field(default_factory=dict)


def kind_of(column):
    """The Kind of a column, or LeftOut where nothing can be learned from it."""
    counts = np.bincount(column.codes[column.filled], minlength=len(column.texts))
    texts = [text for text, count in zip(column.texts, counts, strict=True) if count]
    filled, n = int(counts.sum()), column.codes.size
    if filled < max(10, 0.002 * n):
        return LeftOut(column.name, "empty", {"filled": filled})
    if len(texts) == 1 and filled == n:
        return LeftOut(column.name, "one_value")
    step = max(1, len(texts) // SAMPLE)
    sample = texts[::step][:SAMPLE]
    form = cells.date_form(sample) if any(map(str.isdigit, "".join(sample[:5]))) else None
    numeric = sum(cells.number(text) is not None for text in sample) >= 0.97 * len(sample)
    if numeric and DATED.search(column.name):
        form = cells.counted_form(sample) or form
    if form and not (numeric and form == "%Y%m%d" and not _plausible_days(sample)):
        return Kind(column.name, DATE, form)
    if numeric and len(texts) > 2:
        return _number(column, texts, counts[counts > 0], filled)
    if len(texts) > 0.5 * filled:
        return LeftOut(column.name, "each_own", {"distinct": len(texts), "filled": filled})
    return Kind(column.name, WORD)


def may_be_dates(table):
    """The columns of numbers that nothing calls dates, but that could count days or seconds since the turn of the century."""
    return [
        column.name
        for column in table.values()
        if getattr(kind_of(column), "kind", None) == NUMBER
        or getattr(kind_of(column), "why", "") == "each_own"
        if _may_count(column.texts[:: max(1, len(column.texts) // SAMPLE)])
    ]


def _may_count(texts):
    form = cells.counted_form(texts)
    if form != "excel":
        return bool(form)
    told = [cells.number(text) or 0 for text in texts]
    round_ones = sum(number % 100 == 0 for number in told)  # as most amounts of that size are
    return len(told) > 20 and min(told) >= 36_500 and max(told) < 55_000 and round_ones < 0.1 * len(told)


def _plausible_days(sample):
    return all(len(text) == 8 and text[:2] in ("19", "20") for text in sample)


def _number(column, texts, counts, filled):
    values = [cells.number(text) for text in texts]
    if len(texts) > 0.95 * filled and filled >= 50 and _are_keys(column, values):
        return LeftOut(column.name, "each_own", {"distinct": len(texts), "filled": filled})
    return Kind(column.name, NUMBER, nothing=_stand_ins(texts, values, counts, filled))


def _are_keys(column, values):
    """Whether numbers, nearly all different, name rows instead of measuring them: called so, counting on, dense or long and alike."""
    known = [value for value in values if value is not None]
    if not all(map(float.is_integer, known)):
        return False
    told = np.array([np.nan if (value := cells.number(text)) is None else value for text in column.texts])
    steps = np.diff(told[column.codes[column.filled]])
    return bool(
        KEYS.search(column.name)
        or max(np.mean(steps > 0), np.mean(steps < 0)) > 0.95
        or max(known) - min(known) < 2 * len(known)
        or (min(known) >= LONG and len(str(int(min(known)))) == len(str(int(max(known)))))
    )


def _stand_ins(texts, values, counts, filled):
    """Numbers that stand for nothing: 999, −1 and the like; frequent, at an end, and far from all the others."""
    found = []
    for text, value, count in zip(texts, values, counts, strict=True):
        if value is None or not NINES.fullmatch(text) or count < 0.01 * filled:
            continue
        others = [other for other in values if other is not None and other != value]
        if others and ((value > 0 and value >= 2 * max(others)) or (value < 0 <= min(others))):
            found.append(text)
    return tuple(found)


def without_stand_ins(column, kind):
    """The column with its stand-ins for nothing as nothing."""
    if not kind.nothing:
        return column
    places = [column.texts.index(text) for text in kind.nothing]
    return type(column)(
        column.name, column.texts, np.where(np.isin(column.codes, places), -1, column.codes).astype(np.int32)
    )


def moments(column, form):
    """(n,) float64: seconds since 1970, NaN where there is no date."""
    read = [cells.moment(text, form) for text in column.texts]
    return column.spread([np.nan if when is None else when.timestamp() for when in read], np.nan)
