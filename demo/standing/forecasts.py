"""What the deals, the reps and the head of sales said of past months and quarters, and what they say of this one."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from accounts import organisation
from reports.forecast.calls import KEEP, SAY, Subject, say, summed
from reports.models import CountedDeal
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
    with connection.cursor() as cursor:
        for first, months in spans:
            _past(cursor, desk, won, between(first, shifted(first, months - 1)))
    for period in (between(desk.month, desk.month), between(begins, shifted(begins, 2))):
        desk.made += _running(desk, period)


def _won():
    """{(owner, first day of the month): won}."""
    rows = CountedDeal.objects.filter(outcome__in=("won", "cancelled")).annotate(
        month=TruncMonth("closed_on")
    )
    found = defaultdict(Decimal)
    for owner, month, amount in rows.values_list("owner", "month").annotate(sum=Sum("amount")):
        found[owner, month] += amount or 0
    return found


# What stood in the forecast on the first day of a past period: the deals open then that were decided in it, and some of
# those decided in the month after. Whoever won in the end was committed to more often.
PAST = """due AS MATERIALIZED (
  SELECT deal_id AS deal, d.owner, d.team, c.category, d.amount,
    CASE c.category WHEN 'commit' THEN 80 WHEN 'best_case' THEN 50 ELSE 20 END AS chance, least(closed_on, %(until)s::date - 1) AS day
  FROM reports_counteddeal d
  CROSS JOIN LATERAL (SELECT CASE WHEN deal_id * 7 %% 10 < CASE outcome WHEN 'won' THEN 6 ELSE 2 END THEN 'commit'
    WHEN deal_id * 7 %% 10 < 8 THEN 'best_case' ELSE 'pipeline' END AS category) AS c
  WHERE outcome IN ('won', 'lost') AND opened_on < %(first)s AND closed_on >= %(first)s AND {whose}
    AND closed_on < %(until)s::date + CASE WHEN deal_id %% 3 = 0 THEN 30 ELSE 0 END
)"""


def _past(cursor, desk, won, period):
    """The snapshot of the first day of a past period, and what reps and the head said that morning."""
    span = {"first": period.first, "until": period.until, "months": period.months}
    cursor.execute(KEEP.format(deals=PAST.format(whose="true")), {**span, "at": desk.moment(period.first, 0)})
    inside = [shifted(period.first, n) for n in range(period.months)]
    final = {
        code: sum((won[user.pk, month] for month in inside), Decimal()) for code, user in desk.reps.items()
    }
    for code, amount in [*final.items(), (None, sum(final.values(), Decimal()))]:
        if not amount:
            continue
        user = desk.people.get(code)
        by, (bias, spread) = user or desk.people["head.sales"], BIAS.get(code, HEAD)
        commit = desk.about(amount, bias - spread, bias + spread)
        told = {"commit": commit, "best_case": desk.about(commit, 1.1, 1.4), "reason": desk.word("forecast")}
        deals = PAST.format(whose="d.owner = %(rep)s" if user else "true")
        who = {"rep": user and user.pk, "team": None, "by": by.pk, "at": desk.moment(period.first, 9)}
        cursor.execute(SAY.format(deals=deals), {**span, **told, **who})


def _running(desk, period):
    """A word of three reps and one of the head; whoever was careful has said more since."""
    for code in ("rep", "rep3", "farmer"):
        user = desk.people[code]
        yield _say(desk, Subject(rep=user.pk), period, user, 1.05, 6)
    yield _say(desk, Subject(rep=desk.people["rep"].pk), period, desk.people["rep"], 1.12, 1)
    yield _say(desk, Subject(), period, desk.people["head.sales"], 1.04, 1)


def _say(desk, subject, period, by, factor, days):
    at = max(desk.at - timedelta(days=days, hours=3), desk.moment(period.first, 8))
    deals = summed(subject, period, organisation.today(at))
    commit = desk.about(deals["summed_commit"], factor - 0.02, factor + 0.02)
    best = max(deals["summed_best_case"], commit)
    return say(subject, period, commit=commit, best_case=best, reason=desk.word("forecast"), by=by, at=at)
