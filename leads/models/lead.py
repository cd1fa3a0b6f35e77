"""A lead is one pass of a contact through the funnel; its history is an unbroken chain."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Now, NullIf
from django.utils.translation import gettext_lazy as _

from leads.models.score import Grade
from leads.visibility import LeadQuerySet
from pipeline.channels import Channel
from pipeline.models.base import Sourced, keep_history, once_per_source
from pipeline.stages import Stage


# What people change; of these the machine writes attributes alone in bulk, where a known person is told of anew.
@keep_history(
    "LeadEvent", "source_text", "product", "segment", "region", "grade", "grade_reason", "attributes", "answers",
)  # fmt: skip
class Lead(Sourced):
    """One pass. Only `leads.funnel` changes `stage`, `seq` and the dates of the stages.

    `campaign` and `channel` are those of the creating touch; `attributes` gain what is learned later, and
    `captured_attributes` keeps them as they first were (by a trigger; null while nothing has changed). `grade` is set by
    a person, else empty and the proposed one holds; `mql_grade` is what was proposed when the pass first became an MQL, empty
    for what came as history or was not scored by then. `route_at` is null for whatever nobody may route: held, in the
    pool, resting. `history` marks passes imported as history: no offers, no clocks, and no velocity.
    """

    contact = models.ForeignKey(
        "pipeline.Contact", models.PROTECT, related_name="leads", verbose_name=_("contact")
    )
    cycle = models.PositiveSmallIntegerField(_("pass"), default=1, db_default=1)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.NEW, db_default="new")
    seq = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    campaign = models.ForeignKey(
        "pipeline.Campaign",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("campaign"),
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.UNKNOWN)
    source_text = models.CharField(
        _("source as in the file"), max_length=200, blank=True, default="", db_default=""
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("owner"),
    )
    owner_text = models.CharField(
        _("owner as in the file"), max_length=200, blank=True, default="", db_default=""
    )
    product = models.ForeignKey(
        "pipeline.Product", models.PROTECT, null=True, blank=True, verbose_name=_("product")
    )
    segment = models.ForeignKey(
        "accounts.Segment", models.PROTECT, null=True, blank=True, verbose_name=_("segment")
    )
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    deal = models.ForeignKey(
        "pipeline.Deal", models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("deal")
    )
    attributes = models.JSONField(_("attributes"), default=dict, db_default={}, blank=True)
    captured_attributes = models.JSONField(null=True, editable=False)
    answers = models.JSONField(_("answers to the agreed questions"), default=dict, db_default={}, blank=True)
    captured_at = models.DateTimeField(_("captured"))
    grade = models.CharField(_("grade"), max_length=1, choices=Grade, blank=True, default="", db_default="")
    grade_reason = models.CharField(
        _("why this grade"), max_length=300, blank=True, default="", db_default=""
    )
    mql_grade = models.CharField(
        _("grade proposed as MQL"),
        max_length=1,
        choices=Grade,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    hand_raised_at = models.DateTimeField(_("raised a hand"), null=True, blank=True)
    mql_at = models.DateTimeField(_("MQL since"), null=True, blank=True, editable=False)
    ready_at = models.DateTimeField(_("ready since"), null=True, blank=True, editable=False)
    sql_at = models.DateTimeField(_("accepted by sales"), null=True, blank=True, editable=False)
    deal_at = models.DateTimeField(_("deal since"), null=True, blank=True, editable=False)
    won_at = models.DateTimeField(_("won"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("pass ended"), null=True, blank=True, editable=False)
    route_at = models.DateTimeField(null=True, blank=True, editable=False)
    rounds = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    pooled_at = models.DateTimeField(_("in the pool since"), null=True, blank=True, editable=False)
    wake_at = models.DateTimeField(_("wakes up"), null=True, blank=True)
    desk_due_at = models.DateTimeField(_("desk's answer due"), null=True, blank=True)
    desk_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("taken at the desk by"),
    )
    desk_since = models.DateTimeField(_("last worked on at the desk"), null=True, blank=True, editable=False)
    disqualified_because = models.CharField(max_length=30, blank=True, default="", db_default="")
    history = models.BooleanField(_("imported as history"), default=False, db_default=False)
    is_test = models.BooleanField(_("a test"), default=False, db_default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            once_per_source("lead_once_per_source"),
            models.UniqueConstraint(fields=["contact", "cycle"], name="lead_cycle_once"),
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(ended_at__isnull=True, merged_into__isnull=True),
                name="one_open_pass_per_contact",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="lead_stage_known"),
        ]
        indexes = [
            models.Index(fields=["stage", "-captured_at", "-id"], name="lead_stage_newest"),
            models.Index(fields=["-captured_at", "-id"], name="lead_newest"),
            models.Index(fields=["campaign", "stage"], name="lead_campaign_stage"),
            models.Index(
                fields=["owner", "stage"], condition=Q(owner__isnull=False), name="lead_owner_stage"
            ),
            models.Index(fields=["route_at"], condition=Q(route_at__isnull=False), name="lead_route_due"),
            # the order in which routing takes what is due
            models.Index(
                Coalesce(NullIf("grade", Value("")), Value("D")),
                "route_at",
                "id",
                condition=Q(route_at__isnull=False),
                name="lead_route_line",
            ),
            models.Index(
                fields=["hand_raised_at"],
                condition=Q(hand_raised_at__isnull=False, ended_at__isnull=True),
                name="lead_hand_raised",
            ),
            models.Index(fields=["pooled_at"], condition=Q(pooled_at__isnull=False), name="lead_pool"),
            models.Index(fields=["wake_at"], condition=Q(wake_at__isnull=False), name="lead_wake_due"),
            # what reps returned to the desk: few among many MQLs
            models.Index(
                fields=["desk_due_at", "id"], condition=Q(desk_due_at__isnull=False), name="lead_desk_due"
            ),
            models.Index(fields=["desk_by"], condition=Q(desk_by__isnull=False), name="lead_desk_taken"),
            models.Index(
                fields=["ready_at", "id"],
                condition=Q(stage=Stage.READY, grade=Grade.A, pooled_at__isnull=True),
                name="lead_a_waiting",
            ),
        ]

    def __str__(self):
        return str(self.contact)


class LeadMove(models.Model):
    """The table of allowed moves, mirrored from `pipeline.stages` after migrate, for the journal's foreign key."""

    from_stage = models.CharField(max_length=12)
    to_stage = models.CharField(max_length=12)

    class Meta:
        verbose_name = _("allowed move of a lead")
        verbose_name_plural = _("allowed moves of leads")
        constraints = [models.UniqueConstraint(fields=["from_stage", "to_stage"], name="lead_move_once")]

    def __str__(self):
        return f"{self.from_stage} → {self.to_stage}"


