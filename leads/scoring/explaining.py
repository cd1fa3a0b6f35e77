"""Why a lead has its grade: every rule and every touch-day, with points that sum to the score."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import connection
from django.utils.translation import gettext as _

from leads import fields, grading
from leads.models import TouchKind
from leads.models.score import Operator
from leads.scoring import statements
from ui import formats


@dataclass(frozen=True)
class RulePart:
    """A rule of fit, whether it holds, and what it gives this lead (0 where it does not hold)."""

    text: str
    met: bool
    points: int


@dataclass(frozen=True)
class TouchPart:
    """The touches of one kind on one local day: how many, their points then (capped), and what is left now."""

    day: datetime
    kind: str
    count: int
    points: float
    points_now: float

    @property
    def label(self):
        return TouchKind(self.kind).label if self.kind in TouchKind.values else self.kind


@dataclass(frozen=True)
class OtherGrade:
    """What the scorecard of another product line (empty: the general one) proposes for the lead."""

    line: str
    model: str
    grade: str
    letter: str
    digit: int
    fit: int
    engagement: float


@dataclass(frozen=True)
class Explanation:
    """A lead's grade and everything behind it. `grade` was set by a person, `proposed` is the machine's.

    `model` is the scorecard that decides; `others` says what further scorecards that apply would propose.
    """

    model: str
    line: str
    grade: str
    grade_reason: str
    proposed: str
    letter: str
    digit: int
    fit: int
    engagement: float
    rules: list[RulePart]
    touches: list[TouchPart]
    others: list[OtherGrade]

    def as_dict(self):
        """As the API answers it."""
        return asdict(self)


def explain(lead, at, scales=None) -> Explanation:
    """The Explanation of a lead's grade at the moment `at`, from the models in force, read afresh without `scales`."""
    scales = scales or grading.in_force(at)
    scale, others = _deciding(lead, scales)
    model = scale.model
    met, days = _read(model, lead)
    parts = _parts(model, met)
    touches = [TouchPart(day, kind, n, points, heat * scale.factor) for day, kind, n, points, heat in days]
    heat = sum(heat for *_rest, heat in days)
    offer = scale.proposal(sum(part.points for part in parts), heat)
    return Explanation(
        model.name, model.line, lead.grade, lead.grade_reason, offer.grade, offer.letter, offer.digit, offer.fit,
        offer.engagement, parts, touches, others,
    )  # fmt: skip


def _deciding(lead, scales):
    """The Grading that decides for the lead, and the OtherGrades of further models that apply."""
    if scales.is_one:
        return scales.general, []
    scale, others = scales.general, []
    for model, decides, offer in grading.proposed_by_each(lead, scales):
        if decides:
            scale = scales.of(model.pk)
        else:
            others.append(OtherGrade(model.line, model.name, **asdict(offer)))
    return scale, others


def _parts(model, met):
    """A RulePart for each rule, and one for each group that gave more than its cap: what is taken off again."""
    parts, sums = [], {}
    for rule, holds in zip(model.rules.all(), met, strict=True):
        given = rule.points if holds else 0
        parts.append(RulePart(describe(rule), holds, given))
        sums[rule.group] = sums.get(rule.group, 0) + given
    for group, cap in model.caps.items():
        if (over := sums.get(group, 0) - cap) > 0:
            text = _("“%(group)s” gives at most %(points)s") % {"group": group, "points": cap}
            parts.append(RulePart(text, True, -over))
    return parts


def _read(model, lead):
    with connection.cursor() as cursor:
        cursor.execute(*statements.explanation(model, lead))
        rows = cursor.fetchall()
    return rows[0][0], [day for _met, *day in rows if day[0] is not None]


def describe(rule):
    """The rule in words: “Company's employees is between 50 and 499”."""
    name = fields.label(rule.field) if fields.exists(rule.field) else rule.field
    value = rule.value
    if rule.operator == Operator.KNOWN:
        return _("%(field)s is known") % {"field": name}
    if rule.operator == Operator.BETWEEN and isinstance(value, list) and len(value) == 2:
        return _("%(field)s is between %(low)s and %(high)s") % {
            "field": name,
            "low": _bound(value[0]),
            "high": _bound(value[1]),
        }
    listed = formats.listed(value) if isinstance(value, list) else value
    return f"{name} {Operator(rule.operator).label} {listed}"


def _bound(value):
    """A bound as people write it: 1000000 → "1,000,000"; what is no number stays as it was typed."""
    try:
        return formats.number(None if value is None else Decimal(str(value)))
    except InvalidOperation:
        return value
