"""Views of a list that somebody named: filters, order and columns, for oneself or for the team."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class SavedViewQuerySet(models.QuerySet):
    """Views by whom they are for."""

    def visible_to(self, user) -> Self:
        """The own ones, and those that somebody shared with the user's team."""
        shared = Q(team=user.team_id) if user.team_id else Q(pk__in=[])
        return self.filter(Q(owner=user) | shared)


class SavedView(models.Model):
    """`query` is the address's query with filters and order; `columns` the names of those shown, in order.

    `is_default` opens the list with this view, for its owner.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.SlugField(_("list"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True, default="")
    columns = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, verbose_name=_("shared with the team")
    )
    is_default = models.BooleanField(_("opens first"), default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_named_once"),
            models.UniqueConstraint(
                fields=["owner", "page"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
        ]

    def __str__(self):
        return self.name
