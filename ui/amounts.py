"""Amounts as people type them, or as we write them in short: "1 234,50", "1,234.50", "12'000", "¥12万", "1,5 млн", "1，000"."""

import re
from decimal import Decimal

from django.utils.formats import get_format

RUSSIAN = {
    "тыс": 3, "т": 3, "млн": 6, "млрд": 9, "тысяч": 3, "тысячи": 3, "миллион": 6, "миллиона": 6, "миллионов": 6,
    "миллиард": 9, "миллиарда": 9, "миллиардов": 9,
}  # fmt: skip
CHINESE = {"万": 4, "萬": 4, "亿": 8, "億": 8}
SCALES = {
    **RUSSIAN, **CHINESE, "k": 3, "m": 6, "thousand": 3, "mln": 6, "million": 6, "bn": 9, "billion": 9,
}  # fmt: skip
SCALED = re.compile(rf"(.*\d)\s*({'|'.join(SCALES)})\.?", re.IGNORECASE)
# What a sign or word may stand for: codes of currencies.
SIGNS = {
    "¥": ("CNY", "JPY"), "￥": ("CNY", "JPY"), "€": ("EUR",), "£": ("GBP", "EGP"), "₽": ("RUB",),
    "$": ("USD", "AUD", "BRL", "CAD", "CLP", "COP", "HKD", "MXN", "NZD", "SGD", "TWD", "ARS"),
}  # fmt: skip
WORDS = {
    **dict.fromkeys(("рублей", "рубля", "руб.", "руб", "р.", "р"), ("RUB", "BYN")), "元": ("CNY", "TWD", "HKD"),
    **dict.fromkeys(("人民币", "rmb", "cny"), ("CNY",)), **dict.fromkeys(("eur", "euro"), ("EUR",)), "usd": ("USD",), "rub": ("RUB",),
}  # fmt: skip
WORD = re.compile(rf"\s*({'|'.join(map(re.escape, WORDS))})$", re.IGNORECASE)
UNSIGNED = dict.fromkeys(map(ord, SIGNS))
# As Chinese and Japanese keyboards write them.
NARROW = str.maketrans("０１２３４５６７８９，．％＋－（）", "0123456789,.%+-()")


def narrow(text):
    """Full-width digits and marks as the usual ones: "1，000" → "1,000"."""
    return text if text.isascii() else text.translate(NARROW)


def typed_amount(text):
    """The Decimal of an amount as it is typed. Raises InvalidOperation for what is none."""
    digits, scale = scaled(narrow(text))
    amount = Decimal(plain_decimal(digits, groups=_groups(scale)))
    return amount.scaleb(SCALES[scale]) if scale else amount


def _groups(scale):
    """Does "1,250" before this scale stand for a thousand and more? As the language of its word writes it, or else the page."""
    return scale in CHINESE or (scale not in RUSSIAN and get_format("DECIMAL_SEPARATOR") != ",")


def scaled(text):
    """(the text without what names a currency and without a scale, that scale's word): "¥12万元" → ("12", "万")."""
    text = WORD.sub("", text.translate(UNSIGNED).strip())
    found = SCALED.fullmatch(text)
    return (found[1], found[2].lower()) if found else (text, "")


def other_currency(text, currency):
    """The sign or word by which a typed amount names another currency than this one; "" where it names none or this one."""
    text = text.strip()
    named = {sign: SIGNS[sign] for sign in text if sign in SIGNS}
    if word := WORD.search(text.translate(UNSIGNED).strip()):
        named[word[1]] = WORDS[word[1].lower()]
    return next((sign for sign, codes in named.items() if currency not in codes), "")


def plain_decimal(text, groups=True):
    """Typed digits with any grouping → Python's form. The last sign decides: "1.234,5" → "1234.5".

    A single comma or point with three digits after it is grouping for a comma ("1,234") and a decimal sign for a point
    ("1.234"), as keyboards of both kinds send it; for a comma too where nothing is grouped like that ("0,125", "12000,500",
    "1 234,567"), or unless `groups`.
    """
    digits = "".join(sign for sign in text if not sign.isspace() and sign not in "'’_")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma <= point:
        return digits.replace(",", "")
    whole, *parts = digits.lstrip("+-").split(",")
    grouping = (
        point < 0
        and digits == text.strip()
        and len(whole) <= 3
        and whole.strip("0") != ""
        and all(len(part) == 3 for part in parts)
        and (groups or len(parts) > 1)
    )
    return digits.replace(",", "") if grouping else digits.replace(".", "").replace(",", ".")
