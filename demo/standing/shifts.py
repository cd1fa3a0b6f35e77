"""Decisions to move spend: one looked at again, one that waits for it, one whose quarter runs."""

from datetime import timedelta
from decimal import Decimal
from itertools import product

from reports import shifts
from reports.attribution import DEFAULT
from reports.histories import histories
from reports.models import Shift
from reports.models.shifts import ShiftAxis
from reports.periods import shifted
from reports.simulating import ranked, simulate, spent_now

TRIES = 12
STARTS = (-6, -3, 0)  # months from the first of this quarter


def tell(desk):
    """As many as the history lets be simulated."""
    months = histories(ShiftAxis.CHANNEL, DEFAULT, desk.month)
    quarter = shifted(desk.month, -((desk.month.month - 1) % 3))
    made = []
    reasons = desk.house.world.words["shift"]
    for number, (found, starts) in enumerate(zip(_gains(desk, months), STARTS, strict=False)):
        first = shifted(quarter, starts)
        decided = desk.moment(first - timedelta(days=12))
        by, why = desk.people["head.marketing"], reasons[number % len(reasons)]
        made.append(shifts.keep(found, ShiftAxis.CHANNEL, DEFAULT, first, why, by, decided))
    desk.made += made
    for one in made:
        if one.due_on <= desk.today:
            Shift.objects.filter(pk=one.pk).update(reminded_at=desk.moment(one.due_on, 7))
    if made and made[0].due_on <= desk.today:
        learned, at = desk.word("learned"), desk.moment(made[0].due_on + timedelta(days=8))
        shifts.look_again(made[0].pk, learned, desk.people["head.marketing"], at)


def _gains(desk, months):
    """Simulations that promise more revenue, of the first few moves from where euros brought least to where most."""
    order, known = ranked(months), set()
    for source, target in list(product(order[:3], reversed(order[3:])))[:TRIES]:
        if source in known or target in known:
            continue
        amount = desk.about(Decimal(spent_now(months[source])), 0.2, 0.4)
        found = simulate(months, source, target, float(amount), desk.rng.randrange(10**6))
        if found.change["revenue"].estimate > 0:
            known |= {source, target}
            yield found
