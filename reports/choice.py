"""What a report is asked for: period, model, channel, segment, region, campaign and team, as they stand in the address."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import SuspiciousOperation
from django.db import connection

from accounts import organisation
from pipeline.channels import Channel
from reports import attribution, periods
from reports.models.base import ALL, ALL_CHANNELS, EVERYBODY
from reports.periods import Period
from ui.filters import refuse_strange

NAMES = ("period", "from", "to", "model", "channel", "segment", "region", "campaign", "team", "rep")
MOST_CAMPAIGNS = 300  # to choose from: the newest


EPOCH = date(1970, 1, 1).toordinal()


class BadChoice(SuspiciousOperation):
    """A value that the report does not know: 400."""


@dataclass(frozen=True)
class Axis:
    """A segment or region; `under` holds the ids of those that count with it, its own included."""

    id: int
    name: str
    under: tuple[int, ...]


@dataclass(frozen=True)
class Team:
    """A team, or one person. Of sales, it stands for what its people own (`owners`); of marketing, for what its
    `campaigns` brought."""

    id: int
    name: str
    owners: tuple[int, ...] | None = None
    campaigns: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Axes:
    """What there is to choose from, by id; the models that finance locked, by first day of fiscal year; closed months."""

    segments: dict[int, Axis]
    regions: dict[int, Axis]
    locks: dict[date, str] = field(default_factory=dict)
    campaigns: dict[int, Axis] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    reps: dict[int, Team] = field(default_factory=dict)
    shut: frozenset[date] = frozenset()


def _common(*chosen):
    """The ids that all have, sorted; None where none of them chooses."""
    sets = [set(one) for one in chosen if one is not None]
    return sorted(set.intersection(*sets)) if sets else None


@dataclass(frozen=True)
class Choice:
    """What was chosen; None means all. `today` is the organisation's day, `currency` that of its reports.

    `locked` is the model that finance locked for the fiscal year in which the period ends, None without one.
    """

    period: Period
    model: str
    today: date
    currency: str
    channel: str | None = None
    segment: Axis | None = None
    region: Axis | None = None
    locked: str | None = None
    campaign: Axis | None = None
    team: Team | None = None
    rep: Team | None = None

    @property
    def is_narrow(self):
        """Is anything but the period and the model chosen?"""
        chosen = (self.channel, self.segment, self.region, self.campaign, self.team, self.rep)
        return any(one is not None for one in chosen)

    @property
    def campaigns(self):
        """The ids of the campaigns that it is narrowed to, None for all and for none."""
        return _common(self.campaign and self.campaign.under, *(one.campaigns for one in self._who()))

    @property
    def owners(self):
        """The ids of the people whose work it is narrowed to, None for everybody."""
        return _common(*(one.owners for one in self._who()))

    def _who(self):
        return [one for one in (self.team, self.rep) if one is not None]

    @property
    def by_row(self):
        """Is it narrowed to what the cube does not know: campaigns or people?"""
        return self.campaigns is not None or self.owners is not None

    @property
    def whose(self):
        """(who, [whose]) of reports.models.base.Whose where no more than one of those is chosen; else None."""
        chosen = {
            "channel": self.channel is not None and [self.channel],
            "segment": self.segment and list(self.segment.under),
            "region": self.region and list(self.region.under),
            "campaign": self.campaigns,
            "owner": self.owners,
        }
        named = [(who, whose) for who, whose in chosen.items() if whose or whose == []]
        if len(named) != 1:
            return None if named else (EVERYBODY, [EVERYBODY])
        if self.team is not None and self.campaign is None and self.rep is None:
            return "crew" if self.team.owners is None else "team", [str(self.team.id)]
        ((who, whose),) = named
        return who, [str(one) for one in whose]

    @property
    def picks(self):
        """Does it leave out any counted row at all?"""
        return self.narrow()[0] != "true"

    def narrow(self, alias=""):
        """The conditions and parameters that pick counted rows, or cells by row, of this choice."""
        where, params = ["true"], []
        for name, value in (
            ("channel", None if self.channel is None else [self.channel]),
            ("segment", self.segment and list(self.segment.under)),
            ("region", self.region and list(self.region.under)),
            ("campaign", self.campaigns),
            ("owner", self.owners),
        ):
            if value is not None:
                where.append(f"{alias}{name} = ANY(%s)")
                params.append(value)
        return " AND ".join(where), params

    def cell(self, axis=None):
        """The condition and parameters that pick the cells of this choice in a cube, one for each value of `axis`."""
        where, params = [], []
        for name, all_of_it in (("channel", ALL_CHANNELS), ("segment", ALL), ("region", ALL)):
            chosen = getattr(self, name)
            values = [all_of_it] if chosen is None else [chosen] if name == "channel" else list(chosen.under)
            where.append(f"{name} <> ALL(%s)" if chosen is None and name == axis else f"{name} = ANY(%s)")
            params.append(values)
        return " AND ".join(where), params

    def query(self, **other):
        """The address's query for this choice, with some of it changed (None leaves a name out)."""
        chosen = {
            "period": self.period.key,
            "from": f"{self.period.first:%Y-%m}" if self.period.key == "custom" else None,
            "to": f"{self.period.last:%Y-%m}" if self.period.key == "custom" else None,
            "model": self.model,
            "channel": self.channel,
            "segment": self.segment and self.segment.id,
            "region": self.region and self.region.id,
            "campaign": self.campaign and self.campaign.id,
            "team": self.team and self.team.id,
            "rep": self.rep and self.rep.id,
        }
        return urlencode({name: value for name, value in {**chosen, **other}.items() if value is not None})


