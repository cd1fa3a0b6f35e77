"""Products as people paste them: a line each, name, price and cost, from a sheet or typed."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.importing import values
from leads.importing.currencies import PATTERN, Signed, meant
from pipeline.forms.stages import free_code, spelt
from pipeline.models import Product, ProductCost
from ui import formats

CUT = re.compile(r"\t|[;；]|\s[|｜]\s")
THOUSANDS = re.compile(r"т\.?\s*р\.?$")  # "1,2 т.р."
# How a column of prices is headed.
PRICES = ("price", "list price", "цена", "стоимость", "价格", "单价", "售价")
NAMED_CURRENCY = re.compile(rf"(?<![^\W\d_])(?:{PATTERN})(?![^\W\d_])", re.IGNORECASE)
CENT = Decimal("0.01")
MOST, NAMED = 500, 5


class Unreadable(ValueError):
    """A line that is no product, with the reason in words."""


@dataclass(frozen=True)
class Line:
    """A product as pasted; prices net of tax."""

    name: str
    price: Decimal | None
    cost: Decimal | None


def read(text, currency, tax_percent=Decimal(0)):
    """The Lines of a text; prices that include tax are made net, costs are net already. Raises Unreadable.

    The amounts are of the house's `currency`: one that names another is refused. What the decimal sign is they
    tell each other.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and _is_heading(lines[0]):
        _checked_heading(lines.pop(0), currency)
    if len(lines) > MOST:
        raise Unreadable(_("More than %(most)d lines: import them as a file.") % {"most": MOST})
    rows = [[_cleaned(cell) for cell in [*CUT.split(line), "", ""][:3]] for line in lines]
    shown = values.decimal_mark([cell for row in rows for cell in row[1:]])
    return [
        _line(number, name, [amount(cell, currency, number, shown) for cell in cells], tax_percent)
        for number, (name, *cells) in enumerate(rows, 1)
    ]


def _is_heading(line):
    """Whether the line names columns, as the first one of a sheet does."""
    return any(cell.strip().casefold().startswith(PRICES) for cell in CUT.split(line)[1:])


def _checked_heading(line, currency):
    """Refuse prices whose column names another currency, as in "Price, USD"."""
    for sign in NAMED_CURRENCY.findall(" ".join(CUT.split(line)[1:])):
        if meant((sign,))[0] and currency not in meant((sign,))[0]:
            raise Unreadable(
                _("The prices are headed “%(sign)s”. Enter them in %(currency)s.")
                % {"sign": sign, "currency": currency}
            )


def _cleaned(cell):
    return THOUSANDS.sub("тыс. руб.", cell.replace("，", ",").strip())


def _line(number, name, amounts, tax_percent):
    price, cost = amounts
    if not name:
        raise Unreadable(_("Line %(number)d has no name.") % {"number": number})
    if price is not None and tax_percent:
        price = (price * 100 / (100 + tax_percent)).quantize(CENT)
    return Line(name[:200], price, cost)


def amount(text, currency, number=0, shown=None):
    """A number as people write it: "1,234.50", "1 234,50", "¥1200", "3万"; None for nothing. Raises Unreadable.

    `shown` is the decimal sign that other amounts show; this one's own goes before it. Where neither tells, a comma
    before three digits parts thousands, and a point is asked about.
    """
    if not text or values.is_nothing(text):
        return None
    line = {"number": number, "text": text[:40]}
    mark = values.decimal_mark([text]) or shown or "."
    if mark == "." and not shown and "." in text and values.reads_two_ways(text):
        raise Unreadable(
            _(
                "Line %(number)d: “%(text)s” can be read in two ways. Write it without signs between the thousands, or with two decimals."
            )
            % line
        )
    found = values.money(text, mark)
    if not isinstance(found, str) or isinstance(found, values.Bad):
        raise Unreadable(_("Line %(number)d: “%(text)s” is not a price.") % line)
    if isinstance(found, Signed) and currency not in meant(found.signs)[0]:
        raise Unreadable(
            _("Line %(number)d: “%(text)s” is another currency. Enter this price in %(currency)s.")
            % {**line, "currency": currency}
        )
    return _within(Decimal(found), number)


def _within(price, number):
    if price < 0:
        raise Unreadable(_("Line %(number)d: a price is not below zero.") % {"number": number})
    if price >= 10**12:
        raise Unreadable(_("Line %(number)d: this price is too large.") % {"number": number})
    return price


@transaction.atomic
def keep(lines, currency, on):
    """Enter the products that are not there yet by name, their costs from the day `on`.

    Returns (how many are new, the names that were there already or stood twice, the new ones without a price).
    """
    known = {name.casefold() for name in Product.objects.values_list("name", flat=True)}
    new, again, unpriced = 0, [], []
    for line in lines:  # a list that somebody pasted: some hundred at most
        if line.name.casefold() in known:
            again.append(line.name)
            continue
        known.add(line.name.casefold())
        code = free_code(Product, line.name, "") if spelt(line.name) else _numbered()
        product = Product.objects.create(name=line.name, code=code, list_price=line.price, currency=currency)
        if line.cost is not None:
            ProductCost.objects.create(product=product, since=on, unit_cost=line.cost)
        new += 1
        unpriced += [] if line.price is not None else [line.name]
    return new, again, unpriced


def told(new, again, unpriced):
    """What `keep` did, in words: nothing that was pasted goes without one."""
    said = [
        ngettext("%(n)s product is entered.", "%(n)s products are entered.", new) % {"n": formats.number(new)}
    ]
    if again:
        said.append(_("There already, so left as they were: %(names)s.") % {"names": _some(again)})
    if unpriced:
        said.append(_("Without a price: %(names)s.") % {"names": _some(unpriced)})
    return " ".join(said)


def _some(names):
    return formats.listed(names[:NAMED]) + ("…" if len(names) > NAMED else "")


def _numbered():
    """The next code for a product whose name has no Latin letters: P-001, P-002, …"""
    taken = set(Product.objects.filter(code__startswith="P-").values_list("code", flat=True))
    return next(code for code in (f"P-{n:03}" for n in range(1, len(taken) + 2)) if code not in taken)
