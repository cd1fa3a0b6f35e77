"""What the deals, the reps and the head of sales said of past months and quarters, and what they say of this one."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from reports.forecast.calls import Subject, summed
from reports.models import CountedDeal, ForecastCall
from reports.periods import between, shifted

MONTHS, QUARTERS = 12, 4
# How people are: what they say of what comes in the end, and how much that varies.
BIAS = {
    "rep": (1.06, 0.1),
    "rep2": (1.35, 0.2),
    "rep3": (0.94, 0.08),
    "rep4": (1.1, 0.25),
    "farmer": (0.97, 0.06),
}
HEAD = (1.03, 0.07)


def tell(desk):
    """Snapshots of the deals, words of reps and of the head on the first day of each period, and of the running one."""
    won = _won()
    spans = [(desk.back(n), 1) for n in range(MONTHS, 0, -1)]
    begins = shifted(desk.month, -((desk.month.month - 1) % 3))
    spans += [(shifted(begins, -3 * n), 3) for n in range(QUARTERS, 0, -1)]
    rows = [row for first, months in spans for row in _period(desk, won, first, months)]
    desk.keep(ForecastCall, rows)
    for period in (between(desk.month, desk.month), between(begins, shifted(begins, 2))):
        desk.made += _running(desk, period)


def _won():
    """{(owner, first day of the month): won}."""
    rows = CountedDeal.objects.filter(outcome="won").annotate(month=TruncMonth("closed_on"))
    found = defaultdict(Decimal)
    for owner, month, amount in rows.values_list("owner", "month").annotate(sum=Sum("amount")):
        found[owner, month] += amount or 0
    return found


def _period(desk, won, first, months):
    inside = [shifted(first, n) for n in range(months)]
    final = {
        code: sum((won[user.pk, month] for month in inside), Decimal()) for code, user in desk.reps.items()
    }
    at = desk.moment(first, 0)
    for code, amount in [*final.items(), (None, sum(final.values(), Decimal()))]:
        if not amount:
            continue
        user = desk.people.get(code)
        deals = _by_the_deals(desk, amount)
        yield ForecastCall(first=first, months=months, rep=user, at=at, **deals)
        by, (bias, spread) = user or desk.people["head.sales"], BIAS.get(code, HEAD)
        commit = desk.about(amount, bias - spread, bias + spread)
        yield ForecastCall(
            first=first, months=months, rep=user, at=desk.moment(first, 9), by=by, reason=desk.word("forecast"),
            **deals | {"commit": commit, "best_case": desk.about(commit, 1.1, 1.4)},
        )  # fmt: skip


def _by_the_deals(desk, amount):
    """What the open deals said on the first day: nothing closed, less committed than comes, the weighted sum near it."""
    commit = desk.about(amount, 0.5, 0.85)
    best = desk.about(commit, 1.3, 1.8)
    return {
        "commit": commit,
        "best_case": best,
        "summed_commit": commit,
        "summed_best_case": best,
        "closed": Decimal(),
        "weighted": desk.about(amount, 0.82, 1.2),
    }


def _running(desk, period):
    """A word of three reps and one of the head; whoever was careful has said more since."""
    for code in ("rep", "rep3", "farmer"):
        user = desk.people[code]
        yield _say(desk, Subject(rep=user.pk), period, user, 1.05, 6)
    yield _say(desk, Subject(rep=desk.people["rep"].pk), period, desk.people["rep"], 1.12, 1)
    yield _say(desk, Subject(), period, desk.people["head.sales"], 1.04, 1)


def _say(desk, subject, period, by, factor, days):
    deals = summed(subject, period)
    commit = desk.about(deals["summed_commit"], factor - 0.02, factor + 0.02)
    at = max(desk.at - timedelta(days=days, hours=3), desk.moment(period.first, 8))
    return ForecastCall.objects.create(
        first=period.first, months=period.months, rep_id=subject.rep, by=by, at=at, reason=desk.word("forecast"),
        commit=commit, best_case=max(deals["summed_best_case"], commit), **deals,
    )  # fmt: skip
