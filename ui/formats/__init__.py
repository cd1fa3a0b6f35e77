"""Numbers, money, dates and spans of time as people of a language read them.

Pure functions: no clock, no settings but the active language. Every function answers "–" for None (and for NaN).
"""

from ui.formats.dates import ago, clock, day, duration, moment, month, near_day, short_day, short_month
from ui.formats.numbers import (
    currency_symbol,
    hundredths,
    money,
    number,
    percent,
    short_money,
    short_number,
    times,
)
from ui.formats.words import EMPTY, country_name, language, language_name, listed, phone

__all__ = [
    "EMPTY",
    "ago",
    "clock",
    "country_name",
    "currency_symbol",
    "day",
    "duration",
    "hundredths",
    "language",
    "language_name",
    "listed",
    "moment",
    "money",
    "month",
    "near_day",
    "number",
    "percent",
    "phone",
    "short_day",
    "short_money",
    "short_month",
    "short_number",
    "times",
]  # fmt: skip
