"""The ledger by team and by person: what each brought in, did and won, in one statement."""

from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.channels import BY_SALES
from reports import reading
from reports.forecast.said import COLLEAGUES, mine, sees_every_deal
from reports.ledger import sums
from reports.ledger.lines import LINES, MARKETING, SALES
from reports.ledger.sums import Entry

BY = ("team", "rep")
COLUMNS = (  # lines that are told of teams and people
    "leads", "returned", "notes", "advice", "counsel", "lessons", "campaigns", "spend", "talks", "steps", "in_time", "deals", "won", "margin",
)  # fmt: skip
KEY = {"team": "coalesce(u.team_id, 0)", "rep": "u.id"}
HEEDED = ("team", "rep")  # the filters that teams and people are narrowed by, beside the period


@dataclass(frozen=True)
class Whose:
    """A team or a person on one side, with an Entry of each line that there is any of.

    `key` 0: people of no team; `track`: that of the team.
    """

    key: int
    name: str
    team: str
    side: str
    track: str
    entries: dict[str, Entry] = field(default_factory=dict)


def people(user, choice, by) -> list[Whose]:
    """A Whose for each team or person of a Choice, marketing first, by name; of people those that `user` may see, as in leagues of reps."""
    rows = reading.read(parts(user, choice, by))
    found: dict[tuple, dict[str, Entry]] = {}
    for name, told in _entries(rows).items():
        for (key, side), entry in told.items():
            found.setdefault((key, side), {})[name] = entry
    names = {row["key"]: row for row in rows["names"]}
    return sorted(
        (
            Whose(key, names[key]["name"], names[key]["team"] or "", side, names[key]["track"] or "", entries)
            for (key, side), entries in found.items()
            if key in names and side and any(one.value or one.of for one in entries.values())
        ),
        key=lambda one: (one.side, one.name, one.key),
    )


def parts(user, choice, by):
    """What `people` reads, for `reading.read`."""
    key, days = KEY[by], [choice.period.first, choice.period.until]
    whose = {"team": "team", "rep": "owner"}[by]
    return {
        "names": _names(user, choice, by),
        "deeds": sums.deeds(choice, key),
        "told": sums.told(choice, key),
        "answers": (
            "SELECT whose::bigint AS key, sum(returned)::bigint AS returned, sum(in_time)::bigint AS in_time, sum(due)::bigint AS due "
            "FROM reports_whoseanswers WHERE who = %s AND month >= %s AND month < %s GROUP BY 1",
            [whose, *days],
        ),
        "found": (
            "SELECT whose::bigint AS key, sum(leads)::bigint AS n FROM reports_whosesplit "
            "WHERE who = %s AND axis = 'channel' AND key = ANY(%s) AND month >= %s AND month < %s GROUP BY 1",
            [whose, list(map(str, BY_SALES)), *days],
        ),
        "won": (
            "SELECT whose::bigint AS key, sum(won)::bigint AS deals, sum(won_amount) AS won, sum(margin) AS margin "
            "FROM reports_whosedeals WHERE who = %s AND month >= %s AND month < %s GROUP BY 1",
            [whose, *days],
        ),
        **_of_campaigns(choice, key),
    }


def _of_campaigns(choice, key):
    """The parts that tell of campaigns by whoever runs them: what they earned, brought and cost, and how many ran."""
    days = [choice.period.first, choice.period.until]
    where, params = sums.of_people(choice)
    run = f"SELECT {key} AS key, c.track AS side, {{sums}} FROM {{of}} JOIN accounts_user u ON u.id = c.owner_id WHERE {where} GROUP BY 1, 2"
    return {
        "earned": (
            run.format(
                sums="sum(w.won)::bigint AS deals, sum(w.won_amount) AS won, sum(w.margin) AS margin",
                of="reports_whosedeals w JOIN pipeline_campaign c ON w.who = 'campaign' AND w.whose = c.id::text AND w.month >= %s AND w.month < %s",
            ),
            [*days, *params],
        ),
        "brought": (
            run.format(
                sums="sum(m.leads)::bigint AS leads, sum(m.paid + m.committed) AS spend",
                of="reports_campaignmonth m JOIN pipeline_campaign c ON c.id = m.campaign AND m.month >= %s AND m.month < %s",
            ),
            [*days, *params],
        ),
        "run": (
            run.format(
                sums="count(*) AS n",
                of="(SELECT * FROM pipeline_campaign WHERE status IN ('active', 'done') AND starts_on < %s AND coalesce(ends_on, 'infinity') >= %s) AS c",
            ),
            [days[1], days[0], *params],
        ),
    }


def _names(user, choice, by):
    """The part with the names of the teams or people within the choice, as far as `user` may see them."""
    where, params = sums.of_people(choice)
    if by == "team":
        return (
            f"SELECT DISTINCT {KEY[by]} AS key, coalesce(t.name, '') AS name, '' AS team, t.track FROM accounts_user u "
            f"LEFT JOIN accounts_team t ON t.id = u.team_id WHERE {where}",
            params,
        )
    sight, seen = ("true", []) if sees_every_deal(user) else (f"u.id IN ({COLLEAGUES})", mine(user))
    return (
        f"SELECT u.id AS key, u.full_name AS name, t.name AS team, t.track FROM accounts_user u "
        f"LEFT JOIN accounts_team t ON t.id = u.team_id WHERE {where} AND {sight}",
        [*params, *seen],
    )


def _entries(rows):
    """{line: {(key, side): Entry}}"""
    found: dict[str, dict[tuple, Entry]] = {name: {} for name in COLUMNS}
    done: dict[int, dict[str, list]] = {}
    for part in ("deeds", "told"):
        for row in rows[part]:
            done.setdefault(row["key"], {"deeds": [], "told": []})[part].append(row)
    for key, own in done.items():
        for name, sides in sums.lines_done(own["deeds"], own["told"]).items():
            found.setdefault(name, {}).update({(key, side): one for side, one in sides.items()})
    for row in rows["answers"]:
        found["returned"][row["key"], SALES] = Entry(row["returned"])
        found["in_time"][row["key"], SALES] = Entry(row["in_time"], row["due"])
    for row in rows["found"]:
        found["leads"][row["key"], SALES] = Entry(row["n"])
    brought = [row for row in rows["earned"] if row["side"] == MARKETING]
    for row in [*({**one, "side": SALES} for one in rows["won"]), *brought]:
        found["deals"][row["key"], row["side"]] = Entry(row["deals"])
        for name in ("won", "margin"):
            found[name][row["key"], row["side"]] = Entry(Decimal(row[name]))
    for row in rows["brought"]:
        if row["side"] == MARKETING:
            found["leads"][row["key"], MARKETING] = Entry(row["leads"])
        found["spend"][row["key"], row["side"]] = Entry(Decimal(row["spend"]))
    for row in rows["run"]:
        found["campaigns"][row["key"], row["side"]] = Entry(row["n"])
    return {line.name: found[line.name] for line in LINES if line.name in COLUMNS}