class StageChange(models.Model):
    """One move of one lead. Append-only, gapless and unbroken by constraint (migration 0002).

    `inferred` marks a step of imported history without a date of its own: left out of velocity.
    """

    journal = True

    pk = models.CompositePrimaryKey("lead_id", "seq")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="changes", db_index=False)
    seq = models.PositiveIntegerField()
    from_stage = models.CharField(max_length=12)
    to_stage = models.CharField(max_length=12, choices=Stage)
    prev_seq = models.GeneratedField(
        expression=models.Func(models.F("seq") - 1, 0, function="NULLIF"),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    inferred = models.BooleanField(default=False, db_default=False)
    # what the move took from the lead, for whoever takes the move back
    wake_at = models.DateTimeField(null=True, blank=True, editable=False)
    pooled_at = models.DateTimeField(null=True, blank=True, editable=False)
    desk_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("stage change")
        verbose_name_plural = _("stage changes")
        constraints = [
            models.UniqueConstraint(fields=["lead", "seq", "to_stage"], name="stage_change_chain"),
            models.CheckConstraint(
                condition=Q(seq=1, from_stage="-") | (Q(seq__gt=1) & ~Q(from_stage="-")),
                name="stage_change_start",
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(to_stage="mql"), name="stage_change_mql")]

    def __str__(self):
        return f"{self.lead_id}#{self.seq} {self.from_stage} → {self.to_stage}"
