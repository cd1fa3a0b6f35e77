"""Handoffs: a ready lead offered to one rep; and the rules and runs of routing behind each offer."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leads.because import SLIPS, TO_THE_REP
from leads.visibility import HandoffQuerySet, RoutingQuerySet
from pipeline.channels import Channel


class HandoffKind(models.TextChoices):
    NEW = "new", _("New lead")
    INQUIRY = "inquiry", _("Existing customer")
    OWN_FIND = "own_find", _("Own find")
    CLAIM = "claim", _("Claimed from the pool")
    FARMER = "farmer", _("Hunter to farmer")
    IMPORTED = "imported", _("Came with an import")


# In the rep's hands at once: nobody was asked.
UNASKED = (HandoffKind.OWN_FIND, HandoffKind.CLAIM, HandoffKind.IMPORTED)


class HandoffEnd(models.TextChoices):
    RETURNED = "returned", _("Returned")
    EXPIRED = "expired", _("Expired")
    REASSIGNED = "reassigned", _("Reassigned")
    RELEASED = "released", _("Released")
    FINISHED = "finished", _("Finished")


class Names(models.TextChoices):
    NEW = "new", _("New names")
    CUSTOMER = "customer", _("Existing customers")


LAST = 32_767  # position that there is


class AssignmentRule(models.Model):
    """Conditions (empty: any) that lead to a set of reps; the first rule that matches decides.

    The set is the team's reps or those named, else everybody. `preferred` are served first while they have room.
    """

    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    segments = models.ManyToManyField("accounts.Segment", blank=True, verbose_name=_("segments"))
    regions = models.ManyToManyField("accounts.Region", blank=True, verbose_name=_("regions"))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, blank=True, default="")
    product = models.ForeignKey(
        "pipeline.Product", models.CASCADE, null=True, blank=True, verbose_name=_("product")
    )
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, verbose_name=_("reps of the team")
    )
    grades = models.CharField(
        _("grades"), max_length=4, blank=True, default="", help_text=_("such as AB; empty: all")
    )
    names = models.CharField(_("new name or customer"), max_length=10, choices=Names, blank=True, default="")
    reps = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("only these reps")
    )
    preferred = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("first to these reps")
    )
    active = models.BooleanField(_("in use"), default=True)

    objects = RoutingQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        ordering = ["position", "id"]

    def __str__(self):
        return self.name

    @classmethod
    def last_position(cls):
        """The position of the last rule, 0 where there is none."""
        return cls.objects.aggregate(last=models.Max("position"))["last"] or 0

    def make_way(self):
        """Whoever stood at this position comes after it now, and so does who stood close behind."""
        others = AssignmentRule.objects.exclude(pk=self.pk).filter(position__gte=self.position)
        taken, moved = self.position, []
        for other in others:
            if other.position > taken or taken == LAST:
                break
            taken = other.position = taken + 1
            moved.append(other)
        AssignmentRule.objects.bulk_update(moved, ["position"])


class RuleTurn(models.Model):
    """Where a rep stands in the turns of one rule (None: everybody else) since it last gave somebody a lead.

    `fair` is how far fair shares have led, in leads by weight: the lowest is served next. `owed` is by how many leads
    rounding has left the rep behind that (negative: ahead), whatever becomes of the weight. `shared`: the rep had a share of
    what the rule dealt last. Whoever was not weighed then has no row, and begins anew; so does whose kind or territory
    changes (a trigger).
    """

    rule = models.ForeignKey(
        AssignmentRule, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    rep = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    fair = models.FloatField()
    owed = models.FloatField()
    shared = models.BooleanField()

    class Meta:
        verbose_name = _("turn by a rule")
        verbose_name_plural = _("turns by rules")
        constraints = [
            models.UniqueConstraint(fields=["rule", "rep"], nulls_distinct=False, name="rule_turn_once"),
            # NaN is greater than every number, infinity included: an upper bound keeps it out.
            models.CheckConstraint(condition=Q(fair__lt=float("inf")), name="rule_turn_fair_is_number"),
            models.CheckConstraint(condition=Q(owed__lt=float("inf")), name="rule_turn_owed_is_number"),
        ]

    def __str__(self):
        return f"{self.rule}: {self.rep}"


class AssignmentRun(models.Model):
    """One run of one rule: the candidates weighed, once for all its offers.

    `candidates` are as `dealing.described` tells them, before anything was dealt; `dealt` is [[user ids], grade, count,
    {user id: why}, {user id: fair share}, {user id: lift}] in the order of the offers' ranks: so many leads of a grade that each
    of these reps could have had, why not the others in reach (off, preferred, full, absent …), what each would have got if leads
    could be cut into parts, and how far the others were kept up with. Runs of former releases do not say the last three.
    `rule_name` stays when the rule is removed; without one it was everybody else's turn.
    """

    rule = models.ForeignKey(AssignmentRule, models.SET_NULL, null=True, blank=True, related_name="+")
    rule_name = models.CharField(max_length=100, blank=True, default="", db_default="")
    at = models.DateTimeField()
    candidates = models.JSONField(default=list)
    dealt = models.JSONField(default=list, db_default=[])
    offered = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("assignment run")
        verbose_name_plural = _("assignment runs")
        indexes = [models.Index(fields=["at"], name="run_at")]

    def __str__(self):
        return f"{self.rule} {self.at:%Y-%m-%d %H:%M}"


class Handoff(models.Model):
    """An offer and what became of it. Open until `ended_at`: offered or accepted, and counted in the rep's hands.

    `because` says in words why this rep; `run` and `rank` point to the candidates weighed. `agreement` is the version
    under which it was made, and its clocks are worked out when the offer and the acceptance are made. A follow-up
    moves `protected_until` on; once it has come, a lead without a deal leaves the rep, who is warned before. `unasked`
    ones were in the rep's hands at once: own finds, claims, what an import brought, and what was accepted before and moved with a book. No figure
    of offers and answers counts them. Who `gave_up` sent it to rest although nobody of sales had reached the person: the
    attempts are owed of that, as of what runs out.
    """

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="handoffs", verbose_name=_("lead"))
    rep = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="handoffs",
        verbose_name=_("rep"),
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=HandoffKind, default=HandoffKind.NEW)
    grade = models.CharField(_("grade when offered"), max_length=1, blank=True, default="")
    agreement = models.ForeignKey("leads.Agreement", models.PROTECT, related_name="+", db_index=False)
    offered_at = models.DateTimeField(_("offered"))
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    answer_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    unasked = models.BooleanField(_("taken without an offer"), default=False, db_default=False)
    contact_due_at = models.DateTimeField(_("first contact due"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("first contact"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    protected_until = models.DateTimeField(_("protected until"), null=True, blank=True)
    extended = models.PositiveSmallIntegerField(_("times extended"), default=0, db_default=0)
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end = models.CharField(_("ended by"), max_length=10, choices=HandoffEnd, blank=True, default="")
    gave_up = models.BooleanField(_("given up unreached"), default=False, db_default=False, editable=False)
    reason = models.ForeignKey(
        "leads.ReturnReason", models.PROTECT, null=True, blank=True, verbose_name=_("reason")
    )
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("returned by"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    # What taking the return back needs: the lead's `seq` after it, and the region or product that it corrected.
    before_return = models.JSONField(null=True, editable=False)
    because = models.CharField(_("why this rep"), max_length=300, blank=True, default="")
    run = models.ForeignKey(
        AssignmentRun, models.SET_NULL, null=True, blank=True, related_name="handoffs", db_index=False
    )
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        verbose_name = _("handoff")
        verbose_name_plural = _("handoffs")
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(ended_at__isnull=True), name="one_open_handoff_per_lead"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="handoff_ended_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(end="returned") | Q(reason__isnull=False), name="handoff_returned_says_why"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("offered_at")),
                name="handoff_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["rep", "answer_due_at"], condition=Q(ended_at__isnull=True), name="handoff_in_hand"
            ),
            models.Index(
                fields=["answer_due_at"],
                condition=Q(ended_at__isnull=True, accepted_at__isnull=True),
                name="handoff_answer_due",
            ),
            # The hottest ones that wait, of whichever campaign: few, among all that are open.
            models.Index(
                fields=["grade", "answer_due_at"],
                condition=Q(ended_at__isnull=True, accepted_at__isnull=True),
                name="handoff_grade_due",
            ),
            models.Index(
                fields=["contact_due_at"],
                condition=Q(ended_at__isnull=True, accepted_at__isnull=False, contacted_at__isnull=True),
                name="handoff_contact_due",
            ),
            models.Index(
                fields=["protected_until"],
                condition=Q(ended_at__isnull=True, accepted_at__isnull=False),
                name="handoff_protection",
            ),
            models.Index(
                fields=["protected_until"],
                condition=Q(ended_at__isnull=True, accepted_at__isnull=False, warned_at__isnull=True),
                name="handoff_to_warn",
            ),
            models.Index(
                fields=["rep"],
                include=["id", "accepted_at", "offered_at"],
                condition=Q(ended_at__isnull=True, contacted_at__isnull=True),
                name="handoff_untouched",
            ),
            models.Index(fields=["-offered_at", "-id"], name="handoff_newest"),
            models.Index(fields=["rep", "-offered_at"], name="handoff_rep_newest"),
        ]

    def __str__(self):
        return f"{self.lead_id} → {self.rep_id}"

    @property
    def is_slip(self):
        """Whether it was taken away again with somebody else's slip, which brought it (`but_for_slips`)."""
        return self.end == HandoffEnd.RELEASED and self.accepted_at is None and self.note in SLIPS

    @property
    def returned_for(self):
        """The track whose return it is, None for an administrator's; the rep's where nobody is noted."""
        return (self.returned_by or self.rep).side

    @property
    def why(self):
        """Why this rep, in the reader's language."""
        return gettext(self.because) if self.because else ""

    @property
    def why_you(self):
        """Why this rep, said to the rep, in the reader's language."""
        return gettext(TO_THE_REP[self.because]) if self.because in TO_THE_REP else self.why
