"""What number formats make of numbers that would lose their meaning without them: leading zeros and currencies."""

import re
import unicodedata

PIECE = re.compile(r'\[\$([^\]-]*)[^\]]*\]|"([^"]*)"|\\(.)|\[[^\]]*\]|[_*].|(.)')
MONEY_WORDS = frozenset({"руб", "р", "元", "円", "kr", "zł", "kč"})
CODE = re.compile(r"[A-Z]{3}")


def look(code):
    """What a format code means: ("zeros", pattern) such as 00000, ("money", sign) such as €, or None."""
    pattern, literal = "", ""
    for sign, quoted, escaped, plain in PIECE.findall(code.partition(";")[0]):
        if plain in ("0", "#", "?", ",", "."):
            pattern += plain
        else:
            literal += sign or quoted or escaped or plain
            pattern += "".join("\\" + one for one in quoted or escaped or plain)
    bare = re.sub(r"\\.", "", pattern)
    if re.fullmatch("0{2,}", bare):
        return "zeros", pattern
    if bare and is_currency(sign := literal.strip()):
        return "money", sign
    return None


def is_currency(text):
    """Whether a text beside a number is a sign or word of a currency."""
    plain = text.rstrip(".").casefold()
    signs = [one for one in text if unicodedata.category(one) == "Sc"]
    return bool(signs and len(text) <= 4) or bool(CODE.fullmatch(text)) or plain in MONEY_WORDS


def shown(number, meaning):
    """The number as one sees it, or None where its look says nothing that the number does not."""
    kind, how = meaning
    plain = str(int(number)) if number == int(number) else repr(number)
    if kind == "money":
        return f"{how} {plain}"
    places = re.findall(r"\\.|0", how)
    if not plain.isdigit() or (len(plain) > places.count("0") and "\\" in how):
        return None
    digits = plain.zfill(places.count("0"))
    extra = len(digits) - places.count("0")
    rest = iter(digits[extra:])
    return digits[:extra] + "".join(place[1:] if place[0] == "\\" else next(rest) for place in places)
