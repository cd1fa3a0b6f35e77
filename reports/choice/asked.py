"""What there is to choose from, and what an address chooses of it."""

from dataclasses import replace
from datetime import date

from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from pipeline.channels import Channel
from reports import attribution, locks, periods
from reports.choice.chosen import ALONE, BROUGHT, GIVEN, NOTHING, Axes, Axis, Choice, Team
from reports.models.base import NONE
from ui.filters import refuse_strange

NAMES = ("period", "from", "to", "model", "channel", "segment", "region", "campaign", "team", "rep")
MOST_CAMPAIGNS = 300  # to choose from: the newest
NESTED = ("region", "campaign")
FORMS = {
    "team": (ALONE,),
    "rep": (ALONE, GIVEN),
}  # by which a team or person stands for what its track or role does not say
NAMELESS = {
    "segment": _("No segment"),
    "region": _("No region"),
    "campaign": _("Without a campaign"),
    "team": _("Without a team"),
    "rep": _("Nobody"),
}
FORM_NAMES = {ALONE: _("%(name)s: own work"), GIVEN: _("%(name)s: own campaigns")}
EPOCH = date(1970, 1, 1).toordinal()


class BadChoice(SuspiciousOperation):
    """A value that the report does not know: 400."""


# What there is to choose from; what hangs on the campaigns, teams and people that the address names stands in NAMED.
AXES = """
WITH RECURSIVE part (region, under) AS (
  SELECT id, id FROM accounts_region
  UNION SELECT part.region, r.id FROM part JOIN accounts_region r ON r.parent_id = part.under
)
SELECT 'segment', id, name, position, ARRAY[id], '' FROM accounts_segment
UNION ALL SELECT 'region', r.id, r.name, r.position,
  (SELECT array_agg(under ORDER BY under) FROM part WHERE part.region = r.id), ''
FROM accounts_region r
UNION ALL SELECT 'lock', starts_on - DATE '1970-01-01', model, 0, NULL, '' FROM reports_modellock
UNION ALL SELECT 'shut', month - DATE '1970-01-01', '', 0, NULL, '' FROM pipeline_monthclose c
WHERE NOT EXISTS (SELECT 1 FROM pipeline_monthreopening r WHERE r.close_id = c.id)
UNION ALL SELECT 'campaign', id, name, 0, NULL, ''
FROM (SELECT id, name FROM pipeline_campaign ORDER BY id DESC LIMIT %(most)s) AS newest WHERE id <> %(campaign)s
UNION ALL SELECT 'team', id, name, 0, NULL, track FROM accounts_team WHERE id <> ALL(%(team)s)
"""
NAMED = {
    "campaign": """
UNION ALL SELECT 'campaign', id, name, 0, (
  WITH RECURSIVE tree (id) AS (
    SELECT %(campaign)s::bigint UNION SELECT c.id FROM tree JOIN pipeline_campaign c ON c.parent_id = tree.id
  ) SELECT array_agg(id) FROM tree), ''
FROM pipeline_campaign WHERE id = %(campaign)s
""",
    "team": """
UNION ALL SELECT 'team', t.id, t.name, 0, CASE WHEN t.track = 'marketing' AND t.id <> ALL(%(own_team)s)
  THEN (SELECT array_agg(c.id) FROM pipeline_campaign c JOIN accounts_user u ON u.id = c.owner_id WHERE u.team_id = t.id)
  ELSE (SELECT array_agg(u.id) FROM accounts_user u WHERE u.team_id = t.id) END, CASE WHEN t.id <> ALL(%(own_team)s) THEN t.track ELSE '' END
FROM accounts_team t WHERE t.id = ANY(%(team)s)
""",
    "teamless": """
UNION ALL SELECT 'team', 0, '', 1, (SELECT array_agg(id) FROM accounts_user WHERE team_id IS NULL), ''
""",
    "rep": """
UNION ALL SELECT 'rep', u.id, u.full_name, 0, CASE WHEN u.brings
  THEN (SELECT array_agg(c.id) FROM pipeline_campaign c WHERE c.owner_id = u.id) ELSE ARRAY[u.id] END, CASE WHEN u.brings THEN 'marketing' ELSE '' END
FROM (
  SELECT *, id = ANY(%(brought)s) OR role = 'marketing' AND id <> ALL(%(own_rep)s) AS brings FROM accounts_user WHERE id = ANY(%(rep)s)
) AS u
""",
}


