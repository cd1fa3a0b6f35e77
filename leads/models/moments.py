"""Moments: somebody of ours did something that matters, and who looks after them should know now."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leads.models.touches import TouchKind


class Whom(models.TextChoices):
    HELD = "held", _("Everybody whom somebody looks after")
    HOT = "hot", _("Customers, and leads of grade A or B")
    CUSTOMER = "customer", _("Customers")


class MomentRule(models.Model):
    """What matters: `times` touches of a kind within `days`, by whom, and which words stand in their notes.

    `words` are parted by commas, and one of them is enough; none means any. The first rule that fits decides.
    """

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind of touch"), max_length=15, choices=TouchKind)
    whom = models.CharField(_("by whom"), max_length=10, choices=Whom, default=Whom.HOT)
    times = models.PositiveSmallIntegerField(_("times"), default=1)
    days = models.PositiveSmallIntegerField(_("within days"), default=7)
    words = models.CharField(_("words in the note"), max_length=200, blank=True, default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rule of moments")
        verbose_name_plural = _("rules of moments")
        ordering = ["position", "id"]

    def __str__(self):
        return gettext(self.name)


class Outcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    AGAIN = "again", _("No answer, again later")
    NOTHING = "nothing", _("Nothing to do")


class Moment(models.Model):
    """A touch that a rule named, for whoever looks after the contact. At most one open of a rule for a contact."""

    rule = models.ForeignKey(MomentRule, models.CASCADE, related_name="+", db_index=False)
    touch = models.ForeignKey("leads.Touch", models.CASCADE, related_name="+")
    contact = models.ForeignKey("pipeline.Contact", models.CASCADE, related_name="moments")
    lead = models.ForeignKey("leads.Lead", models.SET_NULL, null=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="moments", db_index=False
    )
    at = models.DateTimeField(_("at"))
    times = models.PositiveSmallIntegerField(default=1)
    closed_at = models.DateTimeField(_("closed"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("moment")
        verbose_name_plural = _("moments")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "rule", "owner"],
                condition=Q(closed_at__isnull=True),
                name="one_open_moment",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-at"], condition=Q(closed_at__isnull=True), name="moment_open"),
        ]

    def __str__(self):
        return f"{self.rule} {self.contact_id}"


class News(models.Model):
    """A touch that no rule has looked at yet; filled by a trigger, emptied by `leads.moments`."""

    touch_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = _("touch to look at")
        verbose_name_plural = _("touches to look at")

    def __str__(self):
        return str(self.touch_id)
