"""The headings of the lists behind the figures."""

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.models import ReturnReason
from pipeline.models import DealStage, OutcomeReason
from reports import brought
from reports.answers import EDGES
from reports.behind import losses
from reports.behind.lists import ONE_BY_ONE
from reports.figures import FIGURES
from reports.ledger.lines import LINES, SIDES
from reports.models import Measure

TITLES = {
    "to_mql": gettext_lazy("Passes that became an MQL"),
    "to_sql": gettext_lazy("Passes that sales accepted"),
    "to_deal": gettext_lazy("Passes with a deal"),
    "to_won": gettext_lazy("Passes won"),
    "deals": gettext_lazy("Passes with a deal since"),
    "to_ready": gettext_lazy("Passes made ready"),
    "stuck_new_mql": gettext_lazy("Captured and no MQL yet"),
    "stuck_mql_ready": gettext_lazy("MQLs not ready yet"),
    "stuck_ready_sql": gettext_lazy("Ready and not accepted yet"),
    "stuck_sql_deal": gettext_lazy("Accepted and without a deal yet"),
    "stuck_deal_won": gettext_lazy("With a deal and not won yet"),
    **{f"then_{step}": gettext_lazy("Went on, of the same months a year before") for step in ONE_BY_ONE},
    **{
        f"entered_then_{step}": gettext_lazy("Entered in the same months a year before")
        for step in ONE_BY_ONE
    },
    "week_leads": gettext_lazy("Leads of the last seven days"),
    "week_mqls": gettext_lazy("MQLs of the last seven days"),
    "week_sqls": gettext_lazy("Accepted in the last seven days"),
    "week_won": gettext_lazy("Won in the last seven days"),
    "week_cancelled": gettext_lazy("Cancelled in the last seven days"),
    "week_lost": gettext_lazy("Lost in the last seven days"),
    "week_opened": gettext_lazy("Opened in the last seven days"),
    "week_returned": gettext_lazy("Offers of the last seven days that came back"),
    "accepted_passes": gettext_lazy("Passes that sales accepted of those offered"),
    "went_mql_ready": gettext_lazy("MQLs made ready by today"),
    "went_ready_sql": gettext_lazy("Ready and accepted by today"),
    "went_mql_sql": gettext_lazy("MQLs accepted by today"),
    "went_sql_deal": gettext_lazy("Accepted and with a deal by today"),
    "went_deal_won": gettext_lazy("With a deal and won by today"),
    "went_sql_won": gettext_lazy("Accepted and won by today"),
    "offers": gettext_lazy("Offers to sales"),
    "delays": gettext_lazy("Leads whose time is told apart"),
    "untried": gettext_lazy("Captured in the period and not tried yet"),
    **{f"answered_in_{high}": gettext_lazy("Offers by their answer time") for high in EDGES},
    "answered_later": gettext_lazy("Offers by their answer time"),
    "not_answered": gettext_lazy("Offers that nobody has answered"),
    "kept_answer": gettext_lazy("Answers given in time"),
    "kept_contact": gettext_lazy("First contacts in time"),
    "kept_persistence": gettext_lazy("Let go after all attempts owed"),
    "return_leads": gettext_lazy("Leads of the return"),
    "return_sqls": gettext_lazy("Accepted SQLs of the return"),
    "return_created": gettext_lazy("Pipeline created of the return"),
    "return_open": gettext_lazy("Open deals credited in the return"),
    "won_new": gettext_lazy("Won: new business"),
    "won_business": gettext_lazy("Won: new business and expansions"),
    "new_customers": gettext_lazy("First won deals of new customers"),
    "margin": gettext_lazy("Margin of won deals"),
    "return_mqls": gettext_lazy("MQLs of the return"),
    "return_deals": gettext_lazy("Passes with a deal of the return"),
    "won_expansions": gettext_lazy("Won: expansions"),
    "won_existing": gettext_lazy("Won: existing customers"),
    "lost": gettext_lazy("Lost deals"),
    "sourced_sales": gettext_lazy("Pipeline created by sales"),
    "sourced_partner": gettext_lazy("Pipeline created by partners"),
    "sourced_other": gettext_lazy("Pipeline created by others"),
    **{
        f"grade_{grade.lower()}": format_lazy("{} {}", gettext_lazy("Leads of grade"), grade)
        for grade in "ABCD"
    },
    "grade_none": gettext_lazy("Leads without a grade"),
    **dict.fromkeys(
        ("revenue_roi", "margin_roi", "channel_roi"), gettext_lazy("Credited deals of the return")
    ),
    "return_spend": gettext_lazy("Spend of the return"),
    "collected": gettext_lazy("Money received"),
    "planned": gettext_lazy("Planned spend"),
    "committed": gettext_lazy("Committed spend"),
    "paid": gettext_lazy("Paid spend"),
    "credits": gettext_lazy("Credits of won deals"),
    "placed_credits": gettext_lazy("Credits of won deals by region"),
    "open_credits": gettext_lazy("Credits of open deals"),
    "accepted": gettext_lazy("Offers that sales accepted"),
    "expired": gettext_lazy("Offers that ran out"),
    "kept_desk": gettext_lazy("Answers of the desk given in time"),
    "due_desk": gettext_lazy("Answers of the desk that fell due"),
    "due_answer": gettext_lazy("Answers that fell due"),
    "due_contact": gettext_lazy("First contacts that fell due"),
    "due_persistence": gettext_lazy("Accepted leads that were let go"),
    "stepless": gettext_lazy("Open deals without a next step"),
    "ready": gettext_lazy("Passes made ready"),
    "at_desk": gettext_lazy("MQLs at the desk, not ready yet"),
    "not_offered": gettext_lazy("Ready and not offered"),
    "unanswered": gettext_lazy("Offered and not answered"),
    "untouched": gettext_lazy("Accepted and not tried yet"),
    "returned": gettext_lazy("Offers that sales returned"),
    "slipped": gettext_lazy("Open deals whose close moved twice"),
    "forecast_closed": gettext_lazy("Forecast: closed"),
    "forecast_commit": gettext_lazy("Forecast: closed and commit"),
    "forecast_best_case": gettext_lazy("Forecast: closed, commit and best case"),
    "forecast_pipeline": gettext_lazy("Forecast: all that is due"),
    "forecast_open": gettext_lazy("Open deals due in the period"),
    "forecast_weighted": gettext_lazy("Forecast: weighted"),
    "forecast_overdue": gettext_lazy("Open deals past their expected close, or without one"),
    "wins": gettext_lazy("Deals won"),
    "account_renewals": gettext_lazy("Contracts of the own accounts that end"),
    "sales_timed": gettext_lazy("Offers with a promised time that were answered or ran out"),
    **{
        name: format_lazy("{} · {}", line.label, SIDES[side])
        for line in LINES
        for side, name in line.lists.items()
        if name.startswith(f"{side}_")
    },
}

