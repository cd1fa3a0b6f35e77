"""What a search takes for the same: letters with and without accents, and words that are one typing error apart."""

import re
import unicodedata

from django.db.models import CharField, TextField
from django.db.models.lookups import IContains

SHORTEST_FORGIVEN = 5  # letters
ACCENTED = re.compile("([A-Za-z])[\u0300-\u036f]+")
ALIKE = str.maketrans({
    "ё": "е", "Ё": "Е", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "’": "'", "‘": "'", "ʼ": "'", "´": "'",
})  # fmt: skip


def folded(text):
    """The text without accents on Latin letters, with е for ё, ss for ß and one kind of apostrophe.

    >>> folded("Ёлкин, Müller-Groß, O’Connor, Йошкар-Ола")
    "Елкин, Muller-Gross, O'Connor, Йошкар-Ола"
    """
    if text.isascii():
        return text
    bare = ACCENTED.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).translate(ALIKE)


@CharField.register_lookup
@TextField.register_lookup
class Named(IContains):
    """`name__named="muller"`: the text holds the word, both folded by the database (`tandem_folded`), whose indexes of names
    serve it."""

    lookup_name = "named"
    pattern = "%{}%"

    def as_sql(self, compiler, connection):
        """The pattern is folded as the text is; what a pattern takes for a wildcard stands for itself."""
        lhs, params = self.process_lhs(compiler, connection)
        like = self.pattern.format(connection.ops.prep_for_like_query(self.rhs))
        return f"tandem_folded({lhs}::text) LIKE tandem_folded(%s)", [*params, like]


@CharField.register_lookup
@TextField.register_lookup
class NamedFrom(Named):
    """`name__named_from="an"`: the text begins with it."""

    lookup_name = "named_from"
    pattern = "{}%"


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
