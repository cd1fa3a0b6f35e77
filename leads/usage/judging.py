"""From readings to signs: as sets, once a day for each unit and again whenever something was reported of it."""

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts import organisation
from engine.copying import chunk
from leads import notices
from leads.models import UsageKind, UsageSign
from leads.models.notices import NoticeKind
from leads.notices.sending import News
from pipeline.models import Unit
from pipeline.models.units import NEVER

CLAIM = """
-- one row: a unit that nobody has looked at today; one that is out of use just once more, so that its signs end
UPDATE pipeline_unit SET judged_on = %(today)s WHERE id = ANY (ARRAY(
  SELECT id FROM pipeline_unit WHERE judged_on < %(today)s AND (retired_on IS NULL OR judged_on = %(never)s)
  ORDER BY judged_on, id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED))
RETURNING id
"""
# What holds of which unit: a rule of the product goes before the one for all. A week's use is told to a tenth.
# What fell is compared with what it fell from as long as the sign is open, so that the past does not grow used to it.
HOLDS = """
unit AS (
  SELECT u.id, u.product_id, p.service_ends_on, CASE WHEN p.sale_ends_on >= %(today)s THEN p.sale_ends_on END AS sale_ends_on,
    coalesce(u.ends_on, (coalesce(u.since, d.signed_on) + make_interval(months => p.life_months))::date) AS life_ends_on
  FROM pipeline_unit u JOIN pipeline_product p ON p.id = u.product_id LEFT JOIN pipeline_deal d ON d.id = u.deal_id
  WHERE u.id = ANY(%(units)s) AND u.retired_on IS NULL
), rule AS (
  SELECT DISTINCT ON (u.id, r.kind) u.id AS unit_id, r.*
  FROM unit u JOIN leads_usagerule r ON r.product_id IS NULL OR r.product_id = u.product_id
  ORDER BY u.id, r.kind, r.product_id NULLS LAST
), told AS (
  SELECT unit_id, min(day) AS first, max(day) AS last, max(day) FILTER (WHERE usage > 0) AS used
  FROM pipeline_reading WHERE unit_id = ANY(%(units)s) AND day <= %(today)s GROUP BY unit_id
), silent AS (
  SELECT r.unit_id, jsonb_build_object('since', t.used) AS facts
  FROM rule r JOIN told t USING (unit_id) WHERE r.kind = 'silent' AND r.active AND t.used <= %(today)s - r.days
), span AS (
  SELECT r.unit_id, r.percent, r.days, least(%(today)s - 1, t.last) AS until, least(%(today)s - 1, t.last) - r.days + 1 AS since,
    greatest(t.first, least(%(today)s - 1, t.last) - r.days + 1 - r.before_days) AS first, least(r.days, r.before_days) AS least_days
  FROM rule r JOIN told t USING (unit_id)
  WHERE r.kind = 'falling' AND r.active AND NOT EXISTS (SELECT FROM silent s WHERE s.unit_id = r.unit_id)
), week AS (
  SELECT s.unit_id, s.percent, s.days, coalesce((o.facts->>'since')::date, s.since) AS since,
    coalesce((o.facts->>'before')::numeric, round(b.usage * 7 / (s.since - s.first), 1)) AS before, round(n.usage * 7 / s.days, 1) AS now
  FROM span s
  LEFT JOIN leads_usagesign o ON o.unit_id = s.unit_id AND o.kind = 'falling' AND o.ended_at IS NULL
  CROSS JOIN LATERAL (SELECT coalesce(sum(usage), 0) AS usage FROM pipeline_reading r
    WHERE r.unit_id = s.unit_id AND r.day BETWEEN s.since AND s.until) n
  CROSS JOIN LATERAL (SELECT coalesce(sum(usage), 0) AS usage FROM pipeline_reading r
    WHERE r.unit_id = s.unit_id AND r.day >= s.first AND r.day < s.since) b
  WHERE o.id IS NOT NULL OR s.since - s.first >= s.least_days
), failed AS (
  SELECT r.unit_id, r.days, sum(d.errors) AS errors FROM rule r JOIN pipeline_reading d
    ON d.unit_id = r.unit_id AND d.day > %(today)s - r.days AND d.day <= %(today)s
  WHERE r.kind = 'errors' AND r.active GROUP BY r.unit_id, r.days, r.errors HAVING sum(d.errors) >= r.errors
), ending AS (
  SELECT u.id AS unit_id, least(u.life_ends_on, u.service_ends_on, u.sale_ends_on) AS "on", u.*, r.days
  FROM unit u JOIN rule r ON r.unit_id = u.id AND r.kind = 'ending' AND r.active
), found AS (
  SELECT unit_id, 'silent' AS kind, facts FROM silent
  UNION ALL
  SELECT unit_id, 'falling', jsonb_build_object('before', before, 'now', now, 'since', since, 'days', days)
  FROM week WHERE before > 0 AND now * 100 <= before * percent
  UNION ALL
  SELECT unit_id, 'errors', jsonb_build_object('errors', errors, 'days', days) FROM failed
  UNION ALL
  SELECT unit_id, 'ending', jsonb_build_object('on', "on", 'why', CASE "on" WHEN life_ends_on THEN 'life' WHEN service_ends_on THEN 'service' ELSE 'sale' END)
  FROM ending WHERE "on" <= %(today)s + days
)
"""
# The account's owner, else whoever sold last and is still with us.
JUDGE = f"""
WITH {HOLDS}, ended AS (
  UPDATE leads_usagesign s SET ended_at = %(at)s
  WHERE s.unit_id = ANY(%(units)s) AND s.ended_at IS NULL
    AND NOT EXISTS (SELECT FROM found f WHERE f.unit_id = s.unit_id AND f.kind = s.kind)
)
INSERT INTO leads_usagesign AS s (unit_id, kind, facts, began_at, owner_id)
SELECT f.unit_id, f.kind, f.facts, %(at)s, (
  SELECT w.id FROM accounts_user w
  WHERE w.is_active AND w.left_at IS NULL AND (w.id = c.sales_owner_id OR w.id = (
    SELECT d.owner_id FROM pipeline_deal d WHERE d.company_id = c.id AND d.outcome = 'won' ORDER BY d.signed_on DESC, d.id DESC LIMIT 1))
  ORDER BY w.id = c.sales_owner_id DESC NULLS LAST LIMIT 1)
FROM found f JOIN pipeline_unit u ON u.id = f.unit_id JOIN pipeline_company c ON c.id = u.company_id
ORDER BY f.unit_id, f.kind
ON CONFLICT (unit_id, kind) WHERE ended_at IS NULL DO UPDATE SET facts = excluded.facts, owner_id = excluded.owner_id
RETURNING s.id, xmax = 0 AS begins
"""


