"""When who comes by which campaign: seasons, weekdays, growth, fairs."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from demo.plan import CAMPAIGNS, SEASON, WEEK, Plan
from pipeline.channels import OFFLINE, Channel

WITHOUT = 0.06  # share of leads that no campaign brought
UNSOLICITED = {Channel.DIRECT: 4, Channel.WEBSITE: 3, Channel.INBOUND_CALL: 2, Channel.UNKNOWN: 1}


class Arrival(NamedTuple):
    """Somebody comes."""

    at: datetime
    territory: int
    plan: Plan | None
    channel: str
    asks: bool = False  # raises a hand, and the desk has not seen it yet


def arrivals(house, leads):
    """So many arrivals in the order of time."""
    rng, today = house.rng, house.now.astimezone(house.zone).date()
    total = sum(plan.share for plan in CAMPAIGNS)
    drawn = []
    for plan in CAMPAIGNS:
        first, last = plan.days(today)
        days = [first + timedelta(days=n) for n in range((min(last, today) - first).days + 1)]
        weights = [mood(day, today, plan) for day in days]
        wanted = round(leads * (1 - WITHOUT) * plan.share / total)
        drawn += [(day, plan) for day in rng.choices(days, weights, k=wanted)] if wanted else []
    days = [house.start.date() + timedelta(days=n) for n in range((today - house.start.date()).days + 1)]
    weights = [mood(day, today) for day in days]
    drawn += [(day, None) for day in rng.choices(days, weights, k=max(leads - len(drawn), 0))]
    return sorted(_arrival(house, day, plan) for day, plan in drawn[:leads])


def mood(day, today, plan=None):
    """How many come on a day, beside other days."""
    growth = 1.3 ** (-(today - day).days / 365)
    if plan and plan.fair:
        return growth
    quiet = (
        0.05
        if plan and plan.channel in (Channel.INBOUND_CALL, Channel.COLD_CALL, Channel.OWN_EVENT)
        else None
    )
    week = quiet if quiet and day.weekday() > 4 else WEEK[day.weekday()]
    return growth * SEASON[day.month - 1] * week


def _arrival(house, day, plan):
    rng = house.rng
    channel = plan.channel if plan else house.pick(UNSOLICITED)
    shares = [place.share for place in house.world.territories]
    territory = rng.choices(range(len(shares)), shares)[0]
    if plan and plan.territory is not None and rng.random() < 0.8:
        territory = plan.territory
    zone = ZoneInfo(house.world.territories[territory].zone)
    offline = channel in OFFLINE or channel in (Channel.INBOUND_CALL, Channel.COLD_CALL, Channel.SALES_OWN)
    hour = rng.triangular(8.5, 18, 11) if offline else rng.triangular(6, 23, 12.5)
    at = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hour)
    if at >= house.now:
        at = house.now - timedelta(minutes=rng.uniform(3, 600))
    return Arrival(at, territory, plan, str(channel))
