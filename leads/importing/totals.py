"""Lines of totals, with which lists end: what they sum up stands above them, and they are no records of their own."""

import re

WORDS = (
    "итого", "всего", "итог", "total", "totals", "grand total", "subtotal", "sub-total", "insgesamt", "gesamt",
    "合计", "合計", "总计", "總計", "小计", "小計", "共计", "共計",
)  # fmt: skip
BEGINNINGS = frozenset(word[:2] for word in WORDS)
A_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
LINE = re.compile(
    rf"(?:{A_WORD})(?:\s+по\s[^\d]*)?\s*[:：=–-]?\s*(?:\d[\d.,' ]*\s*[^\W\d]{{0,12}}\.?)?",
    re.IGNORECASE,
)
# Of a platform, which says what it sums up: "Total: Account"; beside it stand marks for nothing, and codes of currencies.
OF_A_PLATFORM = re.compile(rf"(?:{A_WORD})\s*[:：]\s*[^\W\d][^\d:：]{{1,40}}", re.IGNORECASE)
BESIDE = re.compile(r"[-–—]+|[A-Z]{3}")
SHORT = 5  # letters of a currency or unit beside a sum; digits of a count, where a telephone number has more


def total_at(cells, people=()):
    """The position of the word for a total in a row of cells, None where the row is a record.

    Beside the word stand only sums and counts, and in the positions `people`, by which people are reached, no address.
    """
    at = next((at for at, cell in enumerate(cells) if cell and not cell.isdigit() and cell.strip()), None)
    if at is None or cells[at].lstrip()[:2].lower() not in BEGINNINGS:
        return None
    of_platform = OF_A_PLATFORM.fullmatch(cells[at].strip())
    if not of_platform and not LINE.fullmatch(cells[at].strip()):
        return None
    others = [(cell, place in people) for place, cell in enumerate(cells) if place != at and cell.strip()]
    if of_platform:
        others = [(cell, reached) for cell, reached in others if not BESIDE.fullmatch(cell.strip())]
        if not others:
            return None
    return at if all(_is_sum(cell, SHORT if reached else len(cell)) for cell, reached in others) else None


def _is_sum(cell, digits):
    return sum(map(str.isalpha, cell)) <= SHORT and 0 < sum(map(str.isdigit, cell)) <= digits
