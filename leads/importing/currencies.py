"""The signs and codes by which an amount names its currency."""

import re

from accounts.models.organisation import currencies

# What a sign may mean; the first is meant where the report currency is none of them, unless the sign is UNCLEAR.
SIGNS = {
    "€": ("EUR",), "eur": ("EUR",), "евро": ("EUR",), "欧元": ("EUR",),
    "$": ("USD", "AUD", "BRL", "CAD", "CLP", "COP", "HKD", "MXN", "NZD", "SGD", "TWD", "ARS"),
    "us$": ("USD",), "usd": ("USD",), "долл": ("USD",), "美元": ("USD",), "r$": ("BRL",), "hk$": ("HKD",), "nt$": ("TWD",),
    "a$": ("AUD",), "c$": ("CAD",), "s$": ("SGD",), "nz$": ("NZD",),
    "£": ("GBP", "EGP"), "gbp": ("GBP",),
    "¥": ("CNY", "JPY"), "￥": ("CNY", "JPY"), "元": ("CNY", "TWD", "HKD"), "rmb": ("CNY",), "cny": ("CNY",), "人民币": ("CNY",),
    "円": ("JPY",), "日元": ("JPY",), "jpy": ("JPY",),
    "₽": ("RUB",), "руб": ("RUB", "BYN"), "р": ("RUB", "BYN"), "rub": ("RUB",), "рублей": ("RUB", "BYN"), "rur": ("RUB",),
    "₴": ("UAH",), "₸": ("KZT",), "₹": ("INR",), "₩": ("KRW",), "₺": ("TRY",), "₫": ("VND",), "฿": ("THB",), "₪": ("ILS",),
    "zł": ("PLN",), "kč": ("CZK",), "kr": ("SEK", "NOK", "DKK", "ISK"), "chf": ("CHF",),
}  # fmt: skip
UNCLEAR = frozenset({"¥", "￥", "kr"})
WORDS = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
PATTERN = rf"(?:{WORDS}|(?-i:[A-Z]{{3}}))"


class Signed(str):
    """An amount, as text, that says its currency by `signs`: as it is written, in small letters unless it is a code."""

    __slots__ = ("signs",)
    signs: tuple[str, ...]

    def __new__(cls, amount, signs):
        made = super().__new__(cls, amount)
        made.signs = signs
        return made

    @property
    def shown(self):
        """The signs as one would write them."""
        return " ".join(self.signs)


def meant(signs):
    """(codes that all of the signs may mean, whether one of them is the usual one)."""
    first, *others = (SIGNS.get(sign.lower()) or tuple({sign.upper()} & currencies()) for sign in signs)
    fits = tuple(code for code in first if all(code in codes for codes in others))
    return fits, len(fits) == 1 or not any(sign.lower() in UNCLEAR for sign in signs)


def choose(fits, usual, base, rated):
    """The one code that signs mean, or None: the report currency, the usual one, else the only one with a rate."""
    if base in fits:
        return base
    if usual and fits:
        return fits[0]
    known = [code for code in fits if code in rated]
    return known[0] if len(known) == 1 else None
