"""Where the time goes between a capture and the first human attempt: with the machine, the desk, or sales.

The same parts as on a lead's own page (`leads.delays`), as medians by team, rep or campaign. The passes are those of the
speed to lead; when each was made ready and offered stands on its lead and its handoffs.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from accounts import calendars
from leads.because import SLIPS
from leads.clocks import day_after
from leads.delays import PARTS, spans
from pipeline.fairs import last_day_of
from reports import reading

MOST = 5_000  # passes looked at: the newest of the choice
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


def delays(choice, by, at) -> Delays:
    """The Delays of the passes captured in a Choice's period and offered since, by team, rep or campaign: two statements."""
    rows = reading.read(parts(choice, by))["passes"]
    cut, rows = len(rows) > MOST, rows[:MOST]
    timed = timed_of(rows, at)
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
  a.around_the_clock AS always, l.captured_at, l.mql_at, l.ready_at, d.contacted_at, offers.at AS offers,
  CASE WHEN offers.ended THEN (
    SELECT jsonb_agg(jsonb_build_array(s.at, s.to_stage) ORDER BY s.seq) FROM leads_stagechange s
    WHERE s.lead_id = l.id AND s.at > offers.first) END AS steps,
  {last_day_of("campaign")} AS fair
FROM (
  SELECT d.*, h.contacted_at, h.agreement_id FROM reports_countedoffer d JOIN leads_handoff h ON h.id = d.handoff_id
  WHERE d.speaks AND h.kind IN ('new', 'inquiry') AND d.captured_on >= %s AND d.captured_on < %s AND {where}
  ORDER BY d.captured_on DESC, d.handoff_id DESC LIMIT {MOST + 1}
) d
JOIN leads_lead l ON l.id = d.lead JOIN leads_agreement a ON a.id = d.agreement_id
JOIN accounts_user rep ON rep.id = d.owner LEFT JOIN accounts_team team ON team.id = rep.team_id
LEFT JOIN pipeline_campaign campaign ON campaign.id = d.campaign
CROSS JOIN LATERAL (
  SELECT jsonb_agg(o.offered_at ORDER BY o.offered_at) AS at, min(o.offered_at) AS first, bool_or(o.ended_at IS NOT NULL) AS ended
  FROM leads_handoff o WHERE o.lead_id = l.id AND o.kind IN ('new', 'inquiry')
    AND NOT (o."end" = 'released' AND o.accepted_at IS NULL AND o.note = ANY(%s))  -- a slip had brought it
) offers
ORDER BY d.captured_on DESC, d.handoff_id DESC"""
    return {"passes": (sql, [choice.period.first, choice.period.until, *params, list(SLIPS)])}


def timed_of(rows, at):
    """[(system, desk, sales or None)] in working minutes of each row."""
    passes = [_moments(row) for row in rows]
    tallies = _tallies(rows, passes, at)
    fairs: dict[tuple, datetime] = {}
    found = []
    # The number of passes is bounded; a moment costs one look into its calendar's tally.
    for row, (before, offers, steps, contacted) in zip(rows, passes, strict=True):
        key, spent = (row["always"], row["calendar"]), dict.fromkeys(PARTS, 0.0)
        for who, since, until in spans(before, offers, steps, contacted or at, _fair(row, key, fairs)):
            spent[who] += tallies[key].between(since, until)
        found.append((spent["system"], spent["desk"], spent["sales"] if contacted else None))
    return found


def _fair(row, key, known):
    """When the clock of a fair's lead starts by the calendar of `key`, None for any other; looked up once for each day."""
    if not row["fair"]:
        return None
    if (key, row["fair"]) not in known:
        clock = calendars.shown_clock_of(key[1], always=key[0])
        known[key, row["fair"]] = day_after(clock, reading.day(row["fair"]))
    return known[key, row["fair"]]


def _moments(row):
    """((captured, MQL, ready), offers, steps after the first one, contacted or None) of a row."""
    captured, mql, ready, contacted = (
        reading.moment(row[name]) for name in ("captured_at", "mql_at", "ready_at", "contacted_at")
    )
    offers = [reading.moment(one) for one in row["offers"]]
    steps = [(reading.moment(at), stage) for at, stage in row["steps"] or ()]
    return (captured, mql or offers[0], ready or offers[0]), offers, steps, contacted


def _tallies(rows, passes, at):
    """{(around the clock, calendar id): Tally over the days that its passes need}."""
    first, last = {}, {}
    for row, (before, offers, _steps, contacted) in zip(rows, passes, strict=True):
        key, known = (row["always"], row["calendar"]), [*before, offers[0], contacted or at]
        first[key] = min([*known, first.get(key, known[0])])
        last[key] = max([*known, last.get(key, known[0])])
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
