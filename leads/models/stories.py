"""Win stories: how a deal was won, told once by whoever won it, for the others (capability 101)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.models.counsel import person
from leads.visibility import StoryQuerySet


class UseOfStory(models.TextChoices):
    UNASKED = "unasked", _("the customer was not asked")
    NO = "no", _("the customer said no")
    NAMELESS = "nameless", _("the customer agrees, without the name")
    NAMED = "named", _("the customer agrees, with the name")


class WinStory(models.Model):
    """The story of one won deal: asked for once, then told or declined. `use` is what the customer lets marketing do with it."""

    deal = models.OneToOneField("pipeline.Deal", models.CASCADE, related_name="story", verbose_name=_("deal"))
    winner = person(_("who is asked"))
    asked_at = models.DateTimeField(_("asked"))
    declined_at = models.DateTimeField(_("declined"), null=True)
    told_at = models.DateTimeField(_("told"), null=True)
    targeted = models.CharField(_("how we got to them"), max_length=1000, blank=True, default="")
    decided = models.CharField(_("who decided"), max_length=1000, blank=True, default="")
    convinced = models.CharField(_("what convinced them"), max_length=1000, blank=True, default="")
    nearly_lost = models.CharField(_("what nearly lost it"), max_length=1000, blank=True, default="")
    lesson = models.CharField(_("what others can take from it"), max_length=1000, blank=True, default="")
    use = models.CharField(
        _("may marketing use it"), max_length=10, choices=UseOfStory, default=UseOfStory.UNASKED
    )
    use_note = models.CharField(_("who agreed, and when"), max_length=300, blank=True, default="")
    readers = models.ManyToManyField("accounts.User", related_name="+", verbose_name=_("who read it"))
    helped = models.ManyToManyField("accounts.User", related_name="+", verbose_name=_("whom it helped"))

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("win story")
        verbose_name_plural = _("win stories")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | (~Q(convinced="") & Q(declined_at__isnull=True)),
                name="story_is_told_or_declined",
            ),
            models.CheckConstraint(
                condition=~Q(use__in=("nameless", "named")) | ~Q(use_note=""),
                name="story_use_is_noted",
                violation_error_message=_("Note who of the customer agreed, and when."),
            ),
        ]
        indexes = [
            models.Index(fields=["winner"], condition=Q(told_at=None, declined_at=None), name="story_to_tell"),
            models.Index(fields=["-told_at"], condition=Q(told_at__isnull=False), name="story_told"),
        ]  # fmt: skip

    def __str__(self):
        return str(self.deal)

    @property
    def waits(self):
        """Asked for, and neither told nor declined."""
        return self.told_at is None and self.declined_at is None
