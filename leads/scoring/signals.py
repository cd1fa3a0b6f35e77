"""Which signals are worth knowing: how many leads that have one were won, beside those that have not, and what both tracks say.

A signal is a rule of the scorecard in force, a kind of touch, an agreed question, or a fact that is known. Counted are the newest
leads that were handed over and are closed: by the facts of today, and by what people did until they were handed over.
"""

from dataclasses import dataclass
from hashlib import blake2s

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Track
from accounts.people import signs_for
from leads import fields, questions
from leads.models import Question, ScoreModel, ScoreRule, SignalVerdict, TouchKind, Worth
from leads.models.score import Operator
from leads.proportions import Effect, difference
from leads.scoring import editing, rules, versions
from leads.scoring.explaining import describe
from leads.scoring.statements import OTHERS
from leads.scoring.verdict import FEWEST, WinRate, rate
from pipeline.models import CustomField, FieldOwner

MOST = 10_000  # newest leads handed over
FULL, FEW = 0.98, 0.5  # of the won and of the others: known of more than this, and of fewer
# A row: the place of a signal, closed leads that have it, those won, closed leads that have not, those won.
COUNTED = f"""
WITH handed AS MATERIALIZED (
  SELECT h.lead_id, h.offered_at FROM leads_handoff h
  WHERE h.grade <> '' AND h.kind IN ('new', 'inquiry')
    AND NOT EXISTS (SELECT FROM leads_handoff e WHERE e.lead_id = h.lead_id AND e.grade <> '' AND e.id < h.id)
  ORDER BY h.offered_at DESC, h.id DESC LIMIT {MOST}
), judged AS MATERIALIZED (
  SELECT l.won_at IS NOT NULL AS won, ARRAY[{{met}}]::bool[] AS has
  FROM {fields.FROM.strip()} JOIN handed ON handed.lead_id = l.id
  LEFT JOIN pipeline_deal d ON d.id = l.deal_id LEFT JOIN pipeline_product p ON p.id = l.product_id
  CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT t.kind), '{{{{}}}}') AS kinds FROM leads_touch t
    WHERE t.contact_id = ANY(coalesce(c.merged_into_id, c.id) || {OTHERS})
      AND t.at <= handed.offered_at AND NOT t.automatic AND NOT t.outbound
  ) AS did
  WHERE (l.ended_at IS NOT NULL OR d.outcome = 'lost') AND NOT l.is_test AND l.merged_into_id IS NULL
    AND (%(line)s = '' OR p.family = %(line)s)
)
SELECT place, count(*) FILTER (WHERE held), count(*) FILTER (WHERE held AND won),
  count(*) FILTER (WHERE NOT held), count(*) FILTER (WHERE NOT held AND won)
FROM judged CROSS JOIN LATERAL unnest(has) WITH ORDINALITY AS one (held, place) GROUP BY place
"""


class NotYours(ValueError):
    """This user speaks for no track, or there is no such signal; the text says which."""


@dataclass(frozen=True)
class Signal:
    """One thing that may be known of a lead; `holds` is SQL of whether a lead has it.

    `key` stays the same from one version of a scorecard to the next. `points`: what a rule gives; None for other kinds.
    """

    key: str
    kind: str
    words: str
    holds: str
    points: int | None = None


@dataclass(frozen=True)
class Judged:
    """A Signal with the WinRate of closed leads that have it and of those that have not.

    `difference` of the two rates; None where either is of fewer than FEWEST.
    `said`: {track: its last SignalVerdict}.
    """

    signal: Signal
    having: WinRate
    lacking: WinRate
    difference: Effect | None
    said: dict[str, SignalVerdict]

    @property
    def tells(self):
        """Whether the difference is more than chance explains, and not that of a fact that comes with the outcome."""
        d = self.difference
        return d is not None and d.is_sure and not self.comes_with_the_outcome

    @property
    def comes_with_the_outcome(self):
        """A fact known of nearly all that were won and of few others: filled in as they were won, it foretells nothing."""
        won = self.having.won + self.lacking.won
        others, known = self.having.closed + self.lacking.closed - won, self.having.closed - self.having.won
        return (
            self.signal.kind == "fact" and won > 0 and self.having.won >= FULL * won and known < FEW * others
        )

    @property
    def rates(self):
        """The WinRate with the signal and without it."""
        return self.having, self.lacking

    @property
    def points(self):
        """The difference and its interval in points of per cent; None where too few are known."""
        d = self.difference
        return None if d is None else [100 * one for one in (d.estimate, d.low, d.high)]

    @property
    def words(self):
        """The last word of each track, in their order; None where it said nothing."""
        return [self.said.get(track) for track in Track]

    @property
    def is_useless(self):
        """Whether both tracks say so."""
        return all(track in self.said and self.said[track].worth == Worth.USELESS for track in Track)


