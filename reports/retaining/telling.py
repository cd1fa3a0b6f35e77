"""What a programme kept, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.retaining.figures import BEFORE, OTHERS
from ui import formats
from ui.tables import Column, Table

SIDES = {
    "reached": gettext_lazy("Customers that it reached"),
    OTHERS: gettext_lazy("Customers of the segment that it did not reach"),
    BEFORE: gettext_lazy("Customers of the segment in the same months a year before"),
}
COLUMNS = [
    Column("name", gettext_lazy("Who")),
    Column("customers", gettext_lazy("Customers"), "number"),
    Column("kept", gettext_lazy("Bought again"), "number"),
    Column("rate", gettext_lazy("Share"), "percent"),
    Column("margin", gettext_lazy("Margin kept"), "short_money", note="note"),
    Column("mean", gettext_lazy("Margin per customer"), "short_money"),
]


def sides(found, currency) -> Table:
    """The reached customers beside those that they are held against."""
    rows = []
    for name, label in SIDES.items():
        side = getattr(found, name)
        note = ""
        if side.uncosted:
            note = _("without %(count)s deals of unknown cost") % {"count": formats.number(side.uncosted)}
        elif name == found.against:
            note = _("held against")
        rows.append(
            {
                "name": label,
                "customers": side.customers,
                "kept": side.kept,
                "rate": side.kept / side.customers if side.customers else None,
                "margin": side.margin,
                "mean": side.mean,
                "note": note,
                "currency": currency,
            }
        )
    return Table(rows, COLUMNS, _("What was kept, and against what"), cards=True)


def facts(found, goal, currency):
    """(label, text) of the goal, what was kept, what would have been, the spend and the return."""

    def money(value):
        return formats.short_money(value, currency)

    told = [(_("Months"), f"{formats.month(found.first)} – {formats.month(_last(found))}")]
    if goal:
        share = formats.percent(found.reached.margin / goal.margin, 0)
        words = _("%(kept)s of %(goal)s (%(share)s)")
        told.append(
            (
                _("Margin kept"),
                words % {"kept": money(found.reached.margin), "goal": money(goal.margin), "share": share},
            )
        )
    else:
        told.append((_("Margin kept"), money(found.reached.margin)))
    told.append((_("Would have been kept without it"), money(found.without)))
    told.append((_("Kept beyond that"), _between(found.more, money)))
    spent = _("%(all)s: marketing %(marketing)s, sales %(sales)s")
    told.append(
        (
            _("Spend"),
            spent
            % {"all": money(found.spend), "marketing": money(found.marketing), "sales": money(found.sales)},
        )
    )
    told.append(
        (_("Return of the programme"), _between(found.roi, lambda one: formats.percent(one, 0, sign=True)))
    )
    return told


def _last(found):
    """The last month."""
    return found.until.replace(day=1) if found.until.day > 1 else _before(found.until)


def _before(day):
    return day.replace(year=day.year - (day.month == 1), month=(day.month - 2) % 12 + 1)


def _between(three, write):
    if three is None:
        return formats.EMPTY
    middle, low, high = map(write, three)
    return _("%(middle)s (%(low)s to %(high)s)") % {"middle": middle, "low": low, "high": high}


def verdict(found):
    """(tone, sentence): what it is held against and how good an evidence that is."""
    if found.against is None:
        return "", _("Too few customers to hold it against anybody: 20 that it reached, and 20 others.")
    if found.more is None:
        return "warn", _("A deal has no known cost: what was kept beyond is not told.")
    words = (
        _(
            "Held against customers of the same segment that it did not reach. Nobody was drawn by lot: those whom it reached may differ."
        )
        if found.against == OTHERS
        else _(
            "Held against the same segment a year before: too few customers were not reached. What else changed in a year is in it."
        )
    )
    _estimate, low, high = found.more
    if low <= 0 <= high:
        maybe_none = _("The range includes zero: it may have kept nothing beyond.")
        return "", f"{words} {maybe_none}"
    return ("ok" if low > 0 else "warn"), words
