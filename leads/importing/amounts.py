"""What the signs in a batch's amounts say: they name the currency of their row, or contradict what is said of it."""

from decimal import Decimal

from accounts import organisation
from leads.importing.cells import converter
from leads.importing.currencies import Signed, choose, meant
from leads.importing.values import Bad
from leads.importing.wording import gettext as _
from leads.models.imports import ImportKind
from pipeline.models import ExchangeRate

# Kept in the report currency, whatever the currency of the row.
REPORTED = {(ImportKind.DEALS, "cost")}
DECORATION = "ignore"  # what a mapping says of signs that mean nothing


def settle(batch, mapping, targets):
    """Fill the batch's currency from the signs in the amounts of `targets`. Returns the numbers of rows refused.

    A row whose amount names another currency than its column, the mapping or another of its amounts is refused, and one
    whose sign may mean several. Where the mapping takes signs for decoration, those that say otherwise are counted.
    """
    base, told, refused = organisation.current().currency, list(batch.get("currency")), set()
    rated = set(ExchangeRate.objects.order_by().values_list("currency", flat=True).distinct())
    for target in targets:
        for place, amount in enumerate(batch.columns[target]):
            if not isinstance(amount, Signed):
                continue
            fits, usual = meant(amount.signs)
            own = base if (mapping.kind, target) in REPORTED else told[place] or mapping.currency
            if isinstance(own, Bad):  # refused already
                continue
            if mapping.signs == DECORATION:
                batch.signs += (own or base) not in fits
            elif own:
                if own not in fits:
                    _refuse(batch, refused, place, target, _contradiction(amount, own))
            elif code := choose(fits, usual, base, rated):
                told[place] = code
            else:
                _refuse(batch, refused, place, target, _unclear(amount, fits))
    batch.columns["currency"] = told
    return refused


def once_more(mapping, header):
    """[(currency, position, converter)] of the columns that hold the amount once more; none where the mapping names its currency."""
    places = {} if mapping.currency else {name.casefold(): at for at, name in enumerate(header)}
    return [
        (code, places[name.casefold()], converter(mapping, "amount"))
        for code, name in mapping.again.items()
        if name.casefold() in places
    ]


def compare(batch, code, again, column):
    """Fill the batch's currency with `code` where the amount is the one that stands in `again`, the file's `column` of amounts in it.

    Returns the numbers of rows refused: those whose amounts differ, and whose currency nothing else names.
    """
    told, refused = list(batch.get("currency")), set()
    for place, (amount, other) in enumerate(zip(batch.columns["amount"], again, strict=True)):
        if told[place] or amount is None or isinstance(amount, Bad):
            continue
        if not isinstance(other, Bad) and Decimal(amount) == Decimal(other or 0):
            told[place] = code
        else:
            reason = _(
                "is not what “%(column)s” says, so that it is in another currency than %(code)s: say in which for the whole file (currency in the mapping)"
            )
            _refuse(batch, refused, place, "amount", reason % {"column": column, "code": code})
    batch.columns["currency"] = told
    return refused


def unrated(row):
    """Why the amount of a row (no, targets, currency, day) is not known in the report currency."""
    return _("No exchange rate of %(currency)s is known for %(day)s.") % {
        "currency": row[2],
        "day": str(row[3]),
    }


def _refuse(batch, refused, place, target, reason):
    number = batch.numbers[place]
    batch.problems.append(batch.problem(number, target, str(batch.columns[target][place]), reason))
    refused.add(number)


def _contradiction(amount, own):
    return _("is marked as %(sign)s, but the amounts of this row are in %(currency)s") % {
        "sign": amount.shown,
        "currency": own,
    }


def _unclear(amount, fits):
    if not fits and len(amount.signs) == 1:
        return _("%(sign)s is no currency") % {"sign": amount.shown}
    if not fits:
        return _("is marked by two currencies: %(sign)s") % {"sign": amount.shown}
    return _(
        "%(sign)s may be %(currencies)s: add a column with the currency, or say it for the whole file (currency in the mapping)"
    ) % {"sign": amount.shown, "currencies": ", ".join(fits)}
