"""From heat and fit to letter, digit and proposed grade, worked out against now.

Nothing here is stored: engagement now = heat·2^(−(now − epoch)/half-life), so "engagement ≥ x" is a range of heat and
an index on heat serves it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import (
    Case,
    CharField,
    F,
    FilteredRelation,
    FloatField,
    OuterRef,
    Q,
    SmallIntegerField,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from engine.lately import Lately
from leads.models import Grade, LeadScore, ScoreModel

LETTERS = tuple(Grade.values)
DIGITS = (1, 2, 3, 4)
DAY = 86_400
MODELS = Lately(
    lambda: list(ScoreModel.objects.filter(in_force=True).prefetch_related("rules").order_by("line"))
)


def decay(seconds, half_life) -> float:
    """2^(−seconds/half-life), half-life in days; 0 or infinity where a float ends."""
    exponent = -seconds / (half_life * DAY)
    if exponent > 1000:
        return float("inf")
    return 0.0 if exponent < -1000 else 2.0**exponent


@dataclass(frozen=True)
class Proposal:
    """What the machine proposes for a lead, and the two judgements behind it."""

    grade: str
    letter: str
    digit: int
    fit: int
    engagement: float


@dataclass(frozen=True)
class Grading:
    """A score model as it grades at one moment. `factor` turns heat into engagement now."""

    model: ScoreModel
    at: datetime
    factor: float = field(init=False)

    def __post_init__(self):
        seconds = (self.at - self.model.epoch).total_seconds()
        object.__setattr__(self, "factor", decay(seconds, self.model.half_life))

    def heat_of(self, engagement):
        """The least heat with that much engagement now."""
        return engagement / self.factor if self.factor else float("inf")

    def fit_ladder(self):
        """[(points from which on, letter)], best first; what is below all of them is D."""
        return self._fits

    def heat_ladder(self):
        """[(heat from which on, digit)], hottest first; what is below all of them is 4."""
        return self._heats

    @cached_property
    def _fits(self):
        floors = self.model.fit_floors
        return [(float(floors[key]), key) for key in LETTERS[:-1] if key in floors]

    @cached_property
    def _heats(self):
        floors = self.model.engagement_floors
        return [(self.heat_of(float(floors[str(key)])), key) for key in DIGITS[:-1] if str(key) in floors]

    def proposal(self, fit, heat):
        """The proposal for one lead's fit and heat."""
        letter = next((letter for floor, letter in self.fit_ladder() if fit >= floor), "D")
        digit = next((digit for floor, digit in self.heat_ladder() if heat >= floor), 4)
        grade = self.model.grades[letter][str(digit)]
        return Proposal(grade, letter, digit, fit, heat * self.factor)

    def cells(self):
        """[(letter, digit, grade)] of every cell that a lead can be in: sixteen, with all floors set."""
        letters = [*(name for _, name in self.fit_ladder()), "D"]
        digits = [*(name for _, name in self.heat_ladder()), 4]
        return [(a, b, self.model.grades[a][str(b)]) for a in letters for b in digits]

    def least_fit(self, letter):
        """The points that a fit of `letter` or better has; None where every lead has them."""
        return next((floor for floor, name in self.fit_ladder() if name == letter), None)

    def least_heat(self, digit):
        """The heat that an engagement of `digit` or hotter has now; None where every lead has it."""
        return next((floor for floor, name in self.heat_ladder() if name == digit), None)

    # -- as expressions over a relation to the score; an empty prefix stands for the score itself ----------
    def letter(self, prefix="score__"):
        return _expression(f"{prefix}fit", self.fit_ladder(), "D", CharField())

    def digit(self, prefix="score__"):
        return _expression(f"{prefix}heat", self.heat_ladder(), 4, SmallIntegerField())

    def grade(self, prefix="score__"):
        """The proposed grade: within the rung of fit, the rung of heat."""
        fits, rungs = self.fit_ladder(), {letter: self._within(letter, prefix) for letter in LETTERS}
        whens = (When(**{f"{prefix}fit__gte": floor}, then=rungs[letter]) for floor, letter in fits)
        known = Case(*whens, default=rungs["D"], output_field=CharField())
        return Case(When(**{f"{prefix}fit__isnull": True}, then=Value("D")), default=known)

    def _within(self, letter, prefix):
        grades = self.model.grades[letter]
        heats = [(floor, grades[str(digit)]) for floor, digit in self.heat_ladder()]
        return _expression(f"{prefix}heat", heats, grades["4"], CharField())

    def where(self, grades, prefix="score__"):
        """A condition on fit and heat, in ranges: the proposed grade is one of `grades`."""
        condition = Q(pk__in=[])
        for letter, digit, grade in self.cells():
            if grade in grades:
                condition |= Q(
                    **_range(f"{prefix}fit", self.fit_ladder(), letter),
                    **_range(f"{prefix}heat", self.heat_ladder(), digit),
                )
        return condition


def _expression(path, ladder, otherwise, output):
    whens = (When(**{f"{path}__gte": floor}, then=Value(value)) for floor, value in ladder)
    return Case(*whens, default=Value(otherwise), output_field=output)


def _range(path, ladder, value):
    """{lookup: bound} of the rung called `value`; the lowest one has no floor, the highest no ceiling."""
    values = [name for _, name in ladder]
    place = values.index(value) if value in values else len(values)
    bounds = {}
    if place < len(ladder):
        bounds[f"{path}__gte"] = ladder[place][0]
    if place > 0:
        bounds[f"{path}__lt"] = ladder[place - 1][0]
    return bounds


