"""What a search takes for the same: ё and е, as Russians write them, and words that are one typing error apart."""

import re

from django.db.models import CharField, TextField
from django.db.models.lookups import IContains

SHORTEST_FORGIVEN = 5  # letters
YO = str.maketrans("ёЁ", "еЕ")


def folded(text):
    """The text with е for ё.

    >>> folded("Ёлкин, Киселёв")
    'Елкин, Киселев'
    """
    return text.translate(YO)


def writings(word):
    """The ways to write a word: as it stands, without ё, and with ё for one е; no name has more than one of them.

    >>> sorted(writings("елей"))
    ['елей', 'елёй', 'ёлей']
    """
    plain = folded(word)
    places = [at for at, letter in enumerate(plain) if letter in "еЕ"]
    marked = {f"{plain[:at]}{'ё' if plain[at] == 'е' else 'Ё'}{plain[at + 1 :]}" for at in places}
    return {word, plain, *marked}


@CharField.register_lookup
@TextField.register_lookup
class Named(IContains):
    """`name__named="киселев"`: the text holds the word in any case, ё and е alike; an index that serves icontains serves it."""

    lookup_name = "named"

    def as_sql(self, compiler, connection):
        """As icontains, or by a pattern where the word has a letter to fold."""
        word = self.rhs.upper()
        if "Е" not in folded(word):
            return IContains(self.lhs, self.rhs).as_sql(compiler, connection)
        pattern = "".join("[ЕЁ]" if letter in "ЕЁ" else re.escape(letter) for letter in word)
        lhs, params = self.process_lhs(compiler, connection)
        return f"UPPER({lhs}::text) ~ %s", [*params, pattern]


def one_error(typed, known):
    """Whether the words differ by at most one letter too many, missing or wrong, or by two neighbours swapped.

    >>> one_error("SMIHT", "SMITH"), one_error("SMTH", "SMITH"), one_error("SMOTTH", "SMITH")
    (True, True, False)
    """
    if typed == known:
        return True
    start = next((i for i, (a, b) in enumerate(zip(typed, known, strict=False)) if a != b), None)
    if start is None:
        return abs(len(typed) - len(known)) == 1
    rest, other = typed[start:], known[start:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or swapped
