"""How a channel or segment answers to spend: a saturating curve fitted on its months, with what is not known about it.

Passes in a month = floor + ceiling · (1 − exp(−spend ÷ scale)), all three not below 0, by least squares: for each scale on
a grid the other two follow in closed form. What passes are worth is a ratio of sums over the same months. Both are
fitted again on months drawn with replacement (the bootstrap), which gives the intervals.

NumPy is loaded by whoever imports this module; pages do so only when they simulate.
"""

from dataclasses import dataclass

import numpy

STEPS = 48  # scales tried
DRAWS = 400


@dataclass(frozen=True)
class Curves:
    """One fitted curve for each draw, the one of the months themselves first; arrays of the same length.

    `pipeline` and `revenue` are the worth of one pass.
    """

    floor: numpy.ndarray
    ceiling: numpy.ndarray
    scale: numpy.ndarray
    pipeline: numpy.ndarray
    revenue: numpy.ndarray

    def leads(self, spend):
        """Expected passes in a month with so much spend, by each curve."""
        return self.floor + self.ceiling * (1 - numpy.exp(-spend / self.scale))


def generator(seed):
    """A source of randomness for `fitted`."""
    return numpy.random.default_rng(seed)


def fitted(months, random, draws=DRAWS) -> Curves:
    """The Curves of months (reports.histories.Month), by the months themselves and by as many draws of them.

    `random`: what `generator` gives. Fit only what reports.simulating.obstacle lets through.
    """
    spend, leads, pipeline, revenue = (
        numpy.array([float(getattr(one, name)) for one in months])
        for name in ("spend", "leads", "pipeline", "revenue")
    )
    count = len(months)
    drawn = random.multinomial(count, numpy.full(count, 1 / count), size=draws)
    weights = numpy.vstack([numpy.ones(count), drawn]).astype(float)
    floor, ceiling, scale = _least_squares(spend, leads, weights)
    passes = numpy.maximum(weights @ leads, 1)
    return Curves(floor, ceiling, scale, weights @ pipeline / passes, weights @ revenue / passes)


def _least_squares(spend, leads, weights):
    """floor, ceiling and scale of the best curve for each row of weights."""
    scales = numpy.geomspace(spend.max() / 20, spend.max() * 20, STEPS)
    best = numpy.full(len(weights), numpy.inf)
    found = numpy.zeros((3, len(weights)))
    for scale in scales:
        shape = 1 - numpy.exp(-spend / scale)
        floor, ceiling = _line(shape, leads, weights)
        rest = leads - floor[:, None] - ceiling[:, None] * shape
        error = (weights * rest**2).sum(axis=1)
        better = error < best - 1e-12
        best[better] = error[better]
        found[:, better] = numpy.array([floor, ceiling, numpy.full(len(weights), scale)])[:, better]
    return found


def _line(shape, leads, weights):
    """The weighted least-squares line over `shape`, neither part below 0: the best of the line and its two edges."""
    total, s, y = weights.sum(axis=1), weights @ shape, weights @ leads
    ss, sy = weights @ shape**2, weights @ (shape * leads)
    spread = total * ss - s * s
    ceiling = numpy.where(spread > 1e-12, (total * sy - s * y) / numpy.where(spread > 1e-12, spread, 1), 0)
    floor = (y - ceiling * s) / total
    through = numpy.where(ss > 0, sy / numpy.where(ss > 0, ss, 1), 0)  # no floor
    below, falling = floor < 0, ceiling < 0
    ceiling = numpy.where(falling, 0, numpy.where(below, through, ceiling))
    floor = numpy.where(falling, y / total, numpy.where(below, 0, floor))
    return floor, ceiling


PARAMETERS = 3  # of a curve: by so many degrees of freedom the months lie nearer to it than others would


def scattered(months, curves, random, most):
    """{measure: array, draws × `most`}: by how much 1 … `most` months to come, summed, may lie off what a curve tells.

    How far the months themselves lay off their own curve, drawn with replacement; the first row, of no draw, is 0.
    """
    spend = numpy.array([float(one.spend) for one in months])
    told = curves.floor[0] + curves.ceiling[0] * (1 - numpy.exp(-spend / curves.scale[0]))
    worth = {"leads": 1.0, "pipeline": curves.pipeline[0], "revenue": curves.revenue[0]}
    count = len(months)
    drawn = random.integers(0, count, size=(len(curves.floor), most))
    wider = (count / (count - PARAMETERS)) ** 0.5
    found = {}
    for name, each in worth.items():
        off = numpy.array([float(getattr(one, name)) for one in months]) - told * each
        found[name] = numpy.cumsum(off[drawn] * wider, axis=1)
        found[name][0] = 0
    return found


def interval(values, share=0.9):
    """(estimate, low, high): the first value, and between what so great a share of the others, the draws, lies."""
    tail = (1 - share) / 2
    low, high = numpy.quantile(values[1:], [tail, 1 - tail])
    return float(values[0]), float(low), float(high)
