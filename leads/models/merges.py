"""Merges: two records of one person or company that became one, and what moved, so that it can be undone."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.visibility import MergeQuerySet


class MergeKind(models.TextChoices):
    CONTACT = "contact", _("Contacts")
    COMPANY = "company", _("Companies")


class Merge(models.Model):
    """`gone` was merged into `survivor`. Append-only: an undo is a row of its own that names the merge it `undoes`.

    `moved` keeps what the merge changed: {"rows": {"app.Model.field": [ids]}, "cycles": {lead: pass}, "joined":
    [[lead that went, lead that stayed]], "handoffs": [ended ids], "followers": [ids merged into `gone` before],
    "values": [[model, id, field, before, after]], "evidence": [what both had in common, in English], "last_touch": id of
    the newest touch then}. An undo keeps the ids of touches since: {"back": of those that went back, "unclear": that stay
    with the survivor though nothing tells whose they are}.
    """

    journal = True

    kind = models.CharField(_("what"), max_length=10, choices=MergeKind)
    survivor_id = models.BigIntegerField(_("survivor"))
    gone_id = models.BigIntegerField(_("merged away"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    moved = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        indexes = [
            models.Index(fields=["kind", "survivor_id", "-id"], name="merge_survivor"),
            models.Index(fields=["-at", "-id"], name="merge_newest"),
        ]

    def __str__(self):
        return f"{self.kind} {self.gone_id} → {self.survivor_id}"


class CameBy(models.Model):
    """By which addresses a touch came to somebody who has been merged, so that an undo can tell whose it was.

    Plain numbers, which may outlive what they name: identities that were `known`, those that came `fresh` with it, and
    the pass that it began, if any.
    """

    touch_id = models.BigIntegerField(primary_key=True)
    known = ArrayField(models.BigIntegerField())
    fresh = ArrayField(models.BigIntegerField())
    lead_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("addresses of a touch")
        verbose_name_plural = _("addresses of touches")

    def __str__(self):
        return f"{self.touch_id}"
