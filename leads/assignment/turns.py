"""Stride scheduling: every lead costs its rep 1/weight on the rep's turn, and the lowest turn is served next.

`pour` does the same with leads that can be cut into parts: what each would get then is the fair share.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

SCATTER = 2_654_435_761  # Knuth's multiplier: neighbouring numbers fall far apart


@dataclass
class Standing:
    """Where a rep stands: the turn, and how many more leads there is room for.

    `fair` is where the turn would stand if leads could be cut into parts.
    """

    user_id: int
    weight: float
    turn: float
    room: int
    draw: int
    fair: float = 0.0

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


def pour(standings, count):
    """{user id: leads} of `count` leads cut into parts, the lowest `fair` filled first and nobody beyond the room.

    Moves `fair` on, not the turns: it is called before the same leads are served.
    """
    shares, left = {}, float(min(count, sum(max(one.room, 0) for one in standings)))
    line = [one for one in standings if one.room > 0]
    while line and left > 0:
        level = _level(line, left)
        parts = {one.user_id: max(level - one.fair, 0.0) * one.weight for one in line}
        full = [one for one in line if parts[one.user_id] >= one.room]
        if not full:
            shares |= parts
            break
        shares |= {one.user_id: float(one.room) for one in full}
        left -= sum(one.room for one in full)
        line = [one for one in line if parts[one.user_id] < one.room]
    for one in standings:
        one.fair += shares.get(one.user_id, 0.0) / one.weight
    return {user: part for user, part in shares.items() if part > 0}


def _level(line, count):
    """How far `count` leads lift the lowest of `line`."""
    width, filled, level = 0.0, 0.0, 0.0
    line = sorted(line, key=lambda one: one.fair)
    for place, one in enumerate(line, 1):
        width += one.weight
        filled += one.fair * one.weight
        level = (count + filled) / width
        if place < len(line) and level <= line[place].fair:
            break
    return level
