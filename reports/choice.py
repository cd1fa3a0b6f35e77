"""What a report is asked for: period, model, channel, segment and region, as they stand in the address."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import SuspiciousOperation
from django.db import connection

from accounts import organisation
from pipeline.channels import Channel
from reports import attribution, periods
from reports.models.base import ALL, ALL_CHANNELS
from reports.periods import Period
from ui.filters import refuse_strange

NAMES = ("period", "from", "to", "model", "channel", "segment", "region")


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
class Axes:
    """The segments and regions to choose from, by id; the models that finance locked, by first day of fiscal year."""

    segments: dict[int, Axis]
    regions: dict[int, Axis]
    locks: dict[date, str] = field(default_factory=dict)


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

    @property
    def is_narrow(self):
        """Is anything but the period and the model chosen?"""
        return any(one is not None for one in (self.channel, self.segment, self.region))

    def cell(self):
        """The condition and parameters that pick the cells of this choice in a cube."""
        return (
            "channel = %s AND segment = ANY(%s) AND region = ANY(%s)",
            [
                ALL_CHANNELS if self.channel is None else self.channel,
                [ALL] if self.segment is None else list(self.segment.under),
                [ALL] if self.region is None else list(self.region.under),
            ],
        )

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
        }
        return urlencode({name: value for name, value in {**chosen, **other}.items() if value is not None})


def axes():
    """The Axes, in one statement. A region counts with all that are part of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE part (region, under) AS ("
            "  SELECT id, id FROM accounts_region"
            "  UNION SELECT part.region, r.id FROM part JOIN accounts_region r ON r.parent_id = part.under"
            ") SELECT 'segment', id, name, position, ARRAY[id] FROM accounts_segment"
            " UNION ALL SELECT 'region', r.id, r.name, r.position,"
            "   (SELECT array_agg(under ORDER BY under) FROM part WHERE part.region = r.id)"
            " FROM accounts_region r"
            " UNION ALL SELECT 'lock', starts_on - DATE '1970-01-01', model, 0, NULL FROM reports_modellock"
            " ORDER BY 1, 4, 3, 2"
        )
        found = {"segment": {}, "region": {}, "lock": {}}
        for kind, pk, name, _position, under in cursor.fetchall():
            if kind == "lock":
                found[kind][date.fromordinal(EPOCH + pk)] = name
            else:
                found[kind][pk] = Axis(pk, name, tuple(under))
    return Axes(found["segment"], found["region"], found["lock"])


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
    )


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
    if not (value.isascii() and value.isdigit()) or int(value) not in known:
        raise BadChoice(f"There is no {name} {value[:60]!r}.")
    return known[int(value)]
