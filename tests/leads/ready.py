"""Short ways to a ready lead and to a handoff, for the tests of what comes after."""

from accounts.models import RepKind, RepProfile, Role
from leads import assignment, funnel, handoffs
from leads.models import Handoff, Lead, StageChange
from pipeline.models import Contact
from pipeline.stages import Stage
from tests.cast import NOON, lead, person

ANSWERS = {"need": "a press", "when": "in spring"}


def rep(name, *, kind=RepKind.HUNTER, team=None, **profile):
    """A user who sells, with a rep profile."""
    user = person(name, Role.SALES, team=team)
    profile.setdefault("cap_ceiling", profile.get("capacity", 60))
    RepProfile.objects.create(user=user, kind=kind, **profile)
    return user


def ready(count=1, *, by, at=NOON, grade="B", **fields):
    """Ready leads, due for routing at `at`; one lead, or a list when `count` is given."""
    made = [lead(at=at, grade=grade, answers=ANSWERS, **fields) for _ in range(count)]
    make_ready([one.pk for one in made], by=by, at=at)
    for one in made:
        one.refresh_from_db()
    return made if count > 1 else made[0]


def crowd(count, *, by, at=NOON, grades="B"):
    """Many ready leads, made in bulk; their ids."""
    people = Contact.objects.bulk_create(Contact(full_name=f"Person {n}") for n in range(count))
    made = Lead.objects.bulk_create(
        Lead(contact=one, captured_at=at, seq=1, grade=grades[n % len(grades)], answers=ANSWERS)
        for n, one in enumerate(people)
    )
    StageChange.objects.bulk_create(
        StageChange(lead=one, seq=1, from_stage="-", to_stage="new", at=at) for one in made
    )
    ids = [one.pk for one in made]
    make_ready(ids, by=by, at=at)
    return ids


def make_ready(ids, *, by, at=NOON):
    """Take new leads by the desk's hand to ready."""
    for stage, marks in ((Stage.MQL, {}), (Stage.READY, {"route_at": at})):
        assert not funnel.advance(ids, stage, actor=by, reason="looks good", at=at, **marks).refused


def offered(one, at=NOON):
    """Route what is due; the lead's open handoff."""
    assignment.assign_due(at=at)
    return Handoff.objects.open().get(lead=one)


def accepted(one, at=NOON):
    """Route and accept."""
    handoff = offered(one, at)
    return handoffs.accept(handoff.pk, by=handoff.rep, at=at)


def fresh(one):
    """The lead as the database has it."""
    return Lead.objects.get(pk=one.pk)
