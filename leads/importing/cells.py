"""Converters of cells by the type of their field, remembered: each writing is worked out once in a chunk."""

import re
import unicodedata
from decimal import Decimal
from functools import partial

from accounts import organisation
from leads.importing.chosen import choice_words
from leads.importing.currencies import Signed, choose, meant
from leads.importing.dates import Dates
from leads.importing.fields import field_for
from leads.importing.values import Bad, boolean, integer, is_nothing, lost_digits, money, shared, whole
from leads.importing.wording import gettext as _
from pipeline import calling, identities
from pipeline.channels import Channel
from pipeline.identities import clean_text

# how cells are kept from being formulas, here and in our own files of rejects
FORMULA = re.compile(r"[=+\-@＝＋－＠]")
NUMBERS = {"money", "integer", "shared"}
IDENTITY_TYPES = {"email", "mobile", "phone", "wechat"}
FORGET_AFTER = 5_000  # remembered cells of one column


class Memo(dict):
    """Cell → value, worked out at the first look; `bad` tells whether any was refused, `signed` whether any names a currency,
    `nothing` whether any cell that is not empty stands for nothing.

    `prepared` takes a cell as it stands. `straight` takes one that is clean, None where the mapping has a say in the
    column; where it does no more than hold texts to `longest` characters, a clean column need not be looked up at all.
    """

    def __init__(self, prepared, straight=None, longest=0):
        super().__init__()
        self.prepared = self.convert = prepared
        self.straight, self.longest = straight, longest
        self.bad = self.signed = self.nothing = False
        self[""] = None

    def __missing__(self, cell):
        value = self[cell] = self.convert(cell)
        self.bad = self.bad or isinstance(value, Bad)
        self.signed = self.signed or isinstance(value, Signed)
        self.nothing = self.nothing or value is None
        return value

    def column(self, cells):
        """The values of a column of cells."""
        if len(self) > FORGET_AFTER:
            self.clear()
            self[""] = None
        self.convert = self.prepared
        if self.straight and are_clean(cells):
            if self.longest and max(map(len, cells)) <= self.longest:
                return [cell or None for cell in cells]
            self.convert = self.straight
        return list(map(self.__getitem__, cells))


def are_clean(cells):
    """Whether `_prepared` would leave every one of the cells as it is, told at one look at all of them.

    What `clean_text` takes away or changes is not printable, not in NFC or a space beside another one or at an end.
    """
    whole = f" {' '.join(filter(None, cells))} "
    return (
        "  " not in whole
        and " '" not in whole
        and whole.isprintable()
        and unicodedata.is_normalized("NFC", whole)
    )


def converter(mapping, target, *, formats=()):
    """The Memo for one target of a mapping. `formats` are those of the column's dates."""
    field = field_for(mapping.kind, target)
    decimal, number = mapping.decimal or ".", partial(telephone, countries=(mapping.region,))
    by_type = {
        "money": partial(money, decimal=decimal, parts=mapping.parts.get(target, 1)),
        "integer": partial(integer, decimal=decimal),
        "shared": partial(shared, decimal=decimal),
        "boolean": boolean,
        "date": partial(day, read=Dates(formats, field.whole)),
        "moment": Dates(formats),
        "email": email,
        "mobile": partial(number, claimed=identities.MOBILE),
        "phone": partial(number, claimed=identities.PHONE),
        "wechat": wechat,
        "choice": field.choices and partial(choice, words=choice_words(field.choices), choices=field.choices),
        "channel": partial(channel, words=choice_words(Channel)),
        "currency": field.type == "currency" and partial(currency, base=organisation.current().currency),
    }
    convert = by_type.get(field.type, partial(text, longest=field.longest))
    if field.type in NUMBERS:
        convert = partial(within, field=field, read=convert)
    words = _values(mapping, target)
    return Memo(
        partial(_prepared, mapping=mapping, target=target, convert=convert, words=words),
        None if words or target in mapping.fixes else convert,
        0 if field.type in by_type else field.longest,
    )


def _values(mapping, target):
    told = mapping.values.get(target, {})
    return {**{word.casefold(): value for word, value in told.items()}, **told}


def _prepared(cell, mapping, target, convert, words):
    """Clean, mend, translate by the mapping, then convert."""
    cell = clean_text(cell)
    if cell[:1] == "'" and FORMULA.match(cell[1:]):
        cell = cell[1:]
    if target in mapping.fixes:
        cell = mapping.fixed(target, cell)
    if words and cell:
        told = words.get(cell, words.get(cell.casefold(), words.get("*")))
        cell = cell if told is None else str(told)
    return convert(cell) if cell else None


def within(cell, field, read):
    """The number, where its field can hold it."""
    value = read(cell)
    if not value or isinstance(value, Bad):
        return value
    if value.startswith("-") and not field.comes_back and value.strip("-0."):
        return Bad(_(field.below))
    return Bad(_("is too large")) if field.type != "money" and Decimal(value) > field.longest else value


def day(cell, read):
    """The day of a date, whatever time stands behind it."""
    moment = read(cell)
    return moment[:10] if moment and not isinstance(moment, Bad) else moment


def text(cell, longest):
    """Text no longer than its field."""
    if len(cell) > longest:
        return Bad(_("is longer than %(count)d characters") % {"count": longest})
    return cell


def choice(cell, words, choices):
    """A value of a fixed vocabulary, by its name or its label in any language."""
    value = words.get(cell.casefold())
    if value is None and not is_nothing(cell):
        return Bad(_("is none of: %(words)s") % {"words": ", ".join(map(str, choices.labels))})
    return value


def channel(cell, words):
    """A channel; a word that is none is another channel, and the word itself is kept beside it."""
    return words.get(cell.casefold().replace(" ", "_")) or words.get(cell.casefold()) or Channel.OTHER.value


def currency(cell, base):
    """The code of a currency that there is, or a sign or word as beside an amount: "руб." is `base` where it may be."""
    fits, usual = meant((cell.lower().removesuffix("."),))
    return choose(fits, usual, base, ()) or Bad(_("is no currency such as EUR"))


def email(cell):
    """(kind, value, raw) of an address."""
    if is_nothing(cell):
        return None
    found = identities.email(cell)
    return _identity(found, cell) if found else Bad(_("is not an e-mail address"))


def telephone(cell, countries, claimed):
    """(kind, value, raw) of a telephone number, unless Excel lost its digits."""
    if is_nothing(cell):
        return None
    number = cell
    if lost_digits(cell):
        number = whole(cell)
        if number is None:
            return Bad(_("has lost its digits in Excel: format the column as text"))
    found = calling.phone(number, *countries, claimed=claimed)
    return _identity(found, cell) if found else Bad(_("is not a telephone number"))


def wechat(cell):
    """(kind, value, raw) of a WeChat id."""
    if is_nothing(cell):
        return None
    found = identities.wechat(cell)
    return _identity(found, cell) if found else Bad(_("is not a WeChat id"))


def _identity(found, cell):
    kind, value = found
    return kind, value, "" if value == cell else cell[:320]
