"""The joint index: three waves of a brand survey, the share of search, a version in force, and one that waits for marketing."""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Sum

from accounts import organisation
from accounts.models import Segment
from pipeline.models import Deal
from reports import outlook, periods
from reports.choice import axes, parse
from reports.index import figures, versions
from reports.models import (
    BrandWave,
    IndexKind,
    IndexSignature,
    IndexVersion,
    MarketGoal,
    Reputation,
    SearchShare,
)
from reports.outlook import BEFORE

# months ago, segment, people asked, in % of them: named first, named later, prompted; mean from 1 to 5 and its deviation
WAVES = (
    (14, None, 420, 7, 14, 24, "3.7", "0.95"),
    (8, None, 440, 8, 16, 25, "3.8", "0.92"),
    (2, None, 460, 10, 17, 27, "3.9", "0.9"),
    (2, "midsize", 240, 14, 22, 27, "4.1", "0.85"),
)
MONTHS, ALL_BRANDS, OWN, GROWTH = (
    15,
    24_000,
    0.19,
    0.004,
)  # of searches: all a month, our share at first, and its growth a month
WEIGHTS = {
    IndexKind.LEADS: 35,
    IndexKind.SALES: 30,
    IndexKind.REPUTATION: 15,
    IndexKind.AWARENESS: 15,
    IndexKind.SEARCH: 5,
}
LEVELS = {IndexKind.REPUTATION: 75, IndexKind.AWARENESS: 50, IndexKind.SEARCH: 25}
SHARES, GROWTH_OF_MARKET = (
    (Decimal(6), Decimal(9)),
    Decimal("1.04"),
)  # of the house and a segment in %; of the market a year
STRETCH, NEXT_STRETCH = Decimal("1.05"), Decimal("1.2")  # of what came lately


def tell(desk):
    """Measure the brand, then agree on what is expected."""
    _measure(desk)
    _market(desk)
    known = axes()
    choice = parse({}, known, desk.at)
    lately = figures.lately(choice, known.locks, organisation.current().live_on)
    quarter = periods.named("quarter", desk.today, organisation.current().fiscal_year_start).first
    _version(desk, periods.shifted(quarter, -15), lately, STRETCH, ("marketing", "sales"))
    _version(desk, periods.shifted(quarter, 3), lately, NEXT_STRETCH, ("sales",))


def _measure(desk):
    words, by = desk.house.world.words, desk.people["marketer"]
    segments = dict(Segment.objects.values_list("code", "pk"))
    desk.keep(BrandWave, [
        BrandWave(
            name=name, on=desk.back(months) + timedelta(days=17), segment_id=segments.get(segment), asked=asked,
            top=round(asked * top / 100), other=round(asked * other / 100), prompted=round(asked * prompted / 100),
            reputation=Reputation.MEAN, score=Decimal(score), low=1, high=5, deviation=Decimal(deviation), entered_by=by,
        )
        for name, (months, segment, asked, top, other, prompted, score, deviation) in zip(words["waves"], WAVES, strict=True)
    ])  # fmt: skip
    rows = []
    for number in range(MONTHS):
        total = round(ALL_BRANDS * desk.rng.uniform(0.92, 1.08))
        share = (OWN + GROWTH * number) * desk.rng.uniform(0.94, 1.06)
        rows.append(
            SearchShare(
                month=desk.back(MONTHS - number), own=round(total * share), total=total, tool=desk.word("searches"), entered_by=by
            )
        )  # fmt: skip
    desk.keep(SearchShare, rows)


def _market(desk):
    """How large the markets are, and what share, awareness and new customers are wanted of them, three years ahead."""
    house = organisation.current()
    years = outlook.fiscal_years(desk.today, house.fiscal_year_start, house.live_on)[BEFORE - 1 :]
    segments = dict(Segment.objects.values_list("code", "pk"))
    made = []
    for place, segment in enumerate((None, "midsize")):
        pk = segments.get(segment)
        won = _won(years[1], pk)
        for number, year in enumerate(years):
            size = _round(max(won, Decimal(1)) * (18 - 6 * place) * GROWTH_OF_MARKET**number)
            made.append(
                MarketGoal(
                    first=year.first, segment_id=pk, size=size, source=desk.word("market"), share=SHARES[place] + number,
                    awareness=Decimal(44 + 6 * place + 3 * number), customers=(24, 8)[place] + 2 * number, is_key=bool(pk) and number == 2,
                    entered_by=desk.people["head.marketing"],
                )
            )  # fmt: skip
    desk.keep(MarketGoal, made)


def _won(year, segment):
    """What was won in a year, of a segment or of all."""
    found = Deal.objects.won().filter(signed_on__gte=year.first, signed_on__lt=year.until)
    found = found.filter(company__segment=segment) if segment else found
    return found.aggregate(sum=Sum("base_amount"))["sum"] or Decimal()


def _version(desk, first, lately, stretch, tracks):
    expected = {kind: Decimal(level) for kind, level in LEVELS.items()}
    for kind in (IndexKind.LEADS, IndexKind.SALES):
        came = lately[kind].value if lately[kind] else Decimal()
        expected[kind] = max(Decimal(1), _round(came * stretch))
    components = {kind: (Decimal(weight), expected[kind]) for kind, weight in WEIGHTS.items()}
    made = versions.save(IndexVersion(first=first), components, desk.people["head.marketing"])
    desk.made.append(made)
    at = desk.moment(min(first, desk.today) - timedelta(days=12))
    IndexSignature.objects.bulk_create(
        IndexSignature(version=made, track=track, user=desk.people[f"head.{track}"], at=at)
        for track in tracks
    )


def _round(amount):
    """As people agree on it: two figures that count."""
    return Decimal(f"{amount:.1e}").quantize(Decimal(1))
