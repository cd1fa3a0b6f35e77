"""Writing down from when what is so, ahead or late, and putting it in force when its time has come."""

from collections import defaultdict
from datetime import UTC, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.dated.facts import Many, One
from accounts.dated.registry import facts
from accounts.models import DatedFact
from engine.copying import take_lock

LOCK = "accounts.dated"
PERSON = "accounts.User"
DUE = "UPDATE accounts_datedfact SET pending = false WHERE pending AND since <= %s RETURNING what, subject"


class NotPlanned(Exception):
    """What has begun is history and stays, and what a reorganisation plans is changed with it; the message says which."""


@transaction.atomic
def note(what, subject, value, since, at, by=None, reorganisation=None):
    """From `since` on, which may lie behind or ahead, `value` is so of the subject (an id). Returns the DatedFact.

    Later facts that are known already stand. What has to be so by now is put in force at once. Raises NotPlanned where a
    reorganisation plans something else of the subject for that very moment.
    """
    _insist_free(what, subject, since, at, reorganisation)
    _what_was(what, subject, since)
    made, _new = DatedFact.objects.update_or_create(
        what=what, subject=subject, since=since,
        defaults={"value": value, "pending": True, "by": by, "reorganisation": reorganisation, "noted_at": timezone.now()},
    )  # fmt: skip
    if since <= at:
        put_in_force(at)
    return made


def forget(planned, at):
    """Take planned facts (a queryset) back. Raises NotPlanned where none of them is still ahead, or one is part of more."""
    whole = (
        planned.filter(since__gt=at, reorganisation__isnull=False).select_related("reorganisation").first()
    )
    if whole:
        raise NotPlanned(
            _("It is part of the reorganisation “%(name)s”, which is called off as a whole.")
            % {"name": whole.reorganisation}
        )
    gone, _kinds = planned.filter(since__gt=at).delete()
    if not gone:
        raise NotPlanned(
            _("This has begun already and stays as history. Record what is so from another day on instead.")
        )


def _insist_free(what, subject, since, at, reorganisation):
    planned = DatedFact.objects.of(what, subject).filter(since=since, reorganisation__isnull=False)
    taken = planned.exclude(reorganisation=reorganisation).select_related("reorganisation").first()
    if taken and since > at:
        raise NotPlanned(
            _("The reorganisation “%(name)s” plans this for that day: call it off, or choose another day.")
            % {"name": taken.reorganisation}
        )


def follow(what, gone, survivor, at):
    """Let what is planned of a record that is merged away be planned of the survivor, unless something else is for that moment.

    Returns the keys of the rows, for whoever undoes it.
    """
    taken = DatedFact.objects.of(what, survivor).values("since")
    ahead = DatedFact.objects.of(what, gone).filter(since__gt=at).exclude(since__in=taken)
    ids = list(ahead.values_list("pk", flat=True))
    DatedFact.objects.filter(pk__in=ids).update(subject=survivor)
    return ids


def leave_out(user_id, at):
    """Take back what is planned of or for somebody who leaves: nobody heads, owns or is asked for after they left.

    Returns how many plans were changed. A set that names others too keeps these.
    """
    ahead = DatedFact.objects.filter(since__gt=at)
    gone = ahead.filter(what__in=_told_of(PERSON), subject=user_id).delete()[0]
    gone += ahead.filter(what__in=_naming(One), value=user_id).delete()[0]
    for planned in ahead.filter(what__in=_naming(Many), value__contains=user_id):
        planned.value = [pk for pk in planned.value or () if pk != user_id]
        if planned.value:
            planned.save(update_fields=["value"])
        else:  # an empty set would stand for everybody
            planned.delete()
        gone += 1
    return gone


def _told_of(subject):
    return [fact.name for fact in facts().values() if fact.subject == subject]


def _naming(kind):
    return [fact.name for fact in facts().values() if isinstance(fact, kind) and fact.of == PERSON]


def put_in_force(at=None):
    """Let everything be as the dates say by `at`. Returns how many facts came to their day.

    However long nobody looked, the last one counts; twice does no harm.
    """
    at = at or timezone.now()
    if not DatedFact.objects.filter(pending=True, since__lte=at).exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        take_lock(cursor, LOCK)
        cursor.execute(DUE, [at])
        come = cursor.fetchall()
        subjects = defaultdict(set)
        for what, subject in come:
            subjects[what].add(subject)
        # What is dated already needs no row of its own.
        cursor.execute("SELECT set_config('tandem.dated', 'on', true)")
        for what in sorted(subjects.keys() & facts().keys()):
            facts()[what].put(cursor, sorted(subjects[what]), at)
        cursor.execute("SELECT set_config('tandem.dated', '', true)")
    return len(come)


def _what_was(what, subject, since):
    """Of whom nothing has a date yet, what is so today has been so since they came."""
    if DatedFact.objects.of(what, subject).exists():
        return
    fact = facts()[what]
    today = fact.now([subject])
    if subject in today:
        came = getattr(fact.subjects().filter(pk=subject).first(), "created_at", None)
        came = came or datetime(1970, 1, 1, tzinfo=UTC)
        if came < since:
            DatedFact.objects.create(what=what, subject=subject, value=today[subject], since=came)
