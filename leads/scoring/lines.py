"""Which models apply to which leads, and which of them decides the grade that people see.

The general model applies to every lead and decides where the lead's product line has no scorecard of its own. The model
of a line applies to the leads of that line, whose grade it decides, and to those whose line is not known yet.
"""

from django.db.models import Q

from engine.copying import lock_key, take_lock
from leads.models import ScoreModel
from pipeline.models import Product

NAME = "scorecards of product lines"
LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared(%s)"

# Whoever marks scores waits for rows in order of id; we hold the leads' general scores, so we never wait for others.
HOLD = """
SELECT s.id, s.lead_id FROM leads_leadscore s JOIN leads_scoremodel m ON m.id = s.model_id
WHERE s.lead_id = ANY(%(leads)s) AND m.line <> '' AND (m.in_force OR m.publishing)
ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED
"""
ALL = """
SELECT s.id, s.lead_id FROM leads_leadscore s JOIN leads_scoremodel m ON m.id = s.model_id
WHERE s.lead_id = ANY(%(leads)s) AND m.line <> '' AND (m.in_force OR m.publishing)
"""
ADD = """
INSERT INTO leads_leadscore (lead_id, model_id, decides)
SELECT l.id, m.id, coalesce(p.family, '') = m.line
FROM leads_lead l LEFT JOIN pipeline_product p ON p.id = l.product_id
JOIN leads_scoremodel m ON m.line <> '' AND (m.in_force OR m.publishing) AND coalesce(p.family, '') IN ('', m.line)
WHERE l.id = ANY(%(leads)s)
ORDER BY l.id, m.id ON CONFLICT DO NOTHING
"""

# A row: a score of a lead under a model at work, the lead's line, and whether the model decides.
TRUTH = """
SELECT s.id, s.lead_id, s.decides, m.line, m.in_force, coalesce(p.family, '') AS family,
       CASE WHEN m.line <> '' THEN coalesce(p.family, '') = m.line
            ELSE NOT EXISTS (SELECT FROM leads_scoremodel own WHERE own.in_force AND own.line <> '' AND own.line = p.family)
       END AS should
FROM leads_leadscore s JOIN leads_scoremodel m ON m.id = s.model_id AND (m.in_force OR m.publishing)
JOIN leads_lead l ON l.id = s.lead_id LEFT JOIN pipeline_product p ON p.id = l.product_id
"""
SETTLE = f"""
WITH truth AS ({TRUTH} WHERE s.lead_id = ANY(%(leads)s)),
gone AS (
  DELETE FROM leads_leadscore s USING truth t
  WHERE s.id = t.id AND t.line <> '' AND t.family <> '' AND t.family <> t.line
)
UPDATE leads_leadscore s SET decides = t.should FROM truth t
WHERE s.id = t.id AND t.decides <> t.should AND NOT (t.line <> '' AND t.family <> '' AND t.family <> t.line)
"""

# The general score of a line's leads hands its say over, or takes it back.
TURN = """
UPDATE leads_leadscore s SET decides = %(decides)s FROM (
  SELECT s.id FROM leads_leadscore s JOIN leads_scoremodel m ON m.id = s.model_id AND m.line = ''
  JOIN leads_lead l ON l.id = s.lead_id JOIN pipeline_product p ON p.id = l.product_id AND p.family = %(line)s
  WHERE (m.in_force OR m.publishing) AND s.decides <> %(decides)s ORDER BY s.id FOR NO KEY UPDATE OF s
) turned WHERE s.id = turned.id
"""


def at_work():
    """Whether any line has a scorecard of its own that grades, or is about to."""
    return ScoreModel.objects.exclude(line="").filter(Q(in_force=True) | Q(publishing=True)).exists()


def settle(cursor, lead_ids):
    """Give these leads, whose general scores the caller has locked, the scores that apply to them and no others.

    Returns the ids of the leads that somebody else works on just now: they are left as they are.
    """
    bound = {"leads": list(lead_ids)}
    cursor.execute(HOLD, bound)
    held = dict(cursor.fetchall())
    cursor.execute(ALL, bound)
    busy = {lead_id for score_id, lead_id in cursor.fetchall() if score_id not in held}
    bound["leads"] = [lead_id for lead_id in lead_ids if lead_id not in busy]
    cursor.execute(ADD, bound)
    cursor.execute(SETTLE, bound)
    return busy


def share(cursor):
    """Until the transaction ends no scorecard begins or ends to decide. A statement of its own, like every lock."""
    cursor.execute(LOCK_SHARED, [lock_key(NAME)])


def turn(cursor, line, *, decides):
    """Let the general scorecard decide (or no longer decide) for the leads of a line; nobody settles meanwhile."""
    cursor.execute(TURN, {"line": line, "decides": decides})


def alone(cursor):
    """Wait until nobody settles, and let nobody begin, until the transaction ends."""
    take_lock(cursor, NAME)


def without_scorecard():
    """Product lines of what is for sale that have no scorecard of their own, drafts included."""
    taken = ScoreModel.objects.values("line")
    lines = Product.objects.filter(active=True).exclude(family="").exclude(family__in=taken)
    return list(lines.order_by("family").values_list("family", flat=True).distinct())


def decided_by(leads, model):
    """`leads` narrowed to those whose grade the scorecard of this model's line decides (or would decide)."""
    if model.line:
        return leads.filter(product__family=model.line)
    own = ScoreModel.objects.filter(in_force=True).exclude(line="").values("line")
    return leads.exclude(product__family__in=list(own.values_list("line", flat=True)))