def axes(data=None) -> Axes:
    """The Axes, in one statement. A region counts with all that are part of it, a campaign with all under it.

    `data` is the query: what hangs on a campaign, a team and a rep is read for the one that it names.
    """
    data = data or {}
    whose = {name: (data.get(name) or "").replace(BROUGHT, ",").split(",") for name in FORMS}
    formed = {
        name: {_key(_bare(one)): one.removeprefix(_bare(one)) for one in keys} for name, keys in whose.items()
    }
    found = _read(data, formed, NOTHING in whose["team"])
    for kind in ("segment", "region", "campaign", "rep"):
        if NOTHING in whose.get(kind, (data.get(kind),)):
            found[kind][NONE] = _known(kind, NONE, str(NAMELESS[kind]), (NONE,), "")
    for name, forms in formed.items():
        found[name] |= {
            pk: replace(found[name][pk], form=form)
            for pk, form in forms.items()
            if form and pk in found[name]
        }
        found[name] |= _several(data.get(name), name, [found[name].get(one) for one in forms])
    return Axes(
        segments=found["segment"],
        regions=found["region"],
        locks=found["lock"],
        campaigns=found["campaign"],
        teams=found["team"],
        reps=found["rep"],
        shut=frozenset(found["shut"]),
    )


def _read(data, formed, teamless):
    """{kind: {key: what is known}}; `formed` holds the keys of teams and people that the address names, each with its form."""
    found = {kind: {} for kind in ("segment", "region", "lock", "shut", "campaign", "team", "rep")}
    own = {f"own_{name}": [pk for pk, form in keys.items() if form == ALONE] for name, keys in formed.items()}
    asked = {
        **{name: [pk for pk in keys if pk] for name, keys in formed.items()},
        **own,
        "brought": [pk for pk, form in formed["rep"].items() if form == GIVEN],
        "campaign": _key(_plain(data.get("campaign"))),
        "most": MOST_CAMPAIGNS,
        "teamless": teamless,
    }
    with connection.cursor() as cursor:
        named = (sql for name, sql in NAMED.items() if asked[name])
        cursor.execute(f"{AXES}{''.join(named)}ORDER BY 1, 4, 3, 2", asked)
        for kind, pk, name, _position, under, track in cursor.fetchall():
            key = date.fromordinal(EPOCH + pk) if kind in ("lock", "shut") else pk
            found[kind][key] = _known(kind, pk, name, tuple(under or ()), track)
    return found


def _several(text, name, known):
    """{text: the one that stands for all that the address names together}; empty for one, and where one is unknown."""
    if len(known) < 2 or None in known:
        return {}
    made = _within(*known) if BROUGHT in text else name == "team" and _together(known)
    return {text: made} if made else {}


def _known(kind, pk, name, under, track):
    if kind in ("lock", "shut"):
        return name
    if kind == "team" and pk == NONE:
        return Team(NONE, str(NAMELESS[kind]), owners=(NONE, *under))
    if kind in ("team", "rep"):
        return Team(pk, name, campaigns=under) if track == "marketing" else Team(pk, name, owners=under)
    return Axis(pk, name, under)


def _within(whose, brought, *others):
    """What is a team's or person's of sales, of what one of marketing brought; None where they are none such."""
    if others or whose.owners is None or brought.campaigns is None:
        return None
    return replace(
        whose,
        name=f"{whose.name} · {brought.name}",
        campaigns=brought.campaigns,
        brought=str(brought.address),
    )


def _together(teams):
    """Several teams of sales as one; None where one is of marketing."""
    if any(one.owners is None for one in teams):
        return None
    name, owners = ", ".join(one.name for one in teams), tuple(pk for one in teams for pk in one.owners)
    return Team(teams[0].id, name, owners=owners, also=tuple(one.id for one in teams[1:]))