OF_SIDE = {
    "entered_mql": FIGURES["mqls"].label,
    "entered_ready": FIGURES["ready"].label,
    "entered_sql": FIGURES["sqls"].label,
    "entered_deal": TITLES["deals"],
}
PROMISED = {"targets": gettext_lazy("Targets"), "quotas": gettext_lazy("Quotas")}


def title(name):
    """The heading of a list; of those of a grade that came so far, of both."""
    if name.startswith("returned-"):
        reason = ReturnReason.objects.filter(pk=name.removeprefix("returned-")).first()
        return f"{TITLES['returned']}: {_(reason.name)}" if reason else str(TITLES["returned"])
    what, _dash, measure = name.partition("-")
    if what == "lost" and measure:
        return _lost(name)
    if what in PROMISED:
        return f"{PROMISED[what]}: {Measure(measure).label}"
    if name.startswith("of_"):
        side, _dash, which = name.removeprefix("of_").partition("_")
        return f"{brought.SIDES[side]}: {OF_SIDE.get(which) or TITLES.get(which) or FIGURES[which].label}"
    if name not in TITLES and name.startswith("grade_"):
        graded, far = name.split("_to_")
        return f"{TITLES[graded]}: {TITLES[f'to_{far}']}"
    return str(TITLES[name] if name in TITLES else FIGURES[name].label)


def _lost(name):
    """Of lost deals: the reason, the stage and the rival that the list is narrowed to."""
    found = losses.NAME.fullmatch(name)
    reason, stage, rival = found.groups() if found else ("all", None, None)
    told = [
        *OutcomeReason.objects.filter(pk=0 if reason == "all" else reason),
        *DealStage.objects.filter(pk=stage or 0),
        *losses.named(rival),
    ]
    return f"{TITLES['lost']}: {' · '.join(map(str, told))}" if told else str(TITLES["lost"])