AXES = """
WITH RECURSIVE part (region, under) AS (
  SELECT id, id FROM accounts_region
  UNION SELECT part.region, r.id FROM part JOIN accounts_region r ON r.parent_id = part.under
), tree (id) AS (
  SELECT %(campaign)s::bigint UNION SELECT c.id FROM tree JOIN pipeline_campaign c ON c.parent_id = tree.id
)
SELECT 'segment', id, name, position, ARRAY[id], '' FROM accounts_segment
UNION ALL SELECT 'region', r.id, r.name, r.position,
  (SELECT array_agg(under ORDER BY under) FROM part WHERE part.region = r.id), ''
FROM accounts_region r
UNION ALL SELECT 'lock', starts_on - DATE '1970-01-01', model, 0, NULL, '' FROM reports_modellock
UNION ALL SELECT 'shut', month - DATE '1970-01-01', '', 0, NULL, '' FROM pipeline_monthclose c
WHERE NOT EXISTS (SELECT 1 FROM pipeline_monthreopening r WHERE r.close_id = c.id)
UNION ALL SELECT 'campaign', id, name, 0, CASE WHEN id = %(campaign)s THEN (SELECT array_agg(id) FROM tree) END, ''
FROM (
  (SELECT id, name FROM pipeline_campaign ORDER BY id DESC LIMIT %(most)s)
  UNION SELECT id, name FROM pipeline_campaign WHERE id = %(campaign)s
) AS campaign
UNION ALL SELECT 'team', t.id, t.name, 0, CASE WHEN t.id <> %(team)s THEN NULL WHEN t.track = 'marketing'
  THEN (SELECT array_agg(c.id) FROM pipeline_campaign c JOIN accounts_user u ON u.id = c.owner_id WHERE u.team_id = t.id)
  ELSE (SELECT array_agg(u.id) FROM accounts_user u WHERE u.team_id = t.id) END, t.track
FROM accounts_team t
UNION ALL SELECT 'rep', u.id, u.full_name, 0, CASE WHEN u.role <> 'marketing' THEN ARRAY[u.id]
  ELSE (SELECT array_agg(c.id) FROM pipeline_campaign c WHERE c.owner_id = u.id) END, u.role FROM accounts_user u WHERE u.id = %(rep)s
ORDER BY 1, 4, 3, 2
"""


