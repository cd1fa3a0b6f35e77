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
from leads.models.notices import Notice, NoticeChoice, NoticeKind, Robot
from leads.notices import texts

# The page of each kind where all that was told at once can be seen.
PAGES = {
    NoticeKind.WORD: "pipeline:campaign-list",
    NoticeKind.COUNSEL: "leads:counsel-list",
    NoticeKind.OFFERED: "leads:my-day",
    NoticeKind.MOMENT: "leads:my-day",
    NoticeKind.HANDED: "leads:my-day",
    NoticeKind.EXPIRING: "leads:my-day",
    NoticeKind.EXPIRED: "reports:exceptions",
    NoticeKind.STOOD_IN: "leads:lead-list",
    NoticeKind.DISPUTED: "leads:disputes",
    NoticeKind.FADING: "leads:my-day",
    NoticeKind.CALENDAR: "accounts:team-list",
    NoticeKind.REVIEW: "reports:shifts",
    NoticeKind.STEP: "leads:notice-list",
    NoticeKind.VOICE: "pipeline:voice",
}
# What belongs to running the house: told in the shadow week as well.
HOUSE = (NoticeKind.CALENDAR, NoticeKind.REVIEW, NoticeKind.VOICE)


@dataclass(frozen=True)
class News:
    """What one user is to be told: `subject` names the cause, so that nobody is told of it twice."""

    user_id: int
    subject: str
    path: str
    facts: dict
    at: datetime


@dataclass(frozen=True)
class Told:
    """What one user is told at once: how many notices, the subjects of the first and the last, the first's page and facts."""

    user_id: int
    count: int
    first: str
    last: str
    path: str
    facts: dict


def announce(kind, news):
    """Tell people, each by the ways they have chosen. Commits with the caller's transaction, sends after it.

    Seven statements however much there is. The shadow week is quiet: nobody is told of leads and deals.
    """
    if kind not in HOUSE:
        news = [one for one in news if not organisation.in_shadow(one.at)]
    if not news:
        return
    people = _people({one.user_id for one in news})
    news = sorted(
        (one for one in news if one.user_id in people),
        key=lambda one: (one.user_id, one.facts.get("until") or "~"),
    )
    Notice.objects.bulk_create(
        (Notice(kind=kind, **vars(one)) for one in news), ignore_conflicts=True, batch_size=1_000
    )
    spread(kind, [_together(list(group)) for _user, group in groupby(news, lambda one: one.user_id)], people)


def spread(kind, told, people=None):
    """Send by mail and robot what stands in the page already: `told` has one Told for each user."""
    if not told:
        return
    people = people or _people({one.user_id for one in told})
    choices = {choice.user_id: choice for choice in NoticeChoice.objects.filter(kind=kind, user__in=people)}
    by_mail = [one for one in told if one.user_id not in choices or choices[one.user_id].mail]
    by_robot = [one for one in told if one.user_id not in choices or choices[one.user_id].robot]
    _mail(kind, by_mail, people)
    _tell_robots(kind, by_robot, people)


def _people(ids):
    return User.objects.filter(pk__in=ids, is_active=True).in_bulk()


def _together(news):
    first, last = news[0], news[-1]
    return Told(first.user_id, len(news), first.subject, last.subject, first.path, first.facts)


def _mail(kind, told, people):
    rows = []
    for one in told:
        person = people[one.user_id]
        with reading_as(person):
            subject = texts.together(kind, [one])
        rows.append(
            (
                f"{kind}:{one.first}:{one.last}:{one.user_id}",
                {"to": person.email, "subject": subject, "body": f"{subject}\n\n{_links(kind, one)}\n"},
                0,
            )
        )
    if rows:
        outbox.put_many("mail", rows)


def _tell_robots(kind, told, people):
    rows = []
    for robot in Robot.objects.filter(active=True, kinds__contains=[kind]) if told else ():
        theirs = [one for one in told if robot.team_id in (None, people[one.user_id].team_id)]
        if theirs:
            with reading_as(None):
                said = texts.together(kind, theirs)
            payload = {"robot": robot.pk, "body": f"{said}\n{_link(kind, theirs)}"}
            rows.append((f"{kind}:{theirs[0].first}:{theirs[-1].last}:robot:{robot.pk}", payload, 0))
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


def _link(kind, told):
    single = sum(one.count for one in told) == 1
    return link(told[0].path if single else reverse(PAGES[kind]))


def _links(kind, told):
    """The page of what one person is told, and the second one where a single notice has two."""
    also = told.facts.get("also") if told.count == 1 else None
    return f"{_link(kind, [told])}\n{link(also)}" if also else _link(kind, [told])


def link(path):
    """The full address of a page."""
    return (organisation.current().site_url or settings.SITE_URL).rstrip("/") + path
