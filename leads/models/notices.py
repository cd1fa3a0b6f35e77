"""Notices: what people are told, by which ways, and the robots that tell whole teams."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    OFFERED = "offered", _("A lead is offered to you")
    MOMENT = "moment", _("Somebody of yours did something that matters")
    WORD = "word", _("Your word on a campaign")
    COUNSEL = "counsel", _("Advice between marketing and sales on a lead or deal")
    HANDED = "handed", _("A colleague's book was handed to you")
    EXPIRING = "expiring", _("An offer of yours runs out soon")
    EXPIRED = "expired", _("An offer of your team ran out unanswered")
    STOOD_IN = "stood_in", _("A lead of an absent colleague's account went to another rep")
    DISPUTED = "disputed", _("Something is disputed")
    FADING = "fading", _("A lead is about to leave you")
    CALENDAR = "calendar", _("Next year's holidays are to be looked at")
    REVIEW = "review", _("A decision of yours is to be looked at again")
    STEP = "step", _("A step is planned for you")
    VOICE = "voice", _("What we say to customers has changed")


class Notice(models.Model):
    """Something that one person was told. It names nobody: `facts` are what its sentence needs (where, until, how many)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    subject = models.CharField(max_length=100)
    path = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["user", "kind", "subject"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_newest"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject}"


class NoticeChoice(models.Model):
    """By which ways a user is told of one kind besides the page. Without a row: by mail and by robot."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices")
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    mail = models.BooleanField(_("by mail"), default=True)
    robot = models.BooleanField(_("by the team's robot"), default=True)

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_choice_once")]

    def __str__(self):
        return f"{self.user_id} {self.kind}"


class Vendor(models.TextChoices):
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")
    TELEGRAM = "telegram", _("Telegram")


def every_kind():
    """All kinds of notices."""
    return list(NoticeKind.values)


class Robot(models.Model):
    """A chat robot that tells a team, or everybody, what waits. What it says names nobody."""

    name = models.CharField(_("name"), max_length=100)
    vendor = models.CharField(_("service"), max_length=10, choices=Vendor)
    address = models.URLField(_("address of the webhook"), max_length=500)
    secret = models.CharField(_("secret"), max_length=200, blank=True, default="")
    chat = models.CharField(_("chat id (Telegram)"), max_length=100, blank=True, default="")
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, verbose_name=_("only for the team")
    )
    kinds = models.JSONField(_("tells of"), default=every_kind)
    active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("robot")
        verbose_name_plural = _("robots")
        ordering = ["name", "id"]

    def __str__(self):
        return self.name
