"""Leagues of reps and campaigns that do not call noise talent: every rate with its interval, every place with its range."""

from dataclasses import dataclass
from decimal import Decimal

from leads.proportions import interval
from reports import reading
from reports.forecast.sums import within

FEW = 20  # cases below which nothing is ranked
REPS, CAMPAIGNS = "reps", "campaigns"


@dataclass(frozen=True)
class Entry:
    """A rep or a campaign: `good` of `cases` went well. `low` and `high`: the 95 % interval of the true rate.

    `places` is None where there are too few cases, or nobody to compare with.
    """

    key: int
    name: str
    good: int
    cases: int
    low: float
    high: float
    places: tuple[int, int] | None = None
    brings: bool = False

    @property
    def rate(self):
        """The share that went well."""
        return Decimal(self.good) / self.cases


@dataclass(frozen=True)
class League:
    """`ranked` by rate, each with the places that its interval allows; `few`, by name, have too few cases to compare.

    `apart` of `pairs` ranked pairs have intervals that do not overlap.
    """

    ranked: list[Entry]
    few: list[Entry]
    apart: int
    pairs: int


def league(entries) -> League:
    """The League of [(key, name, good, cases, of marketing?), …]; those without a case are left out."""
    known = [_entry(*one) for one in entries if one[3]]
    many = [one for one in known if one.cases >= FEW]
    ranked = [
        one if len(many) < 2 else Entry(**{**vars(one), "places": (1 + sum(other.low > one.high for other in many), len(many) - sum(other.high < one.low for other in many))})
        for one in sorted(many, key=lambda one: (-one.rate, -one.cases, one.name))
    ]  # fmt: skip
    apart = sum(first.low > second.high for first in many for second in many)
    few = sorted((one for one in known if one.cases < FEW), key=lambda one: (one.name, one.key))
    return League(ranked, few, apart, len(many) * (len(many) - 1) // 2)


def _entry(key, name, good, cases, brings=False):
    low, high = interval(good, cases)
    return Entry(key, name, good, cases, low, high, brings=brings)


def leagues(user, choice):
    """{REPS: League by win rate, CAMPAIGNS: League by acceptance} of a Choice, in one statement.

    A rep is judged by the deals closed in the period that `user` may see, a campaign by the passes first offered in it.
    """
    return made(reading.read(parts(user, choice)))


def made(rows):
    """The leagues from the rows that `parts` asked for."""
    return {
        name: league(
            [
                tuple(row[one] for one in ("key", "name", "good", "cases", "brings"))
                for row in rows[f"league_{name}"]
            ]
        )
        for name in (REPS, CAMPAIGNS)
    }


def parts(user, choice):
    """What `leagues` needs, for `reading.read`."""
    where, params = within(user, choice)
    everywhere, narrow = choice.narrow("d.")
    span = [choice.period.first, choice.period.until]
    cut = any(one is not None for one in (choice.channel, choice.segment, choice.region))
    reps = CLOSED if cut or choice.campaigns is not None else KEPT_CLOSED
    campaigns = ANSWERED if cut or choice.owners is not None else KEPT_ANSWERED
    return {
        f"league_{REPS}": (
            "SELECT u.id AS key, u.full_name AS name, good::bigint, cases::bigint, u.role = 'marketing' AS brings FROM ("
            f"{reps.format(where=where)}) AS sums JOIN accounts_user u ON u.id = sums.owner",
            [*span, *params],
        ),
        f"league_{CAMPAIGNS}": (
            "SELECT c.id AS key, c.name, good::bigint, cases::bigint, false AS brings FROM ("
            f"{campaigns.format(where=everywhere, answer=choice.answer)}) AS sums JOIN pipeline_campaign c ON c.id = sums.campaign",
            [*span, *narrow],
        ),
    }


# A row: a rep's deals closed in the period, or a campaign's passes first offered in it. From the sums kept of each where
# nothing narrows them but whose they are, else from the rows.
CLOSED = """
SELECT owner, count(*) FILTER (WHERE outcome = 'won') AS good, count(*) AS cases FROM reports_counteddeal d
WHERE closed_on >= %s AND closed_on < %s AND outcome IN ('won', 'lost') AND {where} GROUP BY owner
"""
KEPT_CLOSED = """
SELECT owner, sum(won) AS good, sum(won + lost) AS cases FROM (
  SELECT whose::bigint AS owner, won, lost FROM reports_whosedeals WHERE who = 'owner' AND month >= %s AND month < %s
) AS d WHERE {where} GROUP BY owner
"""
ANSWERED = """
SELECT campaign, count(*) FILTER (WHERE {answer} = 'accepted') AS good, count(*) AS cases FROM reports_countedpass d
WHERE offered_on >= %s AND offered_on < %s AND {answer} <> '' AND {where} GROUP BY campaign
"""
KEPT_ANSWERED = """
SELECT campaign, sum(accepted) AS good, sum(answered) AS cases FROM (
  SELECT whose::bigint AS campaign, accepted, answered FROM reports_whosefunnel
  WHERE who = 'campaign' AND month >= %s AND month < %s
) AS d WHERE {where} GROUP BY campaign
"""
