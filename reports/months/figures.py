"""The figures of one month as they stand now, as JSON: what a close freezes and the joint pack prints."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from accounts import organisation
from leads import standing, terms
from reports import answers, dashboard, funnel, periods, reading, returns, targets, velocity, wins
from reports.choice import Choice
from reports.models import Measure
from reports.models.answers import Clock
from reports.periods import Period

MOST_CAMPAIGNS = 15


def told(month, model, at):
    """{"figures": …, "pack": …} of a month as it stands at the moment `at`, by a model of attribution."""
    ours = organisation.current()
    period = Period("custom", "", month, periods.shifted(month, 1))
    choice = Choice(period, model, organisation.today(at), ours.currency)
    rows = reading.read(
        {**funnel.parts(choice), **answers.parts(choice), **wins.parts(choice), **returns.parts(choice)}
    )
    parts = [room.made(choice, rows) for room in (funnel, answers, wins, returns)]
    stages, _times, deals, money = parts
    return {
        "figures": figures(choice, *parts),
        "pack": {
            "funnel": {name: getattr(stages.now, name) for name in funnel.COUNTS},
            "kinds": {kind: text(one.won_amount) for kind, one in deals.kinds.items()},
            "campaigns": [_campaign(line) for line in money.tree()[:MOST_CAMPAIGNS]],
            "targets": {measure: _targets(measure, period, choice, ours) for measure in Measure.values},
            "agreement": _agreement(month, at),
        },
    }


def figures(choice, stages, times, deals, money):
    """{name of reports.figures: exact value as text}, null where it cannot be told."""
    tiles = {tile.figure.name: tile.value for tile in dashboard.tiles(choice, stages, times, deals, money)}
    answer = times.clocks[Clock.ANSWER]
    total, now = money.total, deals.now
    found = {
        **tiles,
        **{name: getattr(total, name) for name in ("revenue_roi", "margin_roi", "roas")},
        "margin": now.margin,
        "lost": now.lost_amount,
        "created": now.opened_amount,
        "mqls": stages.now.mqls,
        "acceptance": stages.acceptance,
        "win_rate_value": now.value_rate,
        "answer_median": answer.median(),
        "answer_p90": answer.percentile(90),
        "answer_in_time": times.in_time,
        "velocity": velocity.sales_velocity(
            now.open, now.win_rate, now.mean_won, stages.steps["sql_won"].median
        ),
        **{f"conversion_{step}": one.rate for step, one in stages.steps.items()},
        **{f"days_{step}": one.median for step, one in stages.steps.items()},
        **{f"days90_{step}": one.p90 for step, one in stages.steps.items()},
        **{f"cost_per_{name}": value for name, value in total.cost_per.items()},
    }
    return {name: text(value) for name, value in found.items()}


def text(value):
    """A figure as it is kept: exact, null where there is none, "not available" where facts are missing."""
    if value is None or isinstance(value, (Decimal, int)):
        return None if value is None else str(value)
    return "not available" if value == returns.NOT_AVAILABLE else str(value)


def _campaign(line):
    money = line.money
    return {
        "name": line.name,
        "depth": line.depth,
        "spend": text(money.period_spend),
        "to_date": text(money.spend),
        "leads": money.leads,
        "sqls": money.sqls,
        "revenue": text(money.revenue),
        "roi": text(money.revenue_roi),
    }


def _targets(measure, period, choice, ours):
    found = targets.matrix(measure, period, choice.today, ours.fiscal_year_start)
    regions = sorted({region for region, _segment in found.cells})
    segments = sorted({segment for _region, segment in found.cells})
    return {
        "total": _promise(found.total),
        "regions": {str(one): _promise(found.region(one)) for one in regions},
        "segments": {str(one): _promise(found.segment(one)) for one in segments},
    }


def _promise(one):
    return {"target": text(one.target), "attained": text(one.attained)}


def _agreement(month, at):
    """Both sides of the agreement over the month: good leads owed and accepted, promises due and kept."""
    zone = organisation.zone()
    start, end = (datetime.combine(day, time(), zone) for day in (month, periods.shifted(month, 1)))
    agreed = terms.in_force()
    return {
        "version": agreed.version,
        "owed": [
            {
                "segment": one.segment,
                "owed": round(one.owed),
                "accepted": one.accepted,
                "offered": one.offered,
            }
            for one in standing.owed(agreed, end - timedelta(seconds=1))
        ],
        "kept": [
            {"name": one.name, "due": one.due, "kept": one.kept} for one in standing.kept(start, end, at)
        ],
    }
