"""What routing knows of a rep: kind, weight, capacity, territory and absences."""

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class RepKind(models.TextChoices):
    HUNTER = "hunter", _("Hunter")
    FARMER = "farmer", _("Farmer")
    KEY = "key", _("Key-account seller")


class RepProfile(models.Model):
    """A rep as the router sees one.

    `open_n` counts open handoffs; `cap_ceiling` is greatest(capacity, open_n), so that a capacity may be lowered
    below what is in hand. Where the rep stands in the turns of each rule is `leads.RuleTurn`.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="rep", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=RepKind, default=RepKind.HUNTER)
    weight = models.DecimalField(
        _("weight"), max_digits=6, decimal_places=2, default=1, validators=[MinValueValidator(0.01)]
    )
    capacity = models.PositiveIntegerField(_("open leads at most"), default=60)
    cap_ceiling = models.PositiveIntegerField(default=60, editable=False)
    open_n = models.PositiveIntegerField(default=0, editable=False)
    accepting = models.BooleanField(_("takes new leads"), default=True)
    regions = models.ManyToManyField("accounts.Region", blank=True, verbose_name=_("regions"))
    segments = models.ManyToManyField("accounts.Segment", blank=True, verbose_name=_("segments"))

    class Meta:
        verbose_name = _("rep profile")
        verbose_name_plural = _("rep profiles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(open_n__lte=models.F("cap_ceiling")), name="rep_within_capacity"
            ),
            # NaN is greater than every number, infinity included: an upper bound keeps it out.
            models.CheckConstraint(
                condition=models.Q(weight__gt=0, weight__lt=10_000), name="rep_weight_positive"
            ),
        ]

    def __str__(self):
        return str(self.user)


class Absence(models.Model):
    """A time during which a rep is offered nothing new. `noted_at`: since when anybody could know; empty: since it began."""

    rep = models.ForeignKey(RepProfile, models.CASCADE, related_name="absences", verbose_name=_("rep"))
    during = DateTimeRangeField(_("during"))
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    noted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")

    def __str__(self):
        return f"{self.rep}: {self.during}"
