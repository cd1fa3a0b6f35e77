"""How an audience may be reached and what it answers to: its size, consent by channel, channels and campaigns."""

from dataclasses import asdict, dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.copying import unhurried
from leads.live.conditions import members

DAYS = 90
MOST = 20  # campaigns


class Said(models.TextChoices):
    """What somebody last said of being written to."""

    GIVEN = "given", pgettext_lazy("consent", "agreed")
    SILENT = "silent", _("said nothing")
    WITHDRAWN = "withdrawn", _("withdrew")


@dataclass(frozen=True)
class Consent:
    """How many people agreed to be written to over a channel (empty: over any), withdrew, or said nothing of it."""

    channel: str
    given: int
    silent: int
    withdrawn: int


@dataclass(frozen=True)
class Answer:
    """People who did something by a channel or for a campaign in the days counted, how often, and how often lately."""

    channel: str
    campaign: int | None
    name: str
    people: int
    touches: int
    week: int


@dataclass(frozen=True)
class Channels:
    """What promotion wants to know of an audience."""

    people: int
    email: int
    mobile: int
    wechat: int
    consents: list[Consent]
    channels: list[Answer]
    campaigns: list[Answer]

    def as_dict(self):
        """As the API tells it."""
        return asdict(self)


PERSON = "WITH person AS MATERIALIZED ({members})"
# One row: how many, and how many of those who did not withdraw can be reached by a way.
REACH = f"""
{PERSON}, told AS (
  SELECT p.contact_id, coalesce((
    SELECT e.given FROM pipeline_consentevent e WHERE e.contact_id = p.contact_id AND e.purpose = 'marketing'
    ORDER BY e.at DESC, e.id DESC LIMIT 1), true) AS may,
    ARRAY(SELECT i.kind FROM pipeline_identity i WHERE i.contact_id = p.contact_id)::text[] AS ways
  FROM person p
)
SELECT count(*), count(*) FILTER (WHERE may AND 'email' = ANY(ways)), count(*) FILTER (WHERE may AND 'mobile' = ANY(ways)),
  count(*) FILTER (WHERE may AND 'wechat' = ANY(ways))
FROM told
"""
# A row: a channel that anybody's word names (and "", for any), and how many of all people said what last.
CONSENTS = f"""
{PERSON}, way AS (
  SELECT '' AS channel UNION
  SELECT e.channel FROM person p JOIN pipeline_consentevent e ON e.contact_id = p.contact_id AND e.purpose = 'marketing'
)
SELECT way.channel, count(*) FILTER (WHERE word.given), count(*) FILTER (WHERE word.given IS NULL),
  count(*) FILTER (WHERE NOT word.given)
FROM way CROSS JOIN person p
LEFT JOIN LATERAL (
  SELECT e.given FROM pipeline_consentevent e
  WHERE e.contact_id = p.contact_id AND e.purpose = 'marketing' AND (way.channel = '' OR e.channel IN ('', way.channel))
  ORDER BY e.at DESC, e.id DESC LIMIT 1
) word ON true
GROUP BY 1 ORDER BY 1
"""
# A row: a channel or a campaign, who did something there within the days, how often, and how often in the last seven.
ANSWERS = f"""
{PERSON}, answered AS (
  SELECT t.channel, t.campaign_id, count(*) AS n, count(DISTINCT t.contact_id) AS people,
    count(*) FILTER (WHERE t.at > %s::timestamptz - interval '7 days') AS week
  FROM person p JOIN leads_touch t ON t.contact_id = p.contact_id
  WHERE t.at > %s::timestamptz - make_interval(days => {DAYS}) AND t.at <= %s AND NOT t.outbound AND NOT t.automatic
  GROUP BY GROUPING SETS ((t.channel), (t.campaign_id))
)
SELECT coalesce(a.channel, ''), a.campaign_id, coalesce(c.name, ''), a.people, a.n, a.week
FROM answered a LEFT JOIN pipeline_campaign c ON c.id = a.campaign_id
WHERE a.channel IS NOT NULL OR a.campaign_id IS NOT NULL
ORDER BY a.people DESC, a.n DESC, 1, 3, 2
"""


def of(conditions, at) -> Channels:
    """All of it, in three statements."""
    sql, params = statement(conditions, at)
    with unhurried() as cursor:
        cursor.execute(REACH.format(members=sql), params)
        people, email, mobile, wechat = cursor.fetchone()
        cursor.execute(CONSENTS.format(members=sql), params)
        consents = [Consent(*row) for row in cursor.fetchall()]
        cursor.execute(ANSWERS.format(members=sql), [*params, at, at, at])
        answers = [Answer(*row) for row in cursor.fetchall()]
    return Channels(
        people, email, mobile, wechat, consents,
        channels=[one for one in answers if one.campaign is None],
        campaigns=[one for one in answers if one.campaign is not None][:MOST],
    )  # fmt: skip


def statement(conditions, at):
    """(SQL, parameters) of the rows (contact_id) of an audience; braces of the values are left to the parameters."""
    return members(conditions, at).order_by().values("contact_id").query.sql_with_params()
