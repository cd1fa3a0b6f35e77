"""Where the time goes between a capture and the first human attempt: with the machine, the desk, or sales.

The same parts as on a lead's own page (`leads.delays`), as medians by team, rep or campaign. The passes are those of the
speed to lead; when each was made ready and offered stands on its lead and its handoffs.
"""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median_low

from accounts import calendars
from reports import reading

MOST = 5_000  # passes looked at: the newest of the choice
PARTS = ("system", "desk", "sales")
BY = {  # {what it is told by: SQL of key and name}
    "team": ("team.id", "team.name"),
    "rep": ("d.owner", "rep.full_name"),
    "campaign": ("nullif(d.campaign, 0)", "campaign.name"),
}


@dataclass(frozen=True)
class Delay:
    """Median working minutes of each part over `passes`; sales' part is None where half were not tried yet.

    `untried` passes have waited for sales until now. `key` and `name` say whose they are (None and empty: nobody's, or all).
    """

    key: int | None
    name: str
    passes: int
    untried: int
    system: float
    desk: float
    sales: float | None


@dataclass(frozen=True)
class Delays:
    """All passes looked at, and a Delay for each team, rep or campaign, most passes first. `cut`: there are more than MOST."""

    total: Delay | None
    groups: list[Delay]
    cut: bool


def delays(choice, by) -> Delays:
    """The Delays of the passes captured in a Choice's period and offered since, by team, rep or campaign: two statements."""
    rows = reading.read(parts(choice, by))["passes"]
    cut, rows = len(rows) > MOST, rows[:MOST]
    timed = _timed(rows)
    groups = defaultdict(list)
    for row, spent in zip(rows, timed, strict=True):
        groups[row["key"], row["name"] or ""].append(spent)
    told = [_delay(key, name, spent) for (key, name), spent in groups.items()]
    told.sort(key=lambda one: (-one.passes, one.name))
    return Delays(_delay(None, "", timed) if timed else None, told, cut)


def parts(choice, by):
    """What `delays` reads: the newest passes with their moments, and whose calendar they are measured by."""
    key, name = BY[by]
    where, params = choice.narrow("d.")
    sql = f"""
SELECT {key} AS key, {name} AS name, CASE WHEN NOT a.around_the_clock THEN team.calendar_id END AS calendar,
  a.around_the_clock AS always, l.captured_at, l.mql_at, l.ready_at, h.contacted_at,
  (SELECT min(o.offered_at) FROM leads_handoff o WHERE o.lead_id = l.id AND o.kind IN ('new', 'inquiry')) AS offered_at
FROM (
  SELECT * FROM reports_countedoffer d WHERE d.speaks AND d.captured_on >= %s AND d.captured_on < %s AND {where}
  ORDER BY d.captured_on DESC, d.handoff_id DESC LIMIT {MOST + 1}
) d
JOIN leads_lead l ON l.id = d.lead JOIN leads_handoff h ON h.id = d.handoff_id JOIN leads_agreement a ON a.id = h.agreement_id
JOIN accounts_user rep ON rep.id = d.owner LEFT JOIN accounts_team team ON team.id = rep.team_id
LEFT JOIN pipeline_campaign campaign ON campaign.id = d.campaign
WHERE h.kind IN ('new', 'inquiry') ORDER BY d.captured_on DESC, d.handoff_id DESC"""
    return {"passes": (sql, [choice.period.first, choice.period.until, *params])}


def _timed(rows):
    """[(system, desk, sales or None)] in working minutes of each row."""
    moments = [_moments(row) for row in rows]
    tallies = _tallies(rows, moments)
    found = []
    # The number of passes is bounded; a moment costs one look into its calendar's tally.
    for row, (captured, mql, ready, offered, contacted) in zip(rows, moments, strict=True):
        between = tallies[row["always"], row["calendar"]].between
        system = between(captured, mql) + between(ready, offered)
        found.append((system, between(mql, ready), between(offered, contacted) if contacted else None))
    return found


def _moments(row):
    captured, mql, ready, offered, contacted = (
        reading.moment(row[name])
        for name in ("captured_at", "mql_at", "ready_at", "offered_at", "contacted_at")
    )
    return captured, mql or offered, ready or offered, offered, contacted


def _tallies(rows, moments):
    """{(around the clock, calendar id): Tally over the days that its passes need}."""
    first, last = {}, {}
    for row, known in zip(rows, moments, strict=True):
        key, all_known = (row["always"], row["calendar"]), [one for one in known if one]
        first[key] = min([*all_known, first.get(key, all_known[0])])
        last[key] = max([*all_known, last.get(key, all_known[0])])
    return {
        key: calendars.shown_clock_of(key[1], always=key[0]).tally(first[key], last[key]) for key in first
    }


def _delay(key, name, spent):
    """The Delay of passes that spent (system, desk, sales); who was not tried counts as slower than all others."""
    tried = [sales for _system, _desk, sales in spent if sales is not None]
    middle = (len(spent) - 1) // 2
    return Delay(
        key,
        name,
        len(spent),
        len(spent) - len(tried),
        median_low(one[0] for one in spent),
        median_low(one[1] for one in spent),
        sorted(tried)[middle] if middle < len(tried) else None,
    )
