"""Which rows were won: the outcome column in whatever words it is written."""

from dataclasses import dataclass

import numpy as np

from leads.learning import cells

WON = {"yes", "y", "true", "t", "1", "x", "да", "д", "истина", "是", "对", "ja", "won", "closed won", "win", "success", "successful", "converted", "signed", "bought", "customer", "paid",
             "positive", "成交", "赢单", "已成交", "выиграна", "выигран", "успех"}  # fmt: skip
LOST = {"no", "n", "false", "f", "0", "нет", "ложь", "否", "不", "nein", "lost", "closed lost", "loss", "failure", "failed", "not converted", "unsuccessful", "rejected",
             "negative", "输单", "流失", "未成交", "проиграна", "проигран", "отказ", "disqualified", "churned"}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """(n,) bool `won` and `closed`: rows that are neither won nor lost are still open and learned from by nobody."""

    won: np.ndarray
    closed: np.ndarray
    positive: str


def read(column, positive=None) -> Outcome:
    """The Outcome of a column: won and lost in words, 1 and 0, or a date or key that only what was won has.

    `positive` names what counts as won; the rest is then lost. Raises ValueError with what is wrong.
    """
    folded = [text.casefold().rstrip(".") for text in column.texts]
    if positive is not None:
        mine = [text == positive.strip().casefold() for text in folded]
        if not any(mine):
            raise ValueError(f"The outcome column never says “{positive}”.")
        won, lost = mine, _lost_beside(folded, mine)
    else:
        won, lost = _by_words(folded)
    if won is None:
        return Outcome(column.filled, np.ones_like(column.filled), "filled in")
    names = sorted({text for text, is_won in zip(column.texts, won, strict=True) if is_won})
    nothing_is_lost = not any(lost)
    closed = column.spread(np.logical_or(won, lost), nothing_is_lost).astype(bool)
    return Outcome(column.spread(won, False).astype(bool), closed, ", ".join(names))


def _lost_beside(folded, mine):
    """Beside a named win: the words for lost where there are some, else all the rest."""
    lost = [text in LOST and not won for text, won in zip(folded, mine, strict=True)]
    return lost if any(lost) else [not one for one in mine]


def _by_words(folded):
    """(won, lost) for each distinct text; (None, None) where only what was won has anything at all."""
    numbers = [cells.number(text) for text in folded]
    if folded and all(number is not None for number in numbers) and set(numbers) <= {0.0, 1.0}:
        return [number == 1 for number in numbers], [number == 0 for number in numbers]
    won, lost = [text in WON for text in folded], [text in LOST for text in folded]
    if any(won):
        return won, lost
    if len(folded) > 20:
        return None, None
    raise ValueError("Nothing tells which value means won: name it with --positive.")
