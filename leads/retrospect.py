"""What would have happened last quarter under a draft of the agreement, beside the version in force."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from accounts import organisation
from accounts.calendars import AROUND_THE_CLOCK, clocks_for
from engine.copying import unhurried
from leads import grading, standing
from leads.clocks import Clocks, fair_over, minutes
from leads.models import Handoff
from leads.scoring.statements import TOUCH_DAYS, values

MOST = 2000  # handoffs whose working minutes are counted


@dataclass(frozen=True)
class Outcome:
    """Figures of last quarter under one version: MQLs, those by a raised hand, and promises that would have been kept."""

    mqls: int
    hands: int
    answered: int
    contacted: int
    handoffs: int
    contacts: int
    owed: int
    accepted: int


def quarter_before(at):
    """(start, end) of the last whole quarter of the calendar in the organisation's zone."""
    today = organisation.today(at)
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    before = before.replace(month=(before.month - 1) // 3 * 3 + 1)
    zone = organisation.zone()
    return datetime.combine(before, time(), zone), datetime.combine(first, time(), zone)


def compare(versions, at):
    """[Outcome] of last quarter for each version, in their order."""
    start, end = quarter_before(at)
    models = [one.model for one in grading.in_force(at).gradings]
    reached = [(model, _reached(model, start, min(end, at))) for model in models]
    answers = _answers(start, end, {version.around_the_clock for version in versions})
    accepted = sum(row[0] for row in standing.delivered(start, end).values())
    return [_outcome(version, reached, answers[version.around_the_clock], accepted) for version in versions]


def _outcome(version, reached, answers, accepted):
    hands = sum(raised and version.hand_raisers for _model, leads in reached for *_rest, raised in leads)
    met = sum(_met(version, model, leads) for model, leads in reached)
    answered = sum(
        took <= minutes(version.answer_minutes, key) for key, took, _contact in answers if took is not None
    )
    contacted = [(key, took) for key, _answer, took in answers if took is not None]
    kept = sum(took <= minutes(version.contact_minutes, key) for key, took in contacted)
    return Outcome(met, hands, answered, kept, len(answers), len(contacted), version.owed_sqls * 3, accepted)


def _met(version, model, leads):
    """How many of the leads that `model` decides for would have become MQLs."""
    fit = _floor(model.fit_floors, version.fit_floor)
    heat = _floor(model.engagement_floors, str(version.engagement_floor))
    return sum(
        (raised and version.hand_raisers) or (has >= fit and peak >= heat and n >= version.touches_floor)
        for has, peak, n, raised in leads
    )


def _floor(floors, key):
    """The points of a letter or digit; what is below all of them asks for nothing."""
    return float(floors[key]) if key in floors else float("-inf")


def _reached(model, start, end):
    """[(fit, highest engagement, touches, raised a hand)] of the leads captured in the quarter, as their touches show.

    Highest from the day on which the lead came: a person who was hot in a former pass has cooled down since.
    Those for which `model` decides; a lead without any score is the general model's.
    """
    with unhurried() as cursor:  # a quarter of a large house: seconds
        cursor.execute(REACHED, {**values(model), "start": start, "end": end, "general": not model.line})
        return cursor.fetchall()


# peaks: engagement after each day's touches, as it was then; what was before the lead came has cooled down until it came.
# A row of the answer is a lead.
REACHED = f"""
WITH chosen AS MATERIALIZED (
  SELECT l.id, l.id AS lead_id, date_trunc('day', l.captured_at, (SELECT zone FROM accounts_organisation)) AS came_on, %(end)s::timestamptz AS touched_at, coalesce(own.merged_into_id, own.id) AS contact_id
  FROM leads_lead l JOIN pipeline_contact own ON own.id = l.contact_id
  LEFT JOIN leads_leadscore s ON s.lead_id = l.id AND s.model_id = %(model)s
  WHERE coalesce(s.decides, %(general)s)
    AND l.captured_at >= %(start)s AND l.captured_at < %(end)s AND l.merged_into_id IS NULL AND NOT l.history AND NOT l.is_test
    AND NOT (l.channel = 'sales_own' AND (l.owner_id IS NOT NULL  -- a rep's own find is none of the agreement's (terms.MET)
      OR EXISTS (SELECT FROM leads_handoff h WHERE h.lead_id = l.id AND h.kind = 'own_find')))
), {TOUCH_DAYS},
daily AS (SELECT id, day, sum(heat) AS heat, sum(n) AS n FROM weighed WHERE day < %(end)s GROUP BY id, day),
peaks AS (
  SELECT id, sum(n) OVER pass AS n, sum(heat) OVER pass
    * power(2::float8, -extract(epoch FROM greatest(day, came_on) - %(epoch)s::timestamptz)::float8 / %(half_life)s) AS engagement
  FROM daily JOIN chosen USING (id) WINDOW pass AS (PARTITION BY id ORDER BY day)
)
SELECT coalesce(s.fit, 0), coalesce(p.peak, 0), coalesce(p.n, 0), l.hand_raised_at IS NOT NULL
FROM chosen JOIN leads_lead l ON l.id = chosen.id
LEFT JOIN leads_leadscore s ON s.lead_id = l.id AND s.model_id = %(model)s
LEFT JOIN (SELECT id, max(engagement) AS peak, max(n) AS n FROM peaks GROUP BY id) p ON p.id = l.id
"""


def _answers(start, end, ways):
    """{whether clocks run day and night: [(key of the clock, minutes to the answer or None, to the first contact or None)]}
    of the newest offers, for each of these `ways`."""
    found = Handoff.objects.filter(offered_at__gte=start, offered_at__lt=end, answer_due_at__isnull=False)
    offers = list(found.select_related("lead__campaign").order_by("-offered_at", "-pk")[:MOST])
    clocks = clocks_for({offer.rep_id for offer in offers}) if offers else {}
    # Working minutes depend on each rep's calendar; the number of offers is bounded.
    return {
        always: [_timed(offer, AROUND_THE_CLOCK if always else clocks[offer.rep_id]) for offer in offers]
        for always in ways
    }


def _timed(offer, clock):
    """(key of the clock, minutes to the answer or None, to the first contact or None) of an offer.

    The key is that of the grade when offered, whatever the lead's is by now. Of a fair's leads from when their clocks
    start, a working day after its end.
    """
    over = fair_over(clock, offer.lead.campaign)

    def took(since, until):
        since = max(since, over or since)
        return clock.minutes_between(since, max(since, until))

    answered = offer.accepted_at or (offer.ended_at if offer.end == "returned" else None)
    contact = offer.contacted_at if offer.accepted_at else None
    return (
        Clocks.key_of(offer.lead, offer.kind, offer.grade),
        took(offer.offered_at, answered) if answered else None,
        took(offer.accepted_at, contact) if contact else None,
    )
