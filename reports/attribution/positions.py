"""Models that look at a path alone: the weight of each of its touches, by its place and its time.

All functions take how many touches there are and give that many weights, in the order of the path. Weights are whole
numbers (time decay: floats) and mean shares of their own sum. docs/attribution.md states the corner cases.
"""

U = (40, 40, 20)  # first, lead creation; the rest
W = (30, 30, 30, 10)  # first, lead creation, deal creation; the rest
Z = (225, 225, 225, 225, 100)  # first, lead creation, deal creation, close; the rest
HALF_LIFE = 7.0  # days


def first(count):
    """All to the first touch."""
    return [1] + [0] * (count - 1) if count else []


def last(count):
    """All to the last touch."""
    return [0] * (count - 1) + [1] if count else []


def linear(count):
    """The same to each."""
    return [1] * count


def u_shape(count, lead=None):
    """40 to the first touch, 40 to that which created the lead (place from 0; the last one where unknown), 20 shared."""
    return keyed(count, (0, _known(lead, count - 1)), U)


def w_shape(count, lead=None, deal=None):
    """30 to the first touch and to those that created lead and deal (the middle and last one where unknown), 10 shared."""
    return keyed(count, (0, _known(lead, (count - 1) // 2), _known(deal, count - 1)), W)


def z_shape(count, lead=None, deal=None):
    """22.5 each to the first touch, lead creation, deal creation (a third and two thirds along where unknown) and the
    close, 10 shared.
    """
    third, two_thirds = (count - 1) // 3, (count - 1) * 2 // 3
    return keyed(count, (0, _known(lead, third), _known(deal, two_thirds), count - 1), Z)


def keyed(count, places, weights):
    """Weights of a path whose touches at `places` are key: weights[i] to places[i], the last weight shared by the rest.

    A touch that is key twice gets both weights. Without a rest its weight goes to the key touches in proportion.
    """
    if not count:
        return []
    key = dict.fromkeys(places, 0)
    for place, weight in zip(places, weights, strict=False):
        key[place] += weight
    rest = count - len(key)
    return [key[i] * (rest or 1) if i in key else weights[-1] for i in range(count)]


def time_decay(ages, half_life=HALF_LIFE):
    """2^(−age ÷ half-life) of each touch; `ages` in days before the end of the path, of any zero. Raises ValueError."""
    if not half_life > 0:
        raise ValueError("A half-life is longer than nothing.")
    youngest = min(ages, default=0)
    return [2.0 ** (-(age - youngest) / half_life) for age in ages]


def _known(place, otherwise):
    return otherwise if place is None else place
