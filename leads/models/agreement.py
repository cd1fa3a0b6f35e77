"""The agreement: what marketing and sales promised each other, in versions signed by both heads."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Track
from leads.models.contacting import default_contact_rules
from leads.models.score import Grade
from leads.visibility import AgreedQuerySet
from pipeline.stages import BOUNDARIES, Stage
from ui.once import only


def default_answer_minutes():
    """Working minutes in which sales answers an offer, by grade; hand-raisers and customers have their own."""
    return {"A": 60, "B": 240, "C": 480, "D": 960, "hand": 30, "inquiry": 120}


def default_contact_minutes():
    """Working minutes from acceptance to the first human attempt, by grade."""
    return {"A": 120, "B": 480, "C": 960, "D": 1440, "hand": 60, "inquiry": 240}


def default_desk_minutes():
    """Working minutes in which the desk answers an MQL, by grade, or whoever raises a hand; empty: not agreed."""
    return {"A": 120, "B": 240, "C": 480, "D": 960, "hand": 60}


def default_attempts():
    """Attempts owed before a lead may be given up, by grade."""
    return {"A": 6, "B": 5, "C": 3, "D": 2, "hand": 6}


def between(least, most):
    """Validators of a number."""
    return [MinValueValidator(least), MaxValueValidator(most)]


YEARS = 3650  # days: nobody agrees on more


class Undecided(models.TextChoices):
    """What holds of a dispute that neither the heads nor the arbiter decide in time."""

    STANDS = "stands", _("stays as it is")
    ASKED = "asked", _("goes as whoever disputes it asks")


class Agreement(models.Model):
    """A version of the arrangement. In force: the newest version signed by both tracks.

    An MQL needs fit of `fit_floor` or better **and** engagement digit `engagement_floor` or hotter (1 is hottest, 4
    lets everybody in), counted from `touches_floor` touches on; a hand-raiser is an MQL at once. `judged_until` is null
    but while its new terms reach the leads that wait: the id up to which they have. `questions`, `reasons` and `stages` are what
    stood beside the terms when it was first signed (`leads.beside`), null before. From the stage `sales_from` on sales is
    responsible for a lead and marketing advises (`leads.tracks`); moves and their gates do not depend on it.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    fit_floor = models.CharField(_("fit at least"), max_length=1, choices=Grade, default=Grade.B)
    engagement_floor = models.PositiveSmallIntegerField(
        _("engagement at least (1 is hottest)"),
        default=3,
        validators=between(1, 4),
    )
    touches_floor = models.PositiveSmallIntegerField(
        _("touches at least"), default=1, validators=between(0, 1000)
    )
    hand_raisers = models.BooleanField(_("hand-raisers are MQLs at once"), default=True)
    sales_from = models.CharField(
        _("sales is responsible from"),
        max_length=5,
        choices=[(stage.value, stage.label) for stage in BOUNDARIES],
        default=Stage.SQL,
    )
    required_fields = models.JSONField(_("fields that a ready lead has"), default=list, blank=True)
    desk_minutes = models.JSONField(
        _("the desk answers within (working minutes)"), default=default_desk_minutes, blank=True
    )
    answer_minutes = models.JSONField(_("answer within (working minutes)"), default=default_answer_minutes)
    contact_minutes = models.JSONField(_("contact within (working minutes)"), default=default_contact_minutes)
    attempts_owed = models.JSONField(_("attempts owed"), default=default_attempts)
    around_the_clock = models.BooleanField(_("clocks run day and night"), default=False)
    reoffers = models.PositiveSmallIntegerField(
        _("offers to further reps before the team lead"), default=2, validators=between(0, 20)
    )
    rest_days = models.PositiveSmallIntegerField(
        _("days of rest before the pool"), default=30, validators=between(0, YEARS)
    )
    protection_days = models.PositiveSmallIntegerField(
        _("days of protection without follow-up"), default=30, validators=between(1, YEARS)
    )
    warning_days = models.PositiveSmallIntegerField(
        _("days before the protection ends when the holder is warned"),
        default=5,
        validators=between(0, YEARS),
    )
    extensions = models.PositiveSmallIntegerField(
        _("times that a protection may be extended"), default=1, validators=between(0, 100)
    )
    extension_days = models.PositiveSmallIntegerField(
        _("days that an extension gives"), default=14, validators=between(0, YEARS)
    )
    claims_a_day = models.PositiveSmallIntegerField(
        _("claims from the pool per day"), default=5, validators=between(0, 1000)
    )
    owed_sqls = models.PositiveIntegerField(
        _("accepted SQLs of grade B or better owed per month"), default=40, validators=between(0, 1_000_000)
    )
    owed_by_segment = models.JSONField(_("of these by segment"), default=dict, blank=True)
    desk_days = models.PositiveSmallIntegerField(
        _("working days for the desk to enrich"), default=2, validators=between(1, 60)
    )
    cooling_days = models.PositiveSmallIntegerField(
        _("days before the last holder may claim again"), default=7, validators=between(0, YEARS)
    )
    collision_days = models.PositiveSmallIntegerField(
        _("days in which one track is warned of the other's contacts (0: never)"),
        default=3,
        validators=between(0, 365),
    )
    talk_days = models.PositiveSmallIntegerField(
        _(
            "days in which an open deal keeps a company's people out of mailings (0: sales' talks keep nobody out)"
        ),
        default=30,
        validators=between(0, 365),
    )
    contact_rules = models.JSONField(_("who contacts whom"), default=default_contact_rules)
    farmer_days = models.PositiveSmallIntegerField(
        _("days from a hunter's win to the farmer"), default=30, validators=between(0, YEARS)
    )
    ruling_days = models.PositiveSmallIntegerField(
        _("working days for both heads to agree on a dispute"), default=5, validators=between(1, 60)
    )
    arbiter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who decides where the heads do not agree"),
    )
    undecided = models.CharField(
        _("what nobody decides in time"),
        max_length=6,
        choices=Undecided,
        default=Undecided.STANDS,
    )
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    questions = models.JSONField(null=True, editable=False)
    reasons = models.JSONField(null=True, editable=False)
    stages = models.JSONField(null=True, editable=False)
    judged_until = models.BigIntegerField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AgreedQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(engagement_floor__range=(1, 4)), name="agreement_engagement_digit"
            ),
            models.CheckConstraint(
                condition=Q(sales_from__in=BOUNDARIES),
                name="agreement_boundary_known",
                violation_error_message=_("Sales is responsible from MQL, from ready or from SQL on."),
            ),
        ]

    def __str__(self):
        return f"v{self.version}"


