"""What was done by day: as a naive reader counts it, whatever is written, changed and taken away, wherever the house stands."""

from collections import Counter
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts import organisation
from accounts.models import Organisation
from leads.models import Note, Touch
from pipeline.models import Step
from reports.models import DeedDay, DirtyKey
from reports.rollups import rebuild, roll_all
from reports.verify import differences
from tests import cast as make
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def kept():
    """What is kept, as a Counter by (day, deed, track, person)."""
    return Counter(
        {
            (day, deed, track, person): n
            for day, deed, track, person, n in DeedDay.objects.values_list(
                "day", "deed", "track", "person", "n"
            )
        }
    )


def naive():
    """The same, counted one by one."""
    zone = ZoneInfo(Organisation.objects.get().zone)
    found = Counter()
    for touch in Touch.objects.filter(automatic=False):
        found[touch.at.astimezone(zone).date(), touch.kind, touch.track, touch.actor_id or 0] += 1
    for note in Note.objects.all():
        found[note.at.astimezone(zone).date(), "note", "", note.by_id or 0] += 1
    for step in Step.objects.exclude(done_at=None):
        found[step.done_at.astimezone(zone).date(), "step", "", step.owner_id or 0] += 1
    return found


def clean():
    """Does the check find no difference in what is kept?"""
    with connection.cursor() as cursor:
        return not any("DeedDay" in one.what for one in differences(cursor).found["rollups"])


def work(cast, chance, contact):
    """Something that somebody does at some time of five weeks, or that comes by itself."""
    who = chance.choice([None, cast.rep, cast.teammate, cast.marketer])
    at = NOON - timedelta(hours=chance.randrange(800))
    what = chance.randrange(4)
    if what == 0:
        Note.objects.create(contact=contact, text="so", by=who, at=at)
    elif what == 1:
        done = at if chance.random() < 0.7 else None
        Step.objects.create(contact=contact, owner=who or cast.rep, what="it", due_at=at, done_at=done)
    else:
        kind, track = chance.choice(["call", "mail", "form"]), chance.choice(["sales", "marketing"])
        automatic = chance.random() < 0.2
        Touch.objects.create(contact=contact, kind=kind, at=at, track=track, actor=who, automatic=automatic)


def change(chance):
    """Something of it is told otherwise, or taken away."""
    touch, note, step = (model.objects.order_by("?").first() for model in (Touch, Note, Step))
    later = NOON - timedelta(hours=chance.randrange(800))
    what = chance.randrange(6)
    if what == 0 and touch:
        Touch.objects.filter(pk=touch.pk).update(at=later, kind="meeting")
    elif what == 1 and touch:
        Touch.objects.filter(pk=touch.pk).update(automatic=not touch.automatic, actor=None)
    elif what == 2 and note:
        Note.objects.filter(pk=note.pk).update(at=later)
    elif what == 3 and step:
        Step.objects.filter(pk=step.pk).update(done_at=None if step.done_at else later)
    elif what == 4 and touch:
        Touch.objects.filter(pk=touch.pk).delete()
    elif note:
        Note.objects.filter(pk=note.pk).delete()


@pytest.mark.parametrize("seed", range(4))
def test_days_hold_what_a_naive_reader_counts(cast, seed):
    chance, contact = Random(seed), make.contact()
    for _round in range(4):
        for _number in range(8):
            work(cast, chance, contact)
        for _number in range(4):
            change(chance)
        roll_all()
        assert kept() == naive()
    assert clean()
    Organisation.objects.update(zone="Pacific/Auckland")
    organisation.forget()
    roll_all()
    assert kept() == naive()
    assert clean()
    DeedDay.objects.filter(deed="note").delete()
    assert clean() == (not Note.objects.exists())
    rebuild()
    assert kept() == naive()


def test_only_the_days_of_what_changed_are_marked(cast):
    contact = make.contact()
    touch = Touch.objects.create(contact=contact, kind="call", at=NOON, track="sales", actor=cast.rep)
    day = (NOON.date() - NOON.date().replace(year=1, month=1, day=1)).days
    assert [(one.low, one.high) for one in DirtyKey.objects.filter(kind="day")] == [(day, day)]
    DirtyKey.objects.all().delete()
    Touch.objects.filter(pk=touch.pk).update(note="He was in", reached=True)
    assert not DirtyKey.objects.filter(kind="day").exists()
    Touch.objects.filter(pk=touch.pk).update(at=NOON + timedelta(days=1))
    assert [(one.low, one.high) for one in DirtyKey.objects.filter(kind="day")] == [(day, day + 1)]
