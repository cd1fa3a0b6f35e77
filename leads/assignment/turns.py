"""Stride scheduling: every lead costs its rep 1/weight on the rep's turn, and the lowest turn is served next."""

from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

SCATTER = 2_654_435_761  # Knuth's multiplier: neighbouring numbers fall far apart


@dataclass
class Standing:
    """Where a rep stands: the turn, and how many more leads there is room for."""

    user_id: int
    weight: float
    turn: float
    room: int
    draw: int

    def slot(self, number):
        """The rep's next turn but `number` − 1, as it is compared.

        Equal turns are settled by a draw that stays the same for a rep and a number, never by seniority.
        """
        return self.turn + number / self.weight, self.draw ^ (number * SCATTER), self.user_id, number, self


def serve(standings, count):
    """The user ids of the next `count` turns in their order, fewer where room ends; moves the standings on."""
    served, last = [], {}
    line = [one.slot(1) for one in standings if one.room > 0]
    heapify(line)
    # A loop over leads: one heap takes a microsecond a lead, a statement for each group of reps ten times that.
    while line and len(served) < count:
        turn, _draw, user_id, number, standing = line[0]
        served.append(user_id)
        last[user_id] = standing, turn, number
        if number < standing.room:
            heapreplace(line, standing.slot(number + 1))
        else:
            heappop(line)
    for standing, turn, number in last.values():
        standing.turn, standing.room = turn, standing.room - number
    return served
