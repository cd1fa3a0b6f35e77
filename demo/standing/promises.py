"""Targets by region and segment, quotas of teams and people: past quarters near what came, the next ones near the last."""

from datetime import timedelta
from decimal import Decimal

from accounts import organisation
from accounts.models import Team, Track
from demo.spending import nice
from reports import targets
from reports.models import Measure, Quota, Target
from reports.periods import between, named, shifted
from reports.quotas import TEAM, quotas, set_quotas
from reports.rounds import deciding

PAST, AHEAD = 5, 2  # quarters
MORE = Decimal("1.08")  # of what was agreed for the last quarter
YEARS, GROWTH = 3, 1.09  # fiscal years to come in outline, a year
OF_SALES, OF_MARKETING = (Measure.WON,), (Measure.SQLS, Measure.PIPELINE)


def tell(desk):
    """Targets of every measure; quotas of won revenue for sales, of SQLs and pipeline for marketing."""
    for measure in Measure:
        _targets(desk, measure)
    for measure in (*OF_SALES, *OF_MARKETING):
        _quotas(desk, measure)
    _rounds(desk)
    people = [user.pk for user in desk.people.values()]
    for model in (Target, Quota):
        desk.made += model.objects.filter(set_by__in=people)


def quarters(desk):
    """(Period, is it over?) of past quarters, the running one and those ahead."""
    start = organisation.current().fiscal_year_start
    first = named("quarter", desk.today, start).first
    for number in range(-PAST, AHEAD + 1):
        begins = shifted(first, 3 * number)
        yield between(begins, shifted(begins, 2)), number < 0


def _targets(desk, measure):
    start, seen = organisation.current().fiscal_year_start, []
    for period, over in quarters(desk):
        if over:
            cells = {
                place: one.attained
                for place, one in targets.matrix(measure, period, desk.today, start).cells.items()
            }
            seen.append(cells)
        else:
            places = {place for cells in seen[-4:] for place in cells}
            cells = {
                place: sum((cells.get(place, Decimal()) for cells in seen[-4:]), Decimal()) / 4
                for place in places
            }
        wishes = {place: desk.about(amount) for place, amount in sorted(cells.items()) if amount > 0}
        targets.promise(measure, period, wishes, desk.people["head.sales"], desk.moment(_signed(period)))
    _far_targets(desk, measure, seen[-4:])


def _far_targets(desk, measure, seen):
    """The three fiscal years to come in outline, from where the quarters end: each a little above the one before."""
    *_past, (last, _over) = quarters(desk)
    year = named("year", desk.today, organisation.current().fiscal_year_start)
    for number in range(1, YEARS + 1):
        ends = shifted(year.until, 12 * number)
        begins = max(last.until, shifted(ends, -12))
        period = between(begins, shifted(ends, -1))
        wishes = {
            place: desk.about(amount * Decimal(GROWTH**number) * period.months / 12)
            for place in sorted({place for cells in seen for place in cells})
            if (amount := sum((cells.get(place, Decimal()) for cells in seen), Decimal())) > 0
        }
        targets.promise(measure, period, wishes, desk.people["head.sales"], desk.moment(_signed(year)))


def _rounds(desk):
    """This year is agreed by all; a change of its last quarter waits for marketing and finance, and the next year for everybody."""
    year = named("year", desk.today, organisation.current().fiscal_year_start)
    head, words = desk.people["head.sales"], desk.house.world.words["rounds"]
    first = deciding.propose(
        year.first, why=words[0], asked_by=words[1], by=head, at=desk.moment(_signed(year))
    )
    for number, code in enumerate(("head.sales", "head.marketing", "finance")):
        day = _signed(year) + timedelta(days=3 + number)
        deciding.sign(first.pk, by=desk.people[code], at=desk.moment(day))
    last = between(shifted(year.until, -3), shifted(year.until, -1))
    found = targets.matrix(Measure.WON, last, desk.today, organisation.current().fiscal_year_start).cells
    wishes = {
        place: Decimal(nice(one.target * MORE)) for place, one in sorted(found.items())[:2] if one.target
    }
    at = desk.moment(desk.today - timedelta(days=4))
    asked = targets.promise(Measure.WON, last, wishes, head, at, why=words[2], asked_by=words[3])
    for one in asked:
        deciding.sign(one.pk, by=head, at=at)
    ahead = deciding.propose(year.until, why=words[4], asked_by=words[1], by=head, at=at)
    desk.made += [first, *asked, ahead]


def _quotas(desk, measure):
    head = desk.people["head.sales" if measure in OF_SALES else "head.marketing"]
    start, seen = organisation.current().fiscal_year_start, []
    track = Track.SALES if measure in OF_SALES else Track.MARKETING
    teams = set(Team.objects.filter(track=track).values_list("pk", flat=True))
    for period, over in quarters(desk):
        if over:
            found = quotas(head, measure, period, desk.today, start, True)
            came = {
                (row.kind, row.id): row.promise.attained
                for one in found
                if one.team.id in teams
                for row in (one.team, *one.people)
            }
            seen.append(came)
        else:
            came = {
                key: sum((one.get(key, Decimal()) for one in seen[-3:]), Decimal()) / 3 for key in seen[-1]
            }
        wishes = {
            (kind, pk): desk.about(amount, *((1.02, 1.12) if kind == TEAM else (0.9, 1.2)))
            for (kind, pk), amount in came.items()
            if amount > 0
        }
        set_quotas(measure, period, wishes, head, desk.moment(_signed(period)))


def _signed(period):
    """Promises are signed in the middle of the month before."""
    return shifted(period.first, -1).replace(day=15)
