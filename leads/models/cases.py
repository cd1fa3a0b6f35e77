"""Disputes beside returns: who owns something, a missed clock, who brought a deal; argued, ruled, kept as precedents."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Track
from leads.models.disputes import Decider
from leads.visibility import CaseQuerySet
from pipeline.models.base import label_of


class CaseKind(models.TextChoices):
    """What is disputed."""

    OWNER = "owner", _("Who owns it")
    CLOCK = "clock", _("A missed clock")
    ORIGIN = "origin", _("Who brought the deal")


class CaseClock(models.TextChoices):
    """The clocks of a handoff."""

    ANSWER = "answer", _("the answer to an offer")
    CONTACT = "contact", _("the first contact")


class CaseOutcome(models.TextChoices):
    """How a dispute may end; which of these depends on what is disputed (`OUTCOMES`)."""

    STANDS = "stands", _("It stays as it is")
    MOVES = "moves", _("It goes to whom it is asked for")
    EXCUSED = "excused", _("The clock is excused: neither kept nor missed")
    MARKETING = "marketing", _("Marketing brought it")
    SALES = "sales", _("Sales brought it")
    BOTH = "both", _("Both brought it")


OUTCOMES = {
    CaseKind.OWNER: (CaseOutcome.STANDS, CaseOutcome.MOVES),
    CaseKind.CLOCK: (CaseOutcome.STANDS, CaseOutcome.EXCUSED),
    CaseKind.ORIGIN: (CaseOutcome.STANDS, CaseOutcome.MARKETING, CaseOutcome.SALES, CaseOutcome.BOTH),
}


def _person(label, **options):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )


class Case(models.Model):
    """One dispute of any kind but a return: both sides' arguments, the clause each rests on, and what was decided.

    It is about a lead, deal or company (who owns it), a handoff (its missed clock, due at `due_at`) or a deal (who brought
    it). `holder` is whose it was when it was opened, `claimant` for whom it is asked. Decided, `held_rule` and `held_why`
    are what the decision rests on: the precedent for similar ones.
    """

    kind = models.CharField(_("what is disputed"), max_length=8, choices=CaseKind)
    lead = models.ForeignKey(
        "leads.Lead", models.CASCADE, null=True, related_name="cases", verbose_name=_("lead")
    )
    deal = models.ForeignKey(
        "pipeline.Deal", models.CASCADE, null=True, related_name="cases", verbose_name=_("deal")
    )
    company = models.ForeignKey(
        "pipeline.Company", models.CASCADE, null=True, related_name="cases", verbose_name=_("company")
    )
    handoff = models.ForeignKey(
        "leads.Handoff", models.CASCADE, null=True, related_name="cases", verbose_name=_("handoff")
    )
    clock = models.CharField(_("clock"), max_length=8, choices=CaseClock, blank=True, default="")
    due_at = models.DateTimeField(_("was due"), null=True)
    holder = _person(_("whose it is"), null=True)
    claimant = _person(_("for whom it is asked"), null=True)
    asked = models.CharField(_("what is asked for"), max_length=10, choices=CaseOutcome)
    agreement = models.ForeignKey(
        "leads.Agreement", models.PROTECT, related_name="+", db_index=False, verbose_name=_("agreement")
    )
    track = models.CharField(_("disputed by"), max_length=10, choices=Track)
    opened_by = _person(_("disputed by"), db_index=False)
    opened_at = models.DateTimeField(_("disputed"))
    argument = models.TextField(_("argument"), max_length=2000)
    rule = models.CharField(_("clause of the agreement"), max_length=30)
    answered_by = _person(_("answered by"), null=True, db_index=False)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True, default="")
    answer_rule = models.CharField(_("clause of the answer"), max_length=30, blank=True, default="")
    rule_by = models.DateTimeField(_("decided by"), editable=False)
    passed_on_at = models.DateTimeField(_("passed on to the arbiter"), null=True, editable=False)
    decided_by = models.CharField(_("who decided"), max_length=8, choices=Decider, blank=True, default="")
    decided_at = models.DateTimeField(_("decided"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=CaseOutcome, blank=True, default="")
    held_rule = models.CharField(_("clause that decided"), max_length=30, blank=True, default="")
    held_why = models.TextField(_("why"), max_length=2000, blank=True, default="")

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of owners, clocks and deals", "dispute")
        verbose_name_plural = pgettext_lazy("of owners, clocks and deals", "disputes")
        ordering = [F("decided_at").desc(nulls_first=True), "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="owner", handoff=None, clock="", lead__isnull=False, deal=None, company=None)
                | Q(kind="owner", handoff=None, clock="", lead=None, deal__isnull=False, company=None)
                | Q(kind="owner", handoff=None, clock="", lead=None, deal=None, company__isnull=False)
                | Q(kind="clock", handoff__isnull=False, due_at__isnull=False, lead=None, deal=None, company=None)
                & ~Q(clock="")
                | Q(kind="origin", handoff=None, clock="", lead=None, deal__isnull=False, company=None),
                name="case_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="", decided_by="")
                | Q(decided_at__isnull=False) & ~Q(outcome="") & ~Q(decided_by=""),
                name="case_decided_wholly",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="case_answer_says_something",
            ),
            models.UniqueConstraint(
                fields=["lead"], condition=Q(decided_at=None), name="case_open_once_a_lead"
            ),
            models.UniqueConstraint(
                fields=["deal", "kind"], condition=Q(decided_at=None), name="case_open_once_a_deal"
            ),
            models.UniqueConstraint(
                fields=["company"], condition=Q(decided_at=None), name="case_open_once_a_company"
            ),
            models.UniqueConstraint(fields=["handoff", "clock"], name="case_once_a_clock"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["rule_by"], condition=Q(decided_at=None), name="case_to_rule"),
            models.Index(fields=["kind", "-decided_at"], condition=Q(decided_at__isnull=False), name="case_held"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()}: {self.argument[:40]}"

    @property
    def is_open(self):
        """Not decided yet."""
        return self.decided_at is None

    @property
    def about(self):
        """The lead, deal or company; of a clock the lead that was handed over."""
        return self.deal or self.company or self.lead or (self.handoff and self.handoff.lead)

    @property
    def about_kind(self):
        """What that is by name: lead, deal, company or handoff."""
        return next(name for name in ("lead", "deal", "company", "handoff") if getattr(self, f"{name}_id"))

    @property
    def about_label(self):
        """The same in the reader's language."""
        return label_of(Case, self.about_kind)


class CaseRuling(models.Model):
    """What the head of one track (or, without a track, the arbiter) ruled, by which clause and why. Append-only."""

    journal = True

    case = models.ForeignKey(Case, models.CASCADE, related_name="rulings", verbose_name=_("dispute"))
    track = models.CharField(_("for"), max_length=10, choices=Track, blank=True)
    by = _person(_("ruled by"), db_index=False)
    at = models.DateTimeField(_("ruled"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=CaseOutcome)
    rule = models.CharField(_("clause of the agreement"), max_length=30)
    why = models.TextField(_("why"), max_length=2000)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="case_ruling_says_why")]

    def __str__(self):
        return f"{self.track}: {self.outcome}"
