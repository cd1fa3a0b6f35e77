"""What an audience is interested in, and what changes: products, answers, reasons of losses and returns, without names.

A sign is one person's interest in one thing on one day. It loses half its weight every half-life of the general scorecard,
so that the picture is as of now; beside it stand the signs of the last seven days against the ninety before.
"""

from dataclasses import asdict, dataclass

from django.core.exceptions import SuspiciousOperation

from engine.copying import unhurried
from leads import grading
from leads.live.channels import statement
from leads.models import Question, ReturnReason
from pipeline.models import OutcomeReason, Product

FEWEST = 5  # people: of fewer nothing is told
YEAR, WEEK, BEFORE = 365, 7, 90  # days
RISING, FALLING = 1.25, 0.8  # of what the days before would have brought in a week
KINDS = ("product", "answer", "lost", "returned")


@dataclass(frozen=True)
class Interest:
    """A thing that people show interest in, or a reason: `kind` and `what` name it, `words` say it.

    `weight`: signs, each worth less with age. `trend`: a week's signs as a multiple of what such a week was before, None
    where there was nothing before.
    """

    kind: str
    what: str
    words: str
    people: int
    weight: float
    week: int
    before: int

    @property
    def trend(self):
        return self.week * BEFORE / (self.before * WEEK) if self.before else None

    @property
    def direction(self):
        """ "up", "down", "new" or nothing."""
        if self.trend is None:
            return "new" if self.week else ""
        return "up" if self.trend >= RISING else "down" if self.trend <= FALLING else ""

    def as_dict(self):
        """As the API tells it."""
        return {**asdict(self), "trend": self.trend, "direction": self.direction}


@dataclass(frozen=True)
class Interests:
    """Those of each kind, the strongest now first; `hidden`: how many things are kept back because too few people show them."""

    half_life: float
    of_kind: dict[str, list[Interest]]
    hidden: int

    def as_dict(self):
        """As the API tells it."""
        kinds = {kind: [one.as_dict() for one in found] for kind, found in self.of_kind.items()}
        return {"half_life": self.half_life, "hidden": self.hidden, "fewest": FEWEST, **kinds}


# A row: what a person showed and when; for the people of `person`.
SIGNS = """
  SELECT t.contact_id, 'product' AS kind, c.product_id::text AS what, t.at
  FROM person p JOIN leads_touch t ON t.contact_id = p.contact_id JOIN pipeline_campaign c ON c.id = t.campaign_id
  WHERE NOT t.outbound AND NOT t.automatic
  UNION ALL
  SELECT l.contact_id, 'product', l.product_id::text, l.captured_at
  FROM person p JOIN leads_lead l ON l.contact_id = p.contact_id WHERE l.merged_into_id IS NULL AND NOT l.is_test
  UNION ALL
  SELECT dc.contact_id, 'product', d.product_id::text, d.opened_at
  FROM person p JOIN pipeline_dealcontact dc ON dc.contact_id = p.contact_id JOIN pipeline_deal d ON d.id = dc.deal_id
  UNION ALL
  SELECT l.contact_id, 'answer', said.key || ':' || lower(btrim(said.value)), l.captured_at
  FROM person p JOIN leads_lead l ON l.contact_id = p.contact_id AND l.merged_into_id IS NULL AND NOT l.is_test
  CROSS JOIN LATERAL jsonb_each_text(l.answers) said
  WHERE btrim(said.value) <> ''
  UNION ALL
  SELECT dc.contact_id, 'lost', r.code, d.closed_at
  FROM person p JOIN pipeline_dealcontact dc ON dc.contact_id = p.contact_id
  JOIN pipeline_deal d ON d.id = dc.deal_id AND d.outcome = 'lost' JOIN pipeline_outcomereason r ON r.id = d.outcome_reason_id
  UNION ALL
  SELECT l.contact_id, 'returned', r.code, h.ended_at
  FROM person p JOIN leads_lead l ON l.contact_id = p.contact_id AND l.merged_into_id IS NULL
  JOIN leads_handoff h ON h.lead_id = l.id AND h."end" = 'returned' JOIN leads_returnreason r ON r.id = h.reason_id
"""
# A row: a thing, how many people, its weight now, its signs of the last week and of the days before. One sign a day and person.
STATEMENT = f"""
WITH person AS MATERIALIZED ({{members}}), sign AS (
  SELECT contact_id, kind, what, (at AT TIME ZONE (SELECT zone FROM accounts_organisation))::date AS day, max(at) AS at
  FROM ({SIGNS}) signs
  WHERE what IS NOT NULL AND at > %s::timestamptz - make_interval(days => {YEAR}) AND at <= %s GROUP BY 1, 2, 3, 4
)
SELECT kind, what, count(DISTINCT contact_id),
  sum(power(2::float8, -date_part('epoch', %s::timestamptz - at) / (86400 * %s::float8))),
  count(*) FILTER (WHERE at > %s::timestamptz - make_interval(days => {WEEK})),
  count(*) FILTER (WHERE at <= %s::timestamptz - make_interval(days => {WEEK})
    AND at > %s::timestamptz - make_interval(days => {WEEK + BEFORE}))
FROM sign GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2
"""


def of(conditions, at) -> Interests:
    """What the audience is interested in at the moment `at`."""
    half_life = grading.current(at).general.model.half_life
    sql, params = statement(conditions, at)
    with unhurried() as cursor:
        cursor.execute(STATEMENT.format(members=sql), [*params, at, at, at, half_life, at, at, at])
        rows = cursor.fetchall()
    told = [row for row in rows if row[2] >= FEWEST]
    words, found = _words(told), {kind: [] for kind in KINDS}
    for kind, what, *figures in told:
        found[kind].append(Interest(kind, what, words(kind, what), *figures))
    return Interests(half_life, found, len(rows) - len(told))


def _words(rows):
    """A function that names a thing in the reader's language."""
    ids = [int(what) for kind, what, *_rest in rows if kind == "product"]
    names = {
        "product": {str(one.pk): str(one) for one in Product.objects.filter(pk__in=ids)},
        "lost": {one.code: str(one) for one in OutcomeReason.objects.all()},
        "returned": {one.code: str(one) for one in ReturnReason.objects.all()},
    }
    questions = {one.code: str(one) for one in Question.objects.all()}

    def say(kind, what):
        if kind == "answer":
            code, _colon, answer = what.partition(":")
            return f"{questions.get(code, code)} {answer}"
        return names[kind].get(what, what)

    return say


def people_of(asked, conditions, at):
    """(SQL, parameters) of the contacts of an audience who showed the interest "kind:what" within the year.

    Raises SuspiciousOperation for a kind that there is not.
    """
    kind, _colon, what = asked.partition(":")
    if kind not in KINDS:
        raise SuspiciousOperation(f"No kind of interest: {asked}")
    sql, params = statement(conditions, at)
    return SHOWED.format(members=sql), [*params, kind, what, at, at]


SHOWED = f"""
WITH person AS MATERIALIZED ({{members}})
SELECT contact_id FROM ({SIGNS}) signs
WHERE kind = %s AND what = %s AND at > %s::timestamptz - make_interval(days => {YEAR}) AND at <= %s
"""
