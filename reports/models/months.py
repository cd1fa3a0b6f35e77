"""What was frozen when a month was closed, and what both heads say of it. All of it is only ever added to."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Track
from reports.models.base import Standing, Sum


class FrozenMonth(models.Model):
    """The figures of a month as they were told at its close, by the model of attribution in force.

    `figures`: {figure: exact number as text, null, or "not available"}; `pack`: what the joint pack prints beside them.
    """

    journal = True

    close = models.OneToOneField(
        "pipeline.MonthClose", models.CASCADE, primary_key=True, related_name="frozen"
    )
    model = models.CharField(_("model"), max_length=20)
    currency = models.CharField(_("report currency"), max_length=3)
    figures = models.JSONField(default=dict)
    pack = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("frozen month")
        verbose_name_plural = _("frozen months")

    def __str__(self):
        return str(self.close)


class Frozen(Standing):
    """Something that counts in a closed month. `own` is its own month: an earlier one where it came late.

    `owner` is whose it was then (0: nobody's), and `team` their team then (0: none), for the view of one person or team;
    somebody else's since is no restatement.

    `measure`: won, cancelled, lost, created (deals), credit (a deal's credit to a campaign under the month's model), planned,
    committed, paid (spend), leads, mqls, sqls, offered, answered, accepted (passes). `n` counts (credit: shares),
    negative where something that was frozen before is taken back.
    """

    close = models.ForeignKey("pipeline.MonthClose", models.CASCADE, related_name="+", db_index=False)
    measure = models.CharField(max_length=10)
    own = models.DateField()
    campaign = models.BigIntegerField()
    owner = models.BigIntegerField(default=0, db_default=0)
    team = models.BigIntegerField(default=0, db_default=0)
    n = models.DecimalField(max_digits=22, decimal_places=12)
    amount = Sum()
    margin = Sum()

    class Meta:
        abstract = True


class FrozenItem(Frozen):
    """One deal, spend or pass that counted; `item` is its id."""

    journal = True

    item = models.BigIntegerField()

    class Meta:
        verbose_name = _("frozen item")
        verbose_name_plural = _("frozen items")
        constraints = [
            models.UniqueConstraint(
                fields=["close", "measure", "item", "own", "channel", "segment", "region", "campaign"],
                name="frozen_item_once",
            )
        ]

    def __str__(self):
        return f"{self.close_id} {self.measure} {self.item}"


class FrozenCell(Frozen):
    """The frozen items of a month summed by channel, segment, region and campaign."""

    journal = True

    class Meta:
        verbose_name = _("frozen sum")
        verbose_name_plural = _("frozen sums")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "close",
                    "measure",
                    "own",
                    "channel",
                    "segment",
                    "region",
                    "campaign",
                    "owner",
                    "team",
                ],
                name="frozen_cell_once",
            )
        ]

    def __str__(self):
        return f"{self.close_id} {self.measure}"


class FrozenCampaign(models.Model):
    """Where a campaign stood when a month was closed: itself and all programmes above it, whose it was, their team (0: none).

    Official figures of a programme, a marketer or a team of marketing are read by it.
    """

    journal = True

    close = models.ForeignKey("pipeline.MonthClose", models.CASCADE, related_name="+", db_index=False)
    campaign = models.BigIntegerField()
    path = ArrayField(models.BigIntegerField())
    owner = models.BigIntegerField()
    team = models.BigIntegerField()

    class Meta:
        verbose_name = _("frozen campaign")
        verbose_name_plural = _("frozen campaigns")
        indexes = [GinIndex(fields=["path"], name="frozen_campaign_path")]
        constraints = [
            models.UniqueConstraint(fields=["close", "campaign"], name="frozen_campaign_once"),
            models.CheckConstraint(
                condition=models.Q(path__0=models.F("campaign")), name="frozen_campaign_begins_path"
            ),
        ]

    def __str__(self):
        return f"{self.close_id} {self.campaign}"


class FrozenRegion(models.Model):
    """Where a region stood when a month was closed: itself and all regions that it was part of.

    Official figures of a region are read by it.
    """

    journal = True

    close = models.ForeignKey("pipeline.MonthClose", models.CASCADE, related_name="+", db_index=False)
    region = models.BigIntegerField()
    path = ArrayField(models.BigIntegerField())

    class Meta:
        verbose_name = _("frozen region")
        verbose_name_plural = _("frozen regions")
        constraints = [
            models.UniqueConstraint(fields=["close", "region"], name="frozen_region_once"),
            models.CheckConstraint(
                condition=models.Q(path__0=models.F("region")), name="frozen_region_begins_path"
            ),
        ]

    def __str__(self):
        return f"{self.close_id} {self.region}"


class MonthComment(models.Model):
    """What the head of a track says of a month. The latest one counts, earlier ones are kept."""

    journal = True

    month = models.DateField(_("month"))
    track = models.CharField(_("track"), max_length=10, choices=Track)
    text = models.TextField(_("comment"), max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("comment on a month")
        verbose_name_plural = _("comments on months")
        ordering = ["id"]
        indexes = [models.Index(fields=["month", "track", "-id"], name="month_comment_latest")]
        constraints = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="month_comment_first_day"),
            models.CheckConstraint(condition=~models.Q(text=""), name="month_comment_says_something"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.track}"
