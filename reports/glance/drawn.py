"""The chart of each first screen: this year beside the year before, or regions against their targets."""

from django.utils.translation import gettext as _

from reports import drawing
from reports.forecast import showing as forecast
from reports.periods import shifted
from reports.regions import indented, named
from reports.standing import gone
from ui import charts, formats

MONTHS = 12


def chart(found, choice, screen):
    """(heading, chart): won by month for the house, accepted SQLs for marketing, won against target by region for sales."""
    if screen == "marketing":
        counts = {one.month: one.sqls for one in found.funnel.months}
        return _years(counts, choice, _("Accepted SQLs by month"), charts.NUMBER, "sqls")
    if screen == "sales" and any(one.target for one in found.regions.values()):
        return _regions(found, choice)
    won = {month: one.won_amount for month, one in found.wins.months.items()}
    return _years(won, choice, _("Won revenue by month"), charts.money(choice.currency), "won")


def _years(values, choice, caption, unit, name):
    last = min(choice.period.last, choice.today).replace(day=1)
    months = [shifted(last, -back) for back in range(MONTHS - 1, -1, -1)]
    first = min(values, default=last)
    series = [charts.Series(_("This year"), tuple(values.get(month, 0) for month in months), 1)]
    before = [shifted(month, -12) for month in months]
    if before[-1] >= first:
        told = tuple(values.get(month, 0) if month >= first else None for month in before)
        series.append(charts.Series(_("A year before"), told, 6))
    links = [
        drawing.address(
            name, choice, **{"period": "custom", "from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}"}
        )
        for month in months
    ]
    return caption, charts.lines(
        [formats.month(month) for month in months], series, caption, unit=unit, links=links
    )


def _regions(found, choice):
    caption, unit = _("Won against the target, by region"), charts.money(choice.currency)
    due = gone(choice.period, choice.today)
    targets = [
        charts.Target(
            indented(found.names.get(key) or _("No region"), depth),
            one.closed,
            one.target,
            unit,
            href=forecast.address("closed", choice, region=named(key, choice)),
            due=due,
        )
        for key, depth in found.tree.lines(found.regions, lambda key: -(found.regions[key].target or 0))
        if (one := found.regions[key]).target
    ]
    return caption, charts.bullet(targets, caption)