class Signature(models.Model):
    """A head's signature under what both heads sign. Append-only."""

    journal = True

    track = models.CharField(_("track"), max_length=10, choices=Track)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("signed"))

    class Meta:
        abstract = True
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")


class AgreementSignature(Signature):
    """A signature under a version of the agreement; the preset signs version 1 without a user."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")

    class Meta(Signature.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["agreement", "track"], name="signature_once")]

    def __str__(self):
        return f"{self.agreement} {self.track}"


class Question(models.Model):
    """A question that the desk answers before a lead is ready."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    text = models.CharField(_("question"), max_length=200)
    required = models.BooleanField(_("must be answered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    objects = AgreedQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "id"]
        constraints = [only("question_asked_once", named="text")]

    def __str__(self):
        return gettext(self.text)


class Destination(models.TextChoices):
    """Where a lead goes (design: the spine)."""

    NURTURE = "nurture", _("Nurture, with a wake-up date")
    DESK = "desk", _("The desk, to enrich within two working days")
    ROUTE = "route", _("Routed again at once")
    MERGE = "merge", _("The desk, to merge")
    ACCOUNT_OWNER = "account_owner", _("The account's owner")
    DISQUALIFY = "disqualify", _("Disqualified, teaches the rule")
    TEAM_LEAD = "team_lead", _("The team lead")
    SALES_HEAD = "sales_head", _("The head of sales")
    POOL = "pool", _("The pool")
    SAME_REP = "same_rep", _("The same rep, joined")
    FARMER = "farmer", _("A farmer")
    STAYS = "stays", _("Stays where it is")
    LIKE_OTHERS = "like_others", _("Like any other without follow-up")


# What a rep's reason for returning a lead may choose from.
RETURNED_TO = [
    (to.value, to.label)
    for to in (
        Destination.NURTURE,
        Destination.DESK,
        Destination.ROUTE,
        Destination.MERGE,
        Destination.ACCOUNT_OWNER,
        Destination.DISQUALIFY,
    )
]


class ReturnReason(models.Model):
    """Why a rep may return a lead, and where each reason sends it. `blames` counts against marketing's quality."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100)
    destination = models.CharField(_("goes to"), max_length=15, choices=RETURNED_TO)
    blames = models.BooleanField(_("counts against lead quality"), default=True)
    wake_days = models.PositiveSmallIntegerField(_("wakes up after days"), default=90)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    objects = AgreedQuerySet.as_manager()

    class Meta:
        verbose_name = _("return reason")
        verbose_name_plural = _("return reasons")
        ordering = ["position", "id"]
        constraints = [only("return_reason_named_once")]

    def __str__(self):
        return gettext(self.name)
