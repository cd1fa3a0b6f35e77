"""The scorecard: rules for fit, weights for engagement, and what they came to for each lead."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.models.touches import TouchKind
from leads.visibility import ScoreQuerySet

# Neither NaN nor infinity is below it.
INFINITE = float("inf")


class Grade(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


def default_fit_floors():
    """Fit points from which on the letter is A, B, C."""
    return {"A": 60, "B": 35, "C": 15}


def default_engagement_floors():
    """Engagement now from which on the digit is 1, 2, 3."""
    return {"1": 25, "2": 12, "3": 4}


def default_grades():
    """The grade proposed for each letter (fit) and digit (engagement)."""
    return {
        "A": {"1": "A", "2": "A", "3": "B", "4": "C"},
        "B": {"1": "A", "2": "B", "3": "C", "4": "C"},
        "C": {"1": "B", "2": "C", "3": "C", "4": "D"},
        "D": {"1": "C", "2": "D", "3": "D", "4": "D"},
    }


class ScoreModel(models.Model):
    """A numbered version of a scorecard: the general one, or that of a product line (`Product.family`).

    `epoch` is the zero of forward decay; `half_life` is in days, one for the whole model.
    """

    line = models.CharField(_("product line"), max_length=100, blank=True, default="", db_default="")
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=100)
    half_life = models.FloatField(_("half-life in days"), default=30)
    epoch = models.DateTimeField(_("epoch"))
    fit_floors = models.JSONField(_("fit letters from points"), default=default_fit_floors)
    engagement_floors = models.JSONField(
        _("engagement digits from points"), default=default_engagement_floors
    )
    grades = models.JSONField(_("grade for fit and engagement"), default=default_grades)
    caps = models.JSONField(_("most points of a group of rules"), default=dict, blank=True)
    in_force = models.BooleanField(_("in force"), default=False)
    publishing = models.BooleanField(_("being published"), default=False, db_default=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    # Made by setting a lead aside, not by a head: it goes again with the last of what it was made for.
    by_lesson = models.BooleanField(default=False, db_default=False, editable=False)
    # Its scores are kept a while: other processes believe for some seconds that it still grades.
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score model")
        verbose_name_plural = _("score models")
        ordering = ["line", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="model_number_once"),
            models.UniqueConstraint(fields=["line"], condition=Q(in_force=True), name="one_model_in_force"),
            models.UniqueConstraint(
                fields=["publishing"], condition=Q(publishing=True), name="one_model_being_published"
            ),
            models.CheckConstraint(
                condition=Q(half_life__gt=0, half_life__lt=INFINITE), name="half_life_positive"
            ),
        ]

    def __str__(self):
        return f"{self.number}: {self.name}" + (f" ({self.line})" if self.line else "")

    @property
    def is_draft(self):
        """May still be changed: never published, and not on its way."""
        return not (self.in_force or self.publishing or self.published_at)


class Operator(models.TextChoices):
    IS = "is", _("is")
    IN = "in", _("is one of")
    BETWEEN = "between", _("is between")
    CONTAINS = "contains", _("contains")
    ENDS = "ends", _("ends with")
    KNOWN = "known", _("is known")


class ScoreRule(models.Model):
    """Points of fit for a lead whose `field` meets the condition.

    `field` is one of `leads.fields.FIELDS` or `attributes.<key>`; `value` is text, a list, or [low, high]. Together the
    rules of one group give no more than the model's cap for it.
    """

    model = models.ForeignKey(ScoreModel, models.CASCADE, related_name="rules")
    field = models.CharField(_("field"), max_length=100)
    operator = models.CharField(_("condition"), max_length=10, choices=Operator, default=Operator.IS)
    value = models.JSONField(_("value"), null=True, blank=True)
    points = models.IntegerField(_("points"))
    group = models.CharField(_("group"), max_length=60, blank=True, default="", db_default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("score rule")
        verbose_name_plural = _("score rules")
        ordering = ["position", "id"]

    def __str__(self):
        return f"{self.field} {self.operator} {self.value}: {self.points}"


class TouchWeight(models.Model):
    """What a touch of a kind adds to engagement, and the most that one kind may add on one local day."""

    model = models.ForeignKey(ScoreModel, models.CASCADE, related_name="weights")
    kind = models.CharField(_("kind"), max_length=15)
    weight = models.FloatField(_("weight"))
    daily_cap = models.FloatField(_("at most a day"))

    class Meta:
        verbose_name = _("touch weight")
        verbose_name_plural = _("touch weights")
        constraints = [
            models.UniqueConstraint(fields=["model", "kind"], name="touch_weight_once"),
            models.CheckConstraint(
                condition=Q(weight__lt=INFINITE, daily_cap__lt=INFINITE), name="touch_weight_is_number"
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.weight}"

    @property
    def label(self):
        """The kind as people read it."""
        return TouchKind(self.kind).label


class LeadScore(models.Model):
    """Heat and fit of a lead under a model. Due when touched since it was scored.

    heat = Σ w·2^((t − epoch)/half-life); engagement now = heat·2^(−(now − epoch)/half-life). A lead has a row for each
    model that applies to it; the one that `decides` gives the grade that people see.
    """

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="scores", db_index=False)
    model = models.ForeignKey(ScoreModel, models.CASCADE, related_name="+", db_index=False)
    heat = models.FloatField(default=0, db_default=0)
    fit = models.IntegerField(default=0, db_default=0)
    decides = models.BooleanField(default=True, db_default=True)
    touched_at = models.DateTimeField(db_default=Now())
    scored_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["lead", "model"], name="score_once"),
            models.CheckConstraint(condition=Q(heat__gte=0, heat__lt=INFINITE), name="heat_is_number"),
        ]
        indexes = [
            models.Index(fields=["model", "-heat"], name="score_hottest"),
            models.Index(
                fields=["touched_at"],
                condition=Q(scored_at__isnull=True) | Q(scored_at__lt=F("touched_at")),
                name="score_due",
            ),
        ]

    def __str__(self):
        return f"{self.lead_id}: {self.heat}"
