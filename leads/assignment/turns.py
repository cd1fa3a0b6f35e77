"""Stride scheduling: every lead costs its rep 1/weight on the rep's turn, and the lowest turn is served next.

`pour` does the same with leads that can be cut into parts: what each would get then is the fair share.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import islice
from math import inf

SCATTER, DRAWS = 0x9E3779B97F4A7C15, 2**60  # the golden ratio: neighbouring numbers fall far apart
NEAR = 1e-9  # what sums of parts are off by


def drawn(draw, number):
    """What a draw comes to for a number: the lowest of some draws is another one for each number, and the same every time."""
    return (draw ^ number * SCATTER) * SCATTER % DRAWS


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
        return self.turn + number / self.weight, drawn(self.draw, number), self.user_id, number, self

    def lift_to(self, fair):
        """Give up what there is to catch up to this, and return how much; what the rep is off by rounding stays what it was."""
        lift = max(fair - self.fair, 0.0)
        self.turn, self.fair = self.turn + lift, self.fair + lift
        return lift


def serve(standings, count):
    """(the user ids of the next `count` turns in their order, fewer where room ends; {user id: the fair share} of as many).

    Moves the standings on. The earliest turn is next, of those who have not yet what is fair of the leads so far: nobody is
    a whole lead away from it then, whatever the weights.
    """
    line = [one for one in standings if one.room > 0]
    served, got = [], dict.fromkeys((one.user_id for one in line), 0)
    waiting, eligible = [(one.turn, one.slot(1)) for one in line], []
    heapify(waiting)
    # A loop over leads: heaps take a microsecond or two a lead, a statement for each group of reps ten times that.
    for level in islice(_levels(line), count):
        while waiting and (waiting[0][0] < level - NEAR or not eligible):
            heappush(eligible, heappop(waiting)[1])
        _turn, _draw, user_id, number, standing = heappop(eligible)
        served.append(user_id)
        got[user_id] = number
        if number < standing.room:
            heappush(waiting, (standing.turn + number / standing.weight, standing.slot(number + 1)))
    shares = pour(line, count)
    for one in line:
        one.turn, one.room = one.turn + got[one.user_id] / one.weight, one.room - got[one.user_id]
    return served, shares


def _levels(line):
    """How far the leads that there is room for lift the lowest of `line` if cut into parts, one lead after the other."""
    above = sorted(((one.fair, one.weight, one.room) for one in line), reverse=True)
    filling, level, width = [], 0.0, 0.0
    for _lead in range(sum(one.room for one in line)):
        left = 1.0
        while above or filling:
            joins, fills = above[-1][0] if above else inf, filling[0][0] if filling else inf
            ahead = min(joins, fills)
            takes = (ahead - level) * width if filling else 0.0
            if left < takes:
                level += left / width
                break
            level, left = ahead, left - takes
            if joins <= fills:
                fair, weight, room = above.pop()
                heappush(filling, (fair + room / weight, weight))
                width += weight
            else:
                width -= heappop(filling)[1]
        yield level


def pour(standings, count):
    """{user id: leads} of `count` leads cut into parts, the lowest `fair` filled first and nobody beyond the room.

    Moves `fair` on, not the turns.
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
