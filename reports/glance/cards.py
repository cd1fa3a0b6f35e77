"""What stands under the tiles of a first screen: the funnel's leak, coverage by region, the biggest deals, who sourced what."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import drawing
from reports.brought import SIDES
from reports.columns import link
from reports.forecast import showing as forecast
from reports.periods import shifted
from reports.regions import indented, named
from ui import formats
from ui.tables import Column, Table

STEP_NAMES = {
    "new_mql": gettext_lazy("Lead → MQL"),
    "mql_ready": gettext_lazy("MQL → ready"),
    "ready_sql": gettext_lazy("Ready → SQL"),
    "sql_deal": gettext_lazy("SQL → deal"),
    "deal_won": gettext_lazy("Deal → won"),
}
ENTERED = {
    "new_mql": "leads",
    "mql_ready": "mqls",
    "ready_sql": "ready",
    "sql_deal": "sqls",
    "deal_won": "deals",
}


def cards(found, choice, screen):
    """(heading, sentence, table) of what stands under the tiles of a screen."""
    leak = (_("Where the funnel leaks"), leak_words(found), leak_table(found, choice))
    regions = (_("Coverage by region"), "", region_table(found, choice))
    biggest = (_("Ten biggest open deals"), "", biggest_table(found, choice))
    reasons = (_("Why sales returned leads"), "", reason_table(found, choice))
    sourced = (_("Pipeline created, by who sourced it"), "", source_table(found, choice))
    return {"ceo": [leak, biggest], "marketing": [sourced, reasons, leak], "sales": [regions, biggest]}[
        screen
    ]


def leak_words(found):
    """The step at which most are lost, in a sentence."""
    leak = found.leak
    if leak is None:
        return ""
    words = {
        "step": STEP_NAMES[leak.name],
        "lost": formats.number(leak.entered - leak.reached),
        "entered": formats.number(leak.entered),
        "before": formats.percent(None if leak.rate_before is None else 1 - leak.rate_before, 0),
        "share": formats.percent(1 - leak.rate, 0),
    }
    if leak.rate_before is None:
        return _("Most are lost at %(step)s: %(lost)s of %(entered)s (%(share)s) have not gone on.") % words
    return (
        _(
            "Most are lost at %(step)s: %(lost)s of %(entered)s (%(share)s) have not gone on; a year before %(before)s."
        )
        % words
    )


def leak_table(found, choice):
    """Each step with its conversion now and a year before."""
    rows = [
        {
            "name": str(STEP_NAMES[one.name]),
            "entered": one.entered,
            "rate": one.rate,
            "before": one.rate_before,
            "lost": one.entered - one.reached,
            "rate_href": drawing.address(drawing.went_on(one.name), choice),
            "entered_href": drawing.address(ENTERED[one.name], choice),
            "lost_href": drawing.address(f"stuck_{one.name}", choice),
            "before_href": drawing.address(f"then_{one.name}", choice) if one.rate_before is not None else "",
        }
        for one in found.steps
    ]
    return Table(
        rows,
        [
            Column("name", gettext_lazy("Step")),
            Column("entered", gettext_lazy("Entered"), "number", href="entered_href"),
            Column("rate", gettext_lazy("Went on"), "percent", href="rate_href"),
            Column("before", gettext_lazy("A year before"), "percent", href="before_href"),
            Column("lost", gettext_lazy("Not gone on"), "number", href="lost_href"),
        ],
        _("Where the funnel leaks"),
        cards=True,
    )


def _year_before(choice):
    """What asks for the same months of the year before; nothing of all time."""
    if choice.period.is_all:
        return {}
    first, last = shifted(choice.period.first, -12), shifted(choice.period.until, -13)
    return {"period": "custom", "from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}"}


def region_table(found, choice):
    """Target, won, due and coverage of each region."""
    rows = [
        {
            "name": indented(found.names.get(key) or _("No region"), depth),
            "href": f"{reverse('reports:forecast')}?{choice.query(region=key)}" if key else "",
            "currency": choice.currency,
            "target": one.target,
            "target_href": drawing.address("targets-won", choice, region=named(key, choice)),
            "won": one.closed,
            "won_href": forecast.address("closed", choice, region=named(key, choice)),
            "due_href": forecast.address("open", choice, region=named(key, choice)),
            "due": one.commit + one.best_case + one.pipeline,
            "weighted": one.weighted,
            "weighted_href": forecast.address("weighted", choice, region=named(key, choice)),
            "coverage": forecast.covered(one),
            "coverage_exact": one.coverage,
        }
        for key, depth in found.tree.lines(
            found.regions, lambda key: -(found.regions[key].target or found.regions[key].closed)
        )
        for one in (found.regions[key],)
    ]
    return Table(
        rows,
        [
            Column("name", gettext_lazy("Region"), href="href"),
            Column("target", gettext_lazy("Target"), "short_money", href="target_href"),
            Column("won", gettext_lazy("Won"), "short_money", href="won_href"),
            Column("due", gettext_lazy("Open, due in the period"), "short_money", href="due_href"),
            Column("weighted", gettext_lazy("Weighted"), "short_money", href="weighted_href"),
            Column("coverage", gettext_lazy("Coverage"), href="due_href"),
        ],
        _("Coverage by region"),
        cards=True,
        empty=_("Nothing is due or won in this period."),
    )


def biggest_table(found, choice):
    """The biggest open deals that the reader may see."""
    rows = [
        row
        | {"href": link("leads:deal", row["deal_id"]), "stage": _(row["stage"]), "currency": choice.currency}
        for row in found.biggest
    ]
    return Table(
        rows,
        [
            Column("name", gettext_lazy("Deal"), href="href", note="company"),
            Column("stage", gettext_lazy("Stage"), "pill"),
            Column("owner_name", gettext_lazy("Owner"), kind="person"),
            Column("due_on", gettext_lazy("Expected close"), "day"),
            Column("amount", gettext_lazy("Amount"), "money"),
        ],
        _("Ten biggest open deals"),
        cards=True,
        empty=_("No open deal that you may see."),
    )


def reason_table(found, choice):
    """Why offers of the period came back."""
    all_of_them = sum(count for _pk, _name, count in found.reasons)
    rows = [
        {
            "name": _(name),
            "offers": count,
            "share": count / all_of_them,
            "href": drawing.address(f"returned-{pk}", choice),
        }
        for pk, name, count in found.reasons
    ]
    return Table(
        rows,
        [
            Column("name", gettext_lazy("Reason")),
            Column("offers", gettext_lazy("Offers"), "number", href="href"),
            Column("share", gettext_lazy("Share"), "percent", href="href"),
        ],
        _("Why sales returned leads"),
        cards=True,
        empty=_("Sales returned nothing that was offered in this period."),
    )


def source_table(found, choice):
    """Pipeline created by who sourced it, beside a year before: up to the same day, so that it has a list once the period is over."""
    before = _year_before(choice) if choice.period.until <= choice.today else {}
    lists = {one: "sourced" if one == "marketing" else f"sourced_{one}" for one in SIDES}
    rows = [
        {
            "name": str(label),
            "amount": found.created.sourced[one],
            "href": drawing.address(lists[one], choice),
            "before": found.created_before.sourced[one],
            "before_href": drawing.address(lists[one], choice, **before) if before else "",
            "currency": choice.currency,
        }
        for one, label in SIDES.items()
    ]
    return Table(
        rows,
        [
            Column("name", gettext_lazy("Sourced by")),
            Column("amount", gettext_lazy("Pipeline created"), "short_money", href="href"),
            Column("before", gettext_lazy("A year before"), "short_money", href="before_href"),
        ],
        _("Pipeline created, by who sourced it"),
        cards=True,
    )
