"""What campaigns changed: a newsletter that held people out by lot, a road show and a series with baselines."""

from datetime import timedelta

from django.db import connection

from accounts import organisation
from leads import audiences
from leads.models import Audience, Baseline
from pipeline.models import Contact
from reports.periods import named

HELD, DAYS, AGO = 15, 90, 170
# An invented firm may choose its luck: the lot among a few under which most of those who came back were written to, and those
# who were written to did not buy less than the others.
LUCK = """
WITH person AS (
  SELECT c.id, count(l.id) FILTER (WHERE l.sql_at >= %(since)s AND l.sql_at < %(until)s) AS back,
    count(d.id) AS bought, coalesce(sum(d.base_amount), 0) AS spent
  FROM pipeline_contact c LEFT JOIN leads_lead l ON l.contact_id = c.id
  LEFT JOIN pipeline_deal d ON d.id = l.deal_id AND d.outcome = 'won' AND d.signed_on >= %(since)s::date AND d.signed_on < %(until)s::date
  WHERE c.id = ANY(%(contacts)s) GROUP BY c.id
), told AS (
  SELECT seed, avg(back) FILTER (WHERE NOT held) - avg(back) FILTER (WHERE held) AS back,
    avg(bought) FILTER (WHERE NOT held) >= avg(bought) FILTER (WHERE held)
      AND avg(spent) FILTER (WHERE NOT held) >= avg(spent) FILTER (WHERE held) AS pays
  FROM (SELECT left(md5('lot ' || n), 16) AS seed FROM generate_series(1, 24) AS n) AS lots CROSS JOIN person
  CROSS JOIN LATERAL (SELECT ('x' || left(md5(seed || ':' || person.id), 8))::bit(32)::bigint < %(held)s * 42949672.96 AS held) AS lot
  GROUP BY seed
)
SELECT seed FROM told ORDER BY pays DESC NULLS LAST, back DESC NULLS LAST, seed LIMIT 1
"""


def tell(desk):
    """All three."""
    _newsletter(desk)
    by = desk.people["head.marketing"]
    for key, baseline in (("roadshow", Baseline.REGIONS), ("webinars", Baseline.SEASON)):
        Audience.objects.create(
            campaign_id=desk.campaigns[key], held_percent=0, baseline=baseline, created_by=by
        )


def _quarter(desk):
    """The first day of this quarter."""
    return named("quarter", desk.today, organisation.current().fiscal_year_start).first


def _newsletter(desk):
    on = min(
        desk.today - timedelta(days=AGO), _quarter(desk) - timedelta(days=DAYS)
    )  # it ends in a quarter that is over
    since = desk.moment(on, 0)
    contacts = list(
        Contact.objects.filter(created_at__lt=since, identities__kind="email").values_list("pk", flat=True)
    )
    if not contacts:
        return
    with connection.cursor() as cursor:
        asked = {"since": since, "until": since + timedelta(days=DAYS), "contacts": contacts, "held": HELD}
        cursor.execute(LUCK, asked)
        (seed,) = cursor.fetchone()
    audience = Audience.objects.create(
        campaign_id=desk.campaigns["email"], held_percent=HELD, days=DAYS, seed=seed,
        created_by=desk.people["marketer3"],
    )  # fmt: skip
    audiences.draw(audience, audiences.Wish(contacts=tuple(contacts)), since)
