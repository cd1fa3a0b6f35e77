"""What would come of it if spend moved: expected passes, pipeline and revenue of a quarter, with what is not known."""

from dataclasses import dataclass, field, replace
from importlib import import_module
from statistics import fmean, pstdev

LEAST_MONTHS = 12  # with spend, below which nothing is fitted
LEAST_LEADS = 12
LEAST_SPREAD = (
    0.1  # of the spend of the months, as a share of their mean: without it there is no slope to see
)
RECENT = 6  # months whose mean is what is spent now
QUARTER = 3
FAR = 1.5  # times the most ever spent in a month: beyond, the curve is a guess
MEASURES = ("leads", "pipeline", "revenue")


@dataclass(frozen=True)
class Range:
    """An estimate, and where the truth lies in 9 of 10 cases as far as the months tell."""

    estimate: float
    low: float
    high: float

    @property
    def is_sure(self):
        """Is it surely a gain, or surely a loss?"""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Side:
    """The channel or segment that gives or gets. Spend is by month, expectations are of a quarter: {measure: Range}."""

    key: str
    now: float
    then: float
    most: float
    months: int
    obstacle: str = ""
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)

    @property
    def is_far(self):
        """Would more be spent than anybody has ever seen here?"""
        return self.then > FAR * self.most


@dataclass(frozen=True)
class Simulation:
    """Both sides of a move of `amount` a month; `before`, `after` and `change` of both together, empty where not fitted.

    `came`: {measure: [Range, …]} of what really comes after it in 1, 2 and 3 months, which chance scatters further.
    """

    source: Side
    target: Side
    amount: float
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    change: dict = field(default_factory=dict)
    came: dict = field(default_factory=dict)

    @property
    def is_fitted(self):
        return bool(self.change)


def whole(months):
    """The months that a curve is fitted on."""
    return [one for one in months if one.whole]


def obstacle(months):
    """Why nothing can be fitted on these months: "months", "leads" or "spread"; empty where it can."""
    months = whole(months)
    spend = [one.spend for one in months]
    if sum(one > 0 for one in spend) < LEAST_MONTHS:
        return "months"
    if sum(one.leads for one in months) < LEAST_LEADS:
        return "leads"
    return "" if pstdev(spend) >= LEAST_SPREAD * fmean(spend) else "spread"


def spent_now(months):
    """The mean spend of the last months."""
    recent = months[-RECENT:]
    return fmean(one.spend for one in recent) if recent else 0.0


def ranked(months):
    """The keys that can be fitted and are paid for now, those first whose spend brought the least revenue each."""
    fitted = [key for key, of in months.items() if spent_now(of) > 0 and not obstacle(of)]

    def brought(key):
        known = whole(months[key])
        return sum(one.revenue for one in known) / sum(one.spend for one in known)

    return sorted(fitted, key=lambda key: (brought(key), key))


def simulate(months, source, target, amount, seed) -> Simulation:
    """The Simulation of moving `amount` a month; `months` is what reports.histories found. Raises KeyError.

    `seed`: what the draws of the bootstrap follow from, so that the same question has the same answer.
    """
    sides = _side(source, months[source], -amount), _side(target, months[target], amount)
    if any(one.obstacle for one in sides):
        return Simulation(*sides, amount)
    # Loaded here: NumPy costs every process 30 MB, and only who simulates needs it.
    response = import_module("reports.response")
    draws = response.generator(seed)
    fit_on = {one.key: whole(months[one.key]) for one in sides}
    curves = {key: response.fitted(of, draws) for key, of in fit_on.items()}
    before = {one.key: _expected(curves[one.key], one.now) for one in sides}
    after = {one.key: _expected(curves[one.key], one.then) for one in sides}

    def ranges(values):
        return {name: Range(*response.interval(values[name])) for name in MEASURES}

    told = [replace(one, before=ranges(before[one.key]), after=ranges(after[one.key])) for one in sides]
    summed = [{name: sum(of[one.key][name] for one in sides) for name in MEASURES} for of in (before, after)]
    change = {name: summed[1][name] - summed[0][name] for name in MEASURES}
    off = [response.scattered(fit_on[one.key], curves[one.key], draws, QUARTER) for one in sides]
    came = {
        name: [
            Range(
                *response.interval(
                    summed[1][name] * over / QUARTER + sum(one[name][:, over - 1] for one in off)
                )
            )
            for over in range(1, QUARTER + 1)
        ]
        for name in MEASURES
    }
    return Simulation(told[0], told[1], amount, ranges(summed[0]), ranges(summed[1]), ranges(change), came)


def _side(key, months, amount):
    now = spent_now(months)
    return Side(
        key,
        now=now,
        then=now + amount,
        most=max((one.spend for one in months), default=0.0),
        months=sum(one.spend > 0 for one in whole(months)),
        obstacle=obstacle(months),
    )


def _expected(curves, spend):
    leads = QUARTER * curves.leads(spend)
    return {"leads": leads, "pipeline": leads * curves.pipeline, "revenue": leads * curves.revenue}