def axes(data=None):
    """The Axes, in one statement. A region counts with all that are part of it, a campaign with all under it.

    `data` is the query: what hangs on a campaign, a team and a rep is read for the one that it names.
    """
    data = data or {}
    named = {name: _key(data.get(name)) for name in ("campaign", "team", "rep")}
    found = {kind: {} for kind in ("segment", "region", "lock", "shut", "campaign", "team", "rep")}
    with connection.cursor() as cursor:
        cursor.execute(AXES, {**named, "most": MOST_CAMPAIGNS})
        for kind, pk, name, _position, under, track in cursor.fetchall():
            key = date.fromordinal(EPOCH + pk) if kind in ("lock", "shut") else pk
            found[kind][key] = _known(kind, pk, name, tuple(under or ()), track)
    return Axes(
        *(found[kind] for kind in ("segment", "region", "lock", "campaign", "team", "rep")),
        frozenset(found["shut"]),
    )


def _known(kind, pk, name, under, track):
    if kind in ("lock", "shut"):
        return name
    if kind in ("team", "rep"):
        return Team(pk, name, campaigns=under) if track == "marketing" else Team(pk, name, owners=under)
    return Axis(pk, name, under)


def _key(text):
    """The id that a text names, 0 for none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def parse(data, known, at):
    """The Choice in a query (any mapping of texts), with `known` Axes. Raises BadChoice or UnknownParameter."""
    refuse_strange(data, {*NAMES, "format"})
    house = organisation.current()
    today = organisation.today(at)
    period = periods.since(_period(data, today, house.fiscal_year_start), house.live_on, today)
    year = periods.named("year", min(period.last, today), house.fiscal_year_start).first
    locked = known.locks.get(year)
    return Choice(
        period=period,
        model=one_of(data, "model", attribution.MODELS, locked or attribution.DEFAULT),
        locked=locked,
        today=today,
        currency=house.currency,
        channel=one_of(data, "channel", Channel.values, None),
        segment=_axis(data, "segment", known.segments),
        region=_axis(data, "region", known.regions),
        campaign=_axis(data, "campaign", known.campaigns),
        team=_axis(data, "team", known.teams),
        rep=_axis(data, "rep", known.reps),
    )


def by_default(query, period):
    """The query (a mutable copy) with this period where it names none."""
    if not any(query.get(name) for name in ("period", "from", "to")):
        query["period"] = period
    return query


def _period(data, today, fiscal_start):
    key = data.get("period") or ("custom" if data.get("from") or data.get("to") else periods.DEFAULT)
    if key == "custom":
        first, last = (_month(data.get(name), today) for name in ("from", "to"))
        return periods.between(first, last)
    if key not in periods.LABELS:
        raise BadChoice(f"There is no period {key[:60]!r}.")
    return periods.named(key, today, fiscal_start)


def _month(text, today):
    if not text:
        return today
    try:
        year, month = text.split("-")[:2]
        found = date(int(year), int(month), 1)
    except ValueError:
        raise BadChoice("A month is written as 2026-11.") from None
    if not 1900 < found.year < 3000:
        raise BadChoice("A month lies between 1901 and 2999.")
    return found


def one_of(data, name, known, otherwise):
    """What `data` names, if it is known; `otherwise` where it names nothing. Raises BadChoice."""
    value = data.get(name)
    if not value:
        return otherwise
    if value not in known:
        raise BadChoice(f"There is no {name} {value[:60]!r}.")
    return value


def _axis(data, name, known):
    value = data.get(name)
    if not value:
        return None
    if _key(value) not in known:
        raise BadChoice(f"There is no {name} {value[:60]!r}.")
    return known[int(value)]