def _key(text):
    """The id that a text names, 0 for none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def parse(data, known, at) -> Choice:
    """The Choice in a query (any mapping of texts), with `known` Axes. Raises BadChoice or UnknownParameter."""
    refuse_strange(data, {*NAMES, "format"})
    house = organisation.current()
    today = organisation.today(at)
    period = periods.since(_period(data, today, house.fiscal_year_start), house.live_on, today)
    since = locks.holding(known.locks, min(period.last, today))
    locked = known.locks.get(since)
    return Choice(
        period=period,
        model=one_of(data, "model", attribution.MODELS, locked or attribution.DEFAULT),
        locked=locked,
        locked_since=since,
        today=today,
        currency=house.currency,
        channel="" if data.get("channel") == NOTHING else one_of(data, "channel", Channel.values, None),
        segment=_axis(data, "segment", known.segments),
        region=_axis(data, "region", known.regions),
        campaign=_axis(data, "campaign", known.campaigns),
        team=_axis(data, "team", known.teams),
        rep=_axis(data, "rep", known.reps),
    )


def of_month(data, month, at) -> Choice:
    """The Choice of one month (its first day), narrowed as a query says whose own period gives way. Raises as `parse`."""
    key = f"{month:%Y-%m}"
    asked = {name: data[name] for name in data if name not in ("period", "from", "to")}
    return parse({**asked, "from": key, "to": key}, axes(data), at)


def bounded(choice) -> Choice:
    """The Choice with months, for what has none for all time: the fiscal year stands for it, and says so."""
    if not choice.period.is_all:
        return choice
    year = periods.named("year", choice.today, organisation.current().fiscal_year_start)
    return replace(choice, period=replace(year, instead_of=choice.period.key))


def to_date(at) -> Choice:
    """All that came by now, by the model that finance locked for today, else the usual one."""
    today = organisation.today(at)
    locked = locks.model_on(today)
    currency = organisation.current().currency
    return Choice(periods.named("all", today), locked or attribution.DEFAULT, today, currency, locked=locked)


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
        raise no_such("period", key)
    return periods.named(key, today, fiscal_start)


def _month(text, today):
    if not text:
        return today
    try:
        year, month = text.split("-")[:2]
        found = date(int(year), int(month), 1)
    except ValueError:
        raise BadChoice(gettext("A month is written as 2026-11.")) from None
    if not 1900 < found.year < 3000:
        raise BadChoice(gettext("A month lies between 1901 and 2999."))
    return found


def no_such(name, value):
    """The BadChoice of a parameter whose value is none of those that there are."""
    return BadChoice(gettext("There is no %(name)s “%(value)s”.") % {"name": name, "value": value[:60]})


def one_of(data, name, known, otherwise):
    """What `data` names, if it is known; `otherwise` where it names nothing. Raises BadChoice."""
    value = data.get(name)
    if not value:
        return otherwise
    if value not in known:
        raise no_such(name, value)
    return value


def _axis(data, name, known):
    value = data.get(name)
    if not value:
        return None
    several = (name == "team" and "," in value) or (name in ("team", "rep") and BROUGHT in value)
    key = NONE if value == NOTHING else value if several else _key(_bare(value)) or None
    form = value.removeprefix(_bare(value))
    if key not in known or (
        form and form not in FORMS.get(name, (ALONE,) if name in NESTED else ()) and not several
    ):
        raise no_such(name, value)
    axis = known[key]
    if name in FORMS and form and not several:
        return replace(axis, name=FORM_NAMES[form] % {"name": axis.name})
    if not form or name in FORMS:
        return axis
    named = str(_("%(name)s alone")) % {"name": axis.name} if len(axis.under) > 1 else axis.name
    return replace(axis, name=named, under=(key,), alone=True)  # a closed month may know others under it


def _bare(text):
    """What an address names, whatever of it."""
    return text.removesuffix(ALONE).removesuffix(GIVEN)


def _plain(text):
    """What an address names, whether alone or not."""
    return text.removesuffix(ALONE) if text else text