def judge_due(limit=1_000, at=None, tell=True):
    """Look at the units that are due, at most `limit`, and `tell` the owners of what begins. Returns how many units."""
    at = at or timezone.now()
    today = organisation.today(at)
    with chunk() as cursor:
        cursor.execute(CLAIM, {"today": today, "never": NEVER, "limit": limit})
        units = [row[0] for row in cursor.fetchall()]
        if not units:
            return 0
        cursor.execute(JUDGE, {"units": units, "today": today, "at": at})
        begun = [pk for pk, begins in cursor.fetchall() if begins]
        if tell:
            notices.announce(NoticeKind.MOMENT, _news(begun, at))
    return len(units)


def judge_anew(**which):
    """Make units due again: what a rule asks, or what is known of them, has changed."""
    Unit.objects.filter(**which).exclude(judged_on=NEVER).update(judged_on=NEVER)


def _news(signs, at):
    """One piece of news for each owner and company and kind, however many units."""
    told = UsageSign.objects.filter(pk__in=signs, owner__isnull=False).order_by("pk")
    told = told.annotate(company=F("unit__company"), where=F("unit__company__region__name"))
    first = {}
    for sign in told:
        first.setdefault((sign.owner_id, sign.company, sign.kind), sign)
    return [
        News(
            user_id=owner,
            subject=f"usage:{sign.pk}",
            path=f"{reverse('leads:usage-cards')}#usage-{company}",
            facts={"rule": UNTRANSLATED[kind], "where": sign.where or ""},
            at=at,
        )
        for (owner, company, kind), sign in first.items()
    ]


# Notices keep their words untranslated: each reader's language is known when they are read.
UNTRANSLATED = {
    UsageKind.FALLING: "Used less than before",
    UsageKind.SILENT: "Not used for long",
    UsageKind.ERRORS: "Many errors",
    UsageKind.ENDING: "End of life near",
}
