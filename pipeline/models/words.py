"""What search stands on: pairs of Chinese characters of a name, and the vocabulary that forgives a typing error."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Bigrams(models.Func):
    """The pairs of neighbouring Chinese characters in a text, as an array; empty for other scripts.

    pg_trgm finds a Chinese word of two characters only by reading every row; an index of pairs finds it at once.
    """

    function = "tandem_bigrams"
    arity = 1
    output_field = ArrayField(models.TextField())


class Core(models.Func):
    """A company's key without its place and without blanks (`pipeline.core_sql`)."""

    function = "tandem_core"
    arity = 1
    output_field = models.TextField()


class Folded(models.Func):
    """A name in capitals as search compares it, without accents on Latin letters (`ui.spelling`)."""

    function = "tandem_folded"
    arity = 1
    output_field = models.TextField()


class SearchWord(models.Model):
    """A word of a name, in capitals, with what is left of it when one letter is taken away (`near`).

    Two words are at most one error apart only if they share one of these. Kept by triggers on names (migration 0005);
    without a unique key, so that nobody waits for somebody else's import: a word may stand twice.
    """

    word = models.CharField(max_length=60, db_index=True)
    near = ArrayField(models.TextField())

    class Meta:
        indexes = [GinIndex(fields=["near"], name="search_word_near", fastupdate=False)]

    def __str__(self):
        return self.word