@dataclass(frozen=True)
class Scales:
    """The models in force as they grade at one moment, the general one first.

    Several only where a product line has a scorecard of its own; each lead is graded by the score that decides.
    """

    gradings: tuple[Grading, ...]

    @property
    def general(self):
        """The Grading of every lead whose product line has no scorecard of its own."""
        return self.gradings[0]

    @property
    def is_one(self):
        return len(self.gradings) == 1

    def of(self, model_id):
        """The Grading of a model in force."""
        return next(one for one in self.gradings if one.model.pk == model_id)

    def deciding(self, prefix="scores__"):
        """The condition that a score is the one that grades its lead now."""
        if self.is_one:
            return Q(**{f"{prefix}model": self.general.model.pk})
        models = [one.model.pk for one in self.gradings]
        return Q(**{f"{prefix}decides": True, f"{prefix}model__in": models})

    # -- as expressions over a relation to the deciding score ---------------------------------------------
    def letter(self, prefix="score__"):
        return self._each(prefix, lambda one: one.letter(prefix), CharField())

    def digit(self, prefix="score__"):
        return self._each(prefix, lambda one: one.digit(prefix), SmallIntegerField())

    def grade(self, prefix="score__"):
        """The proposed grade."""
        return self._each(prefix, lambda one: one.grade(prefix), CharField())

    def engagement(self, prefix="score__"):
        """Engagement now."""
        return self._each(
            prefix, lambda one: F(f"{prefix}heat") * Value(one.factor, FloatField()), FloatField()
        )

    def warmth(self, prefix="score__"):
        """What puts the hottest first: the heat, which an index serves, or engagement where half-lives differ."""
        return F(f"{prefix}heat") if self.is_one else self.engagement(prefix)

    def where(self, grades, prefix="score__"):
        """A condition on fit and heat: the proposed grade is one of `grades`."""
        if self.is_one:
            return self.general.where(grades, prefix)
        condition = Q(pk__in=[])
        for one in self.gradings:
            condition |= Q(**{f"{prefix}model": one.model.pk}) & one.where(grades, prefix)
        return condition

    def _each(self, prefix, expression, output):
        """The expression of whichever model the score is of; the general one's where there is no score."""
        whens = [When(**{f"{prefix}model": one.model.pk}, then=expression(one)) for one in self.gradings[1:]]
        default = expression(self.general)
        return Case(*whens, default=default, output_field=output) if whens else default


def in_force(at) -> Scales:
    """The Scales of the models in force, read afresh: for whatever writes. Raises ScoreModel.DoesNotExist."""
    return _scales(ScoreModel.objects.filter(in_force=True).order_by("line"), at)


def current(at) -> Scales:
    """The Scales of the models in force, with their rules, read once every few seconds by each process: to show."""
    return _scales(MODELS(), at)


def _scales(models, at) -> Scales:
    gradings = tuple(Grading(model, at) for model in models)
    if not gradings or gradings[0].model.line:
        raise ScoreModel.DoesNotExist("No general scorecard is in force.")
    return Scales(gradings)


def forget():
    """Read it afresh next time: after a change."""
    MODELS.forget()


def graded(leads, at, *, cell=True):
    """`leads` with `fit`, `engagement`, `letter`, `digit`, `proposed_grade` and `grade_now` (the desk's, else the proposed).

    `score__fit` may then be filtered by, `warmth` be ordered by, and `Scales.where` asks for grades. Without `cell` there are
    no `letter` and `digit`, for lists that do not show what is behind a grade.
    """
    scales = current(at)
    behind = {"letter": scales.letter(), "digit": scales.digit()} if cell else {}
    return leads.annotate(
        score=FilteredRelation("scores", condition=scales.deciding()),
        fit=F("score__fit"),
        engagement=scales.engagement(),
        warmth=scales.warmth(),
        **behind,
        proposed_grade=scales.grade(),
        grade_now=Coalesce(NullIf("grade", Value("")), F("proposed_grade")),
    )


def graded_as(grade, at):
    """A condition on graded leads: the desk's grade is `grade`, or there is none and the scorecard proposes it."""
    return Q(grade=grade) | Q(grade="") & current(at).where({grade})


def proposed_grade(at):
    """The proposed grade as an expression over leads, for `annotate`, without a join of the list."""
    scales = current(at)
    scores = LeadScore.objects.filter(scales.deciding(""), lead=OuterRef("pk"))
    return Coalesce(Subquery(scores.annotate(proposed=scales.grade("")).values("proposed")), Value("D"))


def proposed(lead_ids, at):
    """{lead id: Proposal} of the leads that have a score."""
    if not lead_ids:
        return {}
    scales = in_force(at)
    rows = LeadScore.objects.filter(scales.deciding(""), lead__in=lead_ids)
    return {
        lead_id: scales.of(model_id).proposal(fit, heat)
        for lead_id, model_id, fit, heat in rows.values_list("lead_id", "model_id", "fit", "heat")
    }


def proposed_by_each(lead, scales):
    """[(model, whether it decides, Proposal)] of every model in force that applies to the lead, by line."""
    rows = LeadScore.objects.filter(lead=lead, model__in=[one.model.pk for one in scales.gradings])
    return [
        (scales.of(model_id).model, decides, scales.of(model_id).proposal(fit, heat))
        for model_id, decides, fit, heat in rows.order_by("model__line").values_list(
            "model_id", "decides", "fit", "heat"
        )
    ]
