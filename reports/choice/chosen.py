"""What a report is asked for: period, model, channel, segment, region, campaign and team, and how the address names it."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q

from reports.models.base import ALL, ALL_CHANNELS, EVERYBODY, NONE
from reports.periods import Period

NOTHING = "none"  # in an address: what stands in no segment, in no region, with nobody …
ALONE = "-own"  # in an address, after its id: a region or campaign without what is part of it; what a team or person of marketing owns
GIVEN = (
    "-brought"  # in an address, after the id of a person of sales: what the campaigns that they own brought
)
BROUGHT = "."  # in an address, before an id of marketing: what is a team's or person's of sales, of what those brought


@dataclass(frozen=True)
class Axis:
    """A segment, region or campaign; `under` holds the ids of those that count with it, its own included.

    `alone`: what else is under it, or was once, is left out.
    """

    id: int
    name: str
    under: tuple[int, ...]
    alone: bool = False

    @property
    def address(self):
        """How an address names it."""
        return f"{self.id}{ALONE}" if self.alone else self.id or NOTHING


@dataclass(frozen=True)
class Team:
    """A team, or one person. Of sales, it stands for what its people own or took (`owners`); of marketing, for what its
    `campaigns` brought. `also`: the ids of other teams of sales that count with it; `brought`: how an address names the team or person of
    marketing, where it stands for what its people own of what those brought. `form`: ALONE or GIVEN where it stands for the other of both.
    """

    id: int
    name: str
    owners: tuple[int, ...] | None = None
    campaigns: tuple[int, ...] | None = None
    also: tuple[int, ...] = ()
    brought: str | None = None
    form: str = ""

    @property
    def ids(self):
        """Its id and those of the teams that count with it."""
        return (self.id, *self.also)

    @property
    def address(self):
        """How an address names it."""
        plain = (
            together(self.ids) if self.also else f"{self.id}{self.form}" if self.form else self.id or NOTHING
        )
        return plain if self.brought is None else f"{plain}{BROUGHT}{self.brought}"

    def beside(self, key):
        """How an address names what is another's (an id, NONE for nobody's) within this one's, where that is marketing's."""
        if self.campaigns is None or (self.brought is None and str(key) == str(self.id)):
            return key
        return f"{key if str(key) != str(NONE) else NOTHING}{BROUGHT}{self.brought or self.address}"


@dataclass(frozen=True)
class Axes:
    """What there is to choose from, by id; the models that finance locked, by first day of fiscal year; closed months."""

    segments: dict[int, Axis]
    regions: dict[int, Axis]
    locks: dict[date, str] = field(default_factory=dict)
    campaigns: dict[int, Axis] = field(default_factory=dict)
    teams: dict[int | str, Team] = field(default_factory=dict)
    reps: dict[int | str, Team] = field(default_factory=dict)
    shut: frozenset[date] = frozenset()


def _common(*chosen):
    """The ids that all have, sorted; None where none of them chooses."""
    sets = [set(one) for one in chosen if one is not None]
    return sorted(set.intersection(*sets)) if sets else None


@dataclass(frozen=True)
class Choice:
    """What was chosen; None means all. `today` is the organisation's day, `currency` that of its reports.

    `locked` is the model that finance locked for the twelve months, from `locked_since` on, in which the period ends, None without one.
    """

    period: Period
    model: str
    today: date
    currency: str
    channel: str | None = None
    segment: Axis | None = None
    region: Axis | None = None
    locked: str | None = None
    locked_since: date | None = None
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
    def answer(self):
        """The column of counted passes with the answer that counts: where people are chosen, that of whose a pass is."""
        return "answer" if self.owners is None else "own_answer"

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
        if {NONE, ""}.intersection(named[0][1]):  # nobody's sums are not kept
            return None
        if self.team is not None and self.campaign is None and self.rep is None:
            return "crew" if self.team.owners is None else "team", [str(one) for one in self.team.ids]
        ((who, whose),) = named
        return who, [str(one) for one in whose]

    @property
    def picks(self):
        """Does it leave out any counted row at all?"""
        return self.narrow()[0] != "true"

    def narrow(self, alias="", people=True):
        """The conditions and parameters that pick counted rows, or cells by row, of this choice; without `people`, whoever they are of."""
        where, params = ["true"], []
        for name, value in (
            ("channel", None if self.channel is None else [self.channel]),
            ("segment", self.segment and list(self.segment.under)),
            ("region", self.region and list(self.region.under)),
            ("campaign", self.campaigns),
            ("owner", self.owners if people else None),
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
        """The address's query for this choice, with some of it changed (None leaves a name out).

        Another person or team does not take the place of one of marketing: it narrows what that one brought.
        """
        chosen = {
            "period": self.period.key,
            "from": f"{self.period.first:%Y-%m}" if self.period.key == "custom" else None,
            "to": f"{self.period.last:%Y-%m}" if self.period.key == "custom" else None,
            "model": self.model,
            "channel": self.channel,
            **{
                name: axis and axis.address
                for name in ("segment", "region", "campaign", "team", "rep")
                for axis in (getattr(self, name),)
            },
        }
        for name, whose in (("team", self.team), ("rep", self.rep)):
            if whose is not None and str(other.get(name)).isdigit():
                other[name] = whose.beside(other[name])
        asked = {name: value for name, value in {**chosen, **other}.items() if value is not None}
        return urlencode({name: NOTHING if value in (NONE, "") else value for name, value in asked.items()})


def together(ids):
    """How an address names several teams as one."""
    return ",".join(str(one) for one in ids)


def alone(key):
    """How an address names a region or campaign without what is part of it; NONE stays that."""
    return f"{key}{ALONE}" if key else key


def linked(path, keys):
    """The condition that the link `path` of a source row leads to one of these ids; NONE among them: or to none."""
    where = Q(**{f"{path}__in": keys})
    return where | Q(**{f"{path}__isnull": True}) if NONE in keys else where
