"""Books that changed hands: what of a rep's went to which colleagues, and whether it comes back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.visibility import BookMoveQuerySet


class BookMove(models.Model):
    """A rep's book that went to colleagues at one moment, for good or `until` a moment, when it comes back by itself.

    `given` is {user id: {"leads": [ids], "deals": …, "steps": …, "companies": …, "asleep": …}}: plain ids, because what was merged or
    erased since is not missed. `absence` keeps routing away meanwhile; `stopped` says that the rep took new leads before.
    """

    rep = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="book_moves", verbose_name=_("rep")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("at"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    given = models.JSONField(default=dict)
    absence = models.ForeignKey(
        "accounts.Absence", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    stopped = models.BooleanField(default=False)
    back_at = models.DateTimeField(_("came back"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = BookMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("book handed over")
        verbose_name_plural = _("books handed over")
        constraints = [
            models.UniqueConstraint(
                fields=["rep"],
                condition=Q(until__isnull=False, back_at__isnull=True),
                name="one_delegation_per_rep",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("at")), name="book_comes_back_later"
            ),
        ]
        indexes = [
            models.Index(
                fields=["until"],
                condition=Q(until__isnull=False, back_at__isnull=True),
                name="book_due_back",
            )
        ]

    def __str__(self):
        return f"{self.rep}: {self.at:%Y-%m-%d}"

    @classmethod
    def gone_home(cls, kind, pk, since):
        """Whose book came back since then that had been lent with this lead or deal in it; None where none did."""
        back = cls.objects.filter(until__isnull=False, back_at__gte=since).select_related("rep")
        lent = (move for move in back if any(pk in part.get(kind, ()) for part in move.given.values()))
        return next((move.rep for move in lent), None)

    @property
    def counts(self):
        """How many leads, deals, steps, companies and sleeping leads went, to everybody together."""
        return {
            kind: sum(len(part.get(kind, ())) for part in self.given.values())
            for kind in ("leads", "deals", "steps", "companies", "asleep")
        }
