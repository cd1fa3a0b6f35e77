"""The figures of one month as they stand now, as JSON: what a close freezes and the joint pack prints."""

from datetime import datetime, time
from decimal import Decimal

from django.db.models import Count

from accounts import organisation
from accounts.models import Region, Segment
from leads import standing, terms
from leads.models import Handoff
from leads.models.handoffs import HandoffEnd
from pipeline.models import Deal
from reports import answers, budget, dashboard, funnel, periods, reading, returns, targets, velocity, wins
from reports.choice import Choice
from reports.models import Measure
from reports.models.answers import Clock
from reports.money import NOT_AVAILABLE
from reports.periods import Period
from reports.regions import indented

MOST_CAMPAIGNS, MOST_DEALS, MOST_REASONS = 10, 5, 5
PLACES = 6  # of a ratio


def told(month, model, at):
    """{"figures": …, "pack": …} of a month as it stands at the moment `at`, by a model of attribution."""
    ours, choice = organisation.current(), choice_of(month, model, at)
    period = choice.period
    rows = reading.read(
        {
            **funnel.parts(choice),
            **answers.parts(choice),
            **wins.parts(choice),
            **returns.parts(choice, whole=True),
        }
    )
    parts = [room.made(choice, rows) for room in (funnel, answers, wins, returns)]
    stages, _times, deals, money = parts
    return {
        "figures": figures(choice, *parts),
        "pack": {
            "funnel": {name: getattr(stages.now, name) for name in funnel.COUNTS},
            "last_year": _last_year(periods.shifted(month, -12), stages, deals),
            "kinds": {kind: text(one.won_amount) for kind, one in deals.kinds.items()},
            "biggest": _biggest(period),
            "returned": _returned(period),
            "budget": _budget(choice),
            "campaigns": [_campaign(line) for line in money.tree()[:MOST_CAMPAIGNS]],
            "targets": {measure: _targets(measure, period, choice, ours) for measure in Measure.values},
            "agreement": _agreement(month, at),
        },
    }


def choice_of(month, model, at) -> Choice:
    """The Choice of one month and nothing narrower, as seen at the moment `at`."""
    period = Period("custom", "", month, periods.shifted(month, 1))
    return Choice(period, model, organisation.today(at), organisation.current().currency)


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
        "wins": now.won,
        "losses": now.lost,
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
    if value is None:
        return None
    if isinstance(value, (Decimal, int)):
        amount = Decimal(value)
        told = round(amount, PLACES)
        return f"{amount if told == amount else told:f}"
    return "not available" if value == NOT_AVAILABLE else str(value)


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


def _last_year(month, stages, deals):
    """The same month of the year before; null where there are no records of it."""
    flow = next((one for one in stages.months if one.month == month), None)
    won = deals.months.get(month)
    return {
        "won": text(won and won.won_amount),
        "leads": flow and flow.leads,
        "mqls": flow and flow.mqls,
        "sqls": flow and flow.sqls,
    }


def _biggest(period):
    """The largest deals won in the month: [name, company, amount]."""
    won = Deal.objects.won().filter(
        signed_on__gte=period.first, signed_on__lt=period.until, base_amount__isnull=False
    )
    rows = won.order_by("-base_amount", "pk").values_list("name", "company__name", "base_amount")
    return [[name, company or "", text(amount)] for name, company, amount in rows[:MOST_DEALS]]


def _returned(period):
    """Why sales returned leads in the month, most frequent first: [reason, how many]."""
    first, until = (
        datetime.combine(day, time(), organisation.zone()) for day in (period.first, period.until)
    )
    returned = Handoff.objects.filter(end=HandoffEnd.RETURNED, ended_at__gte=first, ended_at__lt=until)
    rows = (
        returned.order_by().values_list("reason__name").annotate(n=Count("pk")).order_by("-n", "reason__name")
    )
    return [[name or "", n] for name, n in rows[:MOST_REASONS]]


def _budget(choice):
    total = budget.budget(choice).total
    return {name: text(getattr(total, name)) for name in (*budget.SUMS, "budget", "left")}


def _targets(measure, period, choice, ours):
    found = targets.matrix(measure, period, choice.today, ours.fiscal_year_start)
    places = [{key[place] for key in found.cells} for place in (0, 1)]
    return {
        "total": _promise("", found.total),
        **{
            f"{axis}s": [
                _promise(indented(names.get(one, ""), depth), getattr(found, axis)(one))
                for one, depth in lines
            ]
            for axis, names, lines in (
                ("region", dict(Region.objects.values_list("pk", "name")), found.tree.lines(places[0], int)),
                (
                    "segment",
                    dict(Segment.objects.values_list("pk", "name")),
                    [(one, 0) for one in sorted(places[1])],
                ),
            )
        },
    }


def _promise(name, one):
    return {"name": name, "target": text(one.target), "attained": text(one.attained)}


def _agreement(month, at):
    """Both sides of the agreement over the month: good leads owed and accepted, promises due and kept."""
    zone = organisation.zone()
    start, end = (datetime.combine(day, time(), zone) for day in (month, periods.shifted(month, 1)))
    agreed = terms.in_force_at(end)
    return {
        "version": agreed.version,
        "owed": [
            {
                "segment": one.segment,
                "owed": round(one.owed),
                "accepted": one.accepted,
                "offered": one.offered,
            }
            for one in standing.owed(end, month)
            if one.key != standing.NONE  # its name would be kept in one language
        ],
        "desk": {"due": (desk := standing.desk(start, end, at)).due, "kept": desk.kept},
        "kept": [
            {"name": one.name, "due": one.due, "kept": one.kept} for one in standing.kept(start, end, at)
        ],
    }