def judged(line=""):
    """[Judged] of every signal, those that tell most first, those of too few leads last. One statement counts."""
    bind = fields.Bound("signal")
    known = signals(bind, line)
    with connection.cursor() as cursor:
        cursor.execute(
            COUNTED.format(met=", ".join(one.holds for one in known)), {**bind.params, "line": line}
        )
        counted = {place: counts for place, *counts in cursor.fetchall()}
    said = _said([one.key for one in known])
    found = [
        _judged(one, counted.get(place, [0, 0, 0, 0]), said.get(one.key, {}))
        for place, one in enumerate(known, start=1)
    ]
    return sorted(found, key=_most_telling)


def _most_telling(one):
    size = abs(one.difference.estimate) if one.difference else 0
    return one.difference is None, not one.tells, -size


def signals(bind, line=""):
    """[Signal]: the rules in force of a line's scorecard (empty: the general one), kinds of touches, questions, facts."""
    model = ScoreModel.objects.filter(in_force=True, line=line).first()
    scored = model.rules.all() if model else []
    return [
        *(
            Signal(key_of(rule), "rule", describe(rule), rules.holds(rule, bind), rule.points)
            for rule in scored
        ),
        *(
            Signal(f"did:{kind}", "touch", str(kind.label), f"{bind(kind)} = ANY(did.kinds)")
            for kind in TouchKind
        ),
        *(_asked(question, bind) for question in questions.IN_USE()),
        *(_known(name, str(field.label), bind) for name, field in fields.FIELDS.items()),
        *(
            _known(f"{fields.ATTRIBUTE}{own.code}", str(own), bind)
            for own in CustomField.objects.filter(on=FieldOwner.LEAD, active=True)
        ),
    ]


def key_of(rule):
    """The key of a rule: what it asks, whatever it gives for it."""
    asked = orjson.dumps([rule.field, rule.operator, rule.value], option=orjson.OPT_SORT_KEYS)
    return f"rule:{blake2s(asked, digest_size=8).hexdigest()}"


def say(signal, worth, why, *, by):
    """Keep the word of the tracks that `by` speaks for. Raises NotYours."""
    tracks = signs_for(by)
    if not tracks:
        raise NotYours(_("The heads of marketing and of sales say what a signal is worth."))
    if signal not in {one.key for line in _lines() for one in signals(fields.Bound(), line)}:
        raise NotYours(_("There is no such signal any more: open the page again."))
    SignalVerdict.objects.bulk_create(
        SignalVerdict(signal=signal, track=track, worth=worth, why=why.strip(), by=by) for track in tracks
    )


def draft_without(useless, line=""):
    """A new draft of a line's scorecard without the rules among the keys `useless`; None where it has none of them."""
    with transaction.atomic():
        made = versions.draft(line=line)
        gone = [rule.pk for rule in made.rules.all() if key_of(rule) in useless]
        if not gone:
            made.delete()
            return None
        for pk in gone:
            editing.remove_rule(made, pk)
    return made


def _lines():
    return ScoreModel.objects.filter(in_force=True).values_list("line", flat=True)


def _asked(question: Question, bind):
    holds = f"coalesce(l.answers ->> {bind(question.code)}, '') <> ''"
    return Signal(f"asked:{question.code}", "question", str(question), holds)


def _known(name, label, bind):
    rule = ScoreRule(field=name, operator=Operator.KNOWN)
    return Signal(f"known:{name}"[:300], "fact", label, rules.holds(rule, bind))


def _said(keys):
    """{key: {track: the last SignalVerdict}}."""
    rows = (
        SignalVerdict.objects.filter(signal__in=keys)
        .select_related("by")
        .order_by("signal", "track", "-id")
        .distinct("signal", "track")
    )
    said = {}
    for one in rows:
        said.setdefault(one.signal, {})[one.track] = one
    return said


def _judged(signal, counts, said):
    closed, won, lacking, lacking_won = counts
    few = min(closed, lacking) < FEWEST
    having, without = rate("", closed, won), rate("", lacking, lacking_won)
    return Judged(
        signal, having, without, None if few else difference(won, closed, lacking_won, lacking), said
    )
