"""Who belonged to which team when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Team


class Membership(models.Model):
    """From `since` until the person's next row, they belong to `team` (to none where it is empty).

    `since` may lie ahead: a planned change. Whatever changes User.team adds a row (a trigger); `accounts.memberships`
    carries out what was planned.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
        db_index=False,
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="memberships", verbose_name=_("team")
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["user", "-since"]
        constraints = [models.UniqueConstraint(fields=["user", "since"], name="membership_one_at_a_time")]

    def __str__(self):
        return f"{self.user}: {self.team or '–'}, {self.since}"
