"""Products as people paste them: a line each, name, price and cost, from a sheet or typed."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pipeline.forms.stages import free_code, spelt
from pipeline.models import Product, ProductCost
from ui import formats
from ui.forms import scaled

CUT = re.compile(r"\t|[;；]|\s[|｜]\s")
CODE = re.compile(r"^[A-Z]{3}\s|\s[A-Z]{3}$")
NOT_NUMBER = re.compile(r"[^\d.,\-]")
# How a column of prices is headed.
PRICES = ("price", "list price", "цена", "стоимость", "价格", "单价", "售价")
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


def read(text, tax_percent=Decimal(0)):
    """The Lines of a text; prices that include tax are made net, costs are net already. Raises Unreadable."""
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and _is_heading(lines[0]):
        lines = lines[1:]
    if len(lines) > MOST:
        raise Unreadable(_("More than %(most)d lines: import them as a file.") % {"most": MOST})
    return [_line(number, line, tax_percent) for number, line in enumerate(lines, 1)]


def _is_heading(line):
    """Whether the line names columns, as the first one of a sheet does."""
    return any(cell.strip().casefold().startswith(PRICES) for cell in CUT.split(line)[1:])


def _line(number, text, tax_percent):
    cells = [cell.strip() for cell in CUT.split(text)] + ["", ""]
    name, price, cost = cells[0], amount(cells[1], number), amount(cells[2], number)
    if not name:
        raise Unreadable(_("Line %(number)d has no name.") % {"number": number})
    if price is not None and tax_percent:
        price = (price * 100 / (100 + tax_percent)).quantize(CENT)
    return Line(name[:200], price, cost)


def amount(text, number=0):
    """A number as people write it: "1,234.50", "1 234,50", "¥1200", "3万"; None for nothing. Raises Unreadable."""
    written, power = scaled(text)
    digits = NOT_NUMBER.sub("", written.replace("，", ","))
    if re.search(r"[^\W\d_]", CODE.sub("", written)):  # a word that is no currency: who knows what it means
        digits = ""
    if not text.strip():
        return None
    wrong = _("Line %(number)d: “%(text)s” is not a price.") % {"number": number, "text": text[:40]}
    if not any(char.isdigit() for char in digits):
        raise Unreadable(wrong)
    point = max(digits.rfind("."), digits.rfind(","))
    has_cents = point >= 0 and len(digits) - point - 1 != 3
    whole, cents = (digits[:point], digits[point + 1 :]) if has_cents else (digits, "")
    try:
        found = Decimal(f"{whole.replace('.', '').replace(',', '')}.{cents or 0}").scaleb(power)
    except InvalidOperation:
        raise Unreadable(wrong) from None
    if found < 0:
        raise Unreadable(_("Line %(number)d: a price is not below zero.") % {"number": number})
    if found >= 10**12:
        raise Unreadable(_("Line %(number)d: this price is too large.") % {"number": number})
    return found


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
