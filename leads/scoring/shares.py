"""Thresholds of fit by shares of leads: the floors that come nearest, and what each share came to."""

from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ui import formats


@dataclass(frozen=True)
class Reached:
    """A letter's floor. `share` of the leads have the letter or a better one, where `asked` was wished; `leads` have it alone."""

    letter: str
    floor: int
    asked: float
    share: float
    leads: int

    @property
    def words(self):
        """ "B from 55 points: 31 leads, with the better ones 35.2% (20% asked)"."""
        told = {
            "letter": self.letter,
            "points": formats.number(self.floor),
            "leads": formats.number(self.leads),
            "share": formats.hundredths(round(100 * self.share, 1)),
            "asked": formats.hundredths(round(100 * self.asked, 1)),
        }
        if not self.leads:
            return (
                _(
                    "%(letter)s stays empty: too many leads have the same points; with the better ones %(share)s (%(asked)s asked)."
                )
                % told
            )
        return (
            ngettext(
                "%(letter)s from %(points)s points: %(leads)s lead, with the better ones %(share)s (%(asked)s asked).",
                "%(letter)s from %(points)s points: %(leads)s leads, with the better ones %(share)s (%(asked)s asked).",
                self.leads,
            )
            % told
        )


def reached(fits, shares) -> list[Reached]:
    """For each letter of `shares` ({letter: fraction}, growing) the floor by which the best share of `fits` comes nearest.

    Leads with the same points are graded alike, so that a share may come out smaller or larger, and a letter empty. Of two
    floors that are equally near it is the higher one. Every floor lies below the one before.
    """
    steps = sorted(Counter(fits).items(), reverse=True)
    points, total = [value for value, _count in steps], len(fits)
    up_to = [0, *accumulate(count for _value, count in steps)]  # leads of the best n points
    taken, places = 0, []
    for asked in shares.values():
        least = taken + (not _has_room(points, taken, places))
        taken = min(
            range(min(least, len(points)), len(up_to)),
            key=lambda n: (round(abs(up_to[n] - asked * total), 6), n),
        )
        places.append(taken)
    floors = _floors(points, places)
    told = zip(shares.items(), floors, places, [0, *places], strict=False)
    return [
        Reached(letter, floor, asked, up_to[place] / total, up_to[place] - up_to[before])
        for (letter, asked), floor, place, before in told
    ]


def _has_room(points, taken, places):
    """Whether a floor fits between the one before and the next points, so that its letter has nobody."""
    if not taken or taken == len(points):
        return True
    return _floors(points, places)[-1] - 1 > points[taken]


def _floors(points, places):
    """The points that stand for these numbers of steps taken: where one takes no step, it lies one below the one before."""
    above, floors = places.count(0), []
    for number, place in enumerate(places):
        if not place:
            floors.append(points[0] + above - number)
        elif number and place == places[number - 1]:
            floors.append(floors[-1] - 1)
        else:
            floors.append(points[place - 1])
    return floors
