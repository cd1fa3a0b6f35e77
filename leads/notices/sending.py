"""From news to notices: one row in the page each, one mail a person, one message a robot."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts import organisation
from accounts.models import User
from engine import outbox
from leads.models.notices import Notice, NoticeChoice, Robot
from leads.notices import texts


@dataclass(frozen=True)
class News:
    """What one user is to be told: `subject` names the cause, so that nobody is told of it twice."""

    user_id: int
    subject: str
    path: str
    facts: dict
    at: datetime


def announce(kind, news):
    """Tell people, each by the ways they have chosen. Commits with the caller's transaction, sends after it.

    Seven statements however much there is.
    """
    if not news:
        return
    ids = {one.user_id for one in news}
    people = User.objects.filter(pk__in=ids, is_active=True).in_bulk()
    news = sorted((one for one in news if one.user_id in people), key=lambda one: one.user_id)
    Notice.objects.bulk_create(
        (Notice(kind=kind, **vars(one)) for one in news), ignore_conflicts=True, batch_size=1_000
    )
    choices = {choice.user_id: choice for choice in NoticeChoice.objects.filter(kind=kind, user__in=ids)}
    by_mail = [one for one in news if one.user_id not in choices or choices[one.user_id].mail]
    by_robot = [one for one in news if one.user_id not in choices or choices[one.user_id].robot]
    _mail(kind, by_mail, people)
    _tell_robots(kind, by_robot, people)


def _mail(kind, news, people):
    rows = []
    for user_id, group in groupby(news, lambda one: one.user_id):
        person, theirs = people[user_id], list(group)
        with reading_as(person):
            subject = texts.together(kind, [one.facts for one in theirs])
        rows.append(
            (
                f"{kind}:{theirs[0].subject}:{theirs[-1].subject}:{user_id}",
                {"to": person.email, "subject": subject, "body": f"{subject}\n\n{_link(theirs)}\n"},
                0,
            )
        )
    if rows:
        outbox.put_many("mail", rows)


def _tell_robots(kind, news, people):
    rows = []
    for robot in Robot.objects.filter(active=True, kinds__contains=[kind]) if news else ():
        theirs = [one for one in news if robot.team_id in (None, people[one.user_id].team_id)]
        if theirs:
            with reading_as(None):
                said = texts.together(kind, [one.facts for one in theirs])
            payload = {"robot": robot.pk, "body": f"{said}\n{_link(theirs)}"}
            rows.append((f"{kind}:{theirs[0].subject}:{theirs[-1].subject}:robot:{robot.pk}", payload, 0))
    if rows:
        outbox.put_many("robot", rows)


class reading_as:
    """The language and zone of a person, or of the house for None: `with reading_as(user):`."""

    def __init__(self, person):
        house = organisation.current()
        self.language = translation.override((person and person.language) or house.language)
        self.zone = timezone.override(ZoneInfo((person and person.zone) or house.zone))

    def __enter__(self):
        self.language.__enter__()
        self.zone.__enter__()

    def __exit__(self, *raised):
        self.zone.__exit__(*raised)
        self.language.__exit__(*raised)


def _link(news):
    path = news[0].path if len(news) == 1 else reverse("leads:my-day")
    return link(path)


def link(path):
    """The full address of a page."""
    return (organisation.current().site_url or settings.SITE_URL).rstrip("/") + path
