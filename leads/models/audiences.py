"""The audience of a campaign: whom it is meant for, and who is held out of it by lot, so that its effect can be told."""

from datetime import timedelta
from secrets import token_hex

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

MOST_HELD = 50  # percent


class Baseline(models.TextChoices):
    """What a campaign without a held-out share is compared with: weaker evidence."""

    NONE = "", _("Nothing")
    SEASON = "season", _("The same months of last year")
    REGIONS = "regions", _("Other regions, before and after")


def new_seed():
    """A seed for the lot, kept so that it can be drawn again."""
    return token_hex(8)


class Audience(models.Model):
    """How the effect of one campaign is measured. The lot of a contact follows from `seed` and their id alone.

    `held_percent` of the audience get nothing of the campaign. Who was drawn counts as reached, or held out, from
    `drawn_at`, or from the first day of the campaign where that is later, and what they do in the `days` from then on is the effect.
    After the first draw share and seed stay, and once they are over the days: `kept_first` is then the first of them, should the
    campaign get another first day. Lots of long ago know only the day, `drawn_on`.
    """

    campaign = models.OneToOneField(
        "pipeline.Campaign", models.CASCADE, related_name="audience", verbose_name=_("campaign")
    )
    held_percent = models.PositiveSmallIntegerField(
        _("held out, in %"),
        default=10,
        validators=[MaxValueValidator(MOST_HELD)],
        help_text=_("Their share is drawn by lot and gets nothing of this campaign; 10 to 15 is usual."),
    )
    days = models.PositiveSmallIntegerField(
        _("days in which an effect counts"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )
    baseline = models.CharField(
        _("without a held-out share, compare with"), max_length=10, choices=Baseline, blank=True, default=""
    )
    seed = models.CharField(max_length=32, default=new_seed, editable=False)
    drawn_on = models.DateField(_("drawn"), null=True, editable=False)
    drawn_at = models.DateTimeField(null=True, editable=False)
    kept_first = models.DateField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        constraints = [
            models.CheckConstraint(
                condition=Q(held_percent__lte=MOST_HELD), name="audience_held_at_most_half"
            ),
            models.CheckConstraint(condition=Q(days__range=(1, 730)), name="audience_days"),
        ]

    def __str__(self):
        return str(self.campaign_id)

    def is_over(self, today):
        """Whether the days of the lot have passed."""
        return self.drawn_on is not None and self.last_day < today

    @property
    def starts_on(self):
        """The first day of the campaign, as the lot knows it; None where it has none."""
        return self.kept_first or self.campaign.starts_on

    @property
    def first_day(self):
        """The day from which an effect of the lot counts: that of the draw, or the campaign's first where that is later."""
        return max(filter(None, (self.drawn_on, self.starts_on)))

    @property
    def last_day(self):
        """The last day on which it counts."""
        return self.first_day + timedelta(days=self.days - 1)


class AudienceMember(models.Model):
    """A contact in the audience of a campaign, and whether the lot held them out."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="members", db_index=False)
    contact = models.ForeignKey("pipeline.Contact", models.CASCADE, related_name="audiences")
    held = models.BooleanField(_("held out"))
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("member of an audience")
        verbose_name_plural = _("members of audiences")
        constraints = [models.UniqueConstraint(fields=["audience", "contact"], name="audience_member_once")]

    def __str__(self):
        return f"{self.audience_id} {self.contact_id}"


class Inclusion(models.Model):
    """That a campaign's mailings include people with whom sales is talking, and why; without a reason no longer. The newest
    word of a campaign counts. Append-only.
    """

    journal = True

    campaign = models.ForeignKey("pipeline.Campaign", models.PROTECT, related_name="inclusions")
    reason = models.CharField(_("why they are included"), max_length=300, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("inclusion")
        verbose_name_plural = _("inclusions")
        indexes = [models.Index(fields=["campaign", "-at"], name="inclusion_newest")]

    def __str__(self):
        return f"{self.campaign_id} {self.reason}"
