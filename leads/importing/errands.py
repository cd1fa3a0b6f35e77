"""Errands: what takes too long for a page, a look ahead or an undo, asked for as a row and done by the background.

Whoever claims one holds a lease and renews it with every word of progress: of a look through a connection of its own, past
the long transaction, of an undo between its transactions. One who has lost it to the next is not heard any more.
"""

from datetime import timedelta

from django.db import connections
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import organisation
from engine import roles
from engine.hints import hint
from leads.importing.dry import dry_run
from leads.importing.problems import FileRefused
from leads.importing.undoing import TooLate, may_undo, undo
from leads.models import ErrandKind, ImportErrand

LEASE = timedelta(minutes=5)
ATTEMPTS = 3
HINT = "leads.tasks.look_ahead"


# -- asking --------------------------------------------------------------------------------------------------
def ask_look(run):
    """Have it looked what the draft would do; what was found before is forgotten."""
    _ask(run, ErrandKind.LOOK)
    hint(HINT)


def ask_undo(run, at, by=None):
    """Have the run taken back, as `by` asks, by the process that has the owner's rights. Raises TooLate."""
    if not may_undo(run, at):
        raise TooLate(_("An import can be taken back for seven days, once."))
    if not run.errands.filter(kind=ErrandKind.UNDO, finished_at=None).exists():
        _ask(run, ErrandKind.UNDO, by)


def _ask(run, kind, by=None):
    anew = {
        "by": by,
        "lease_until": None,
        "started_at": None,
        "attempts": 0,
        "done": 0,
        "rows": run.rows,
        "result": {},
        "error": "",
        "finished_at": None,
    }
    ImportErrand.objects.update_or_create(run=run, kind=kind, defaults={"asked_at": Now(), **anew})  # fmt: skip


def errand_of(run, kind):
    """The errand of that kind, or None."""
    return run.errands.filter(kind=kind).first()


# -- doing ---------------------------------------------------------------------------------------------------
def look_due():
    """Look ahead for the draft that waits longest; returns how many were looked at."""
    return _do_due(ErrandKind.LOOK, _look, aside="aside")


def undo_due():
    """Take back the run that waits longest, where this process has the owner's rights; returns how many."""
    if not _free(ErrandKind.UNDO, timezone.now()).exists() or not roles.is_owner():
        return 0
    return _do_due(ErrandKind.UNDO, _undo, aside="default")


def _look(errand, tell):
    return dry_run(errand.run, timezone.now(), tell).figures


def _undo(errand, tell):
    return {"kept": len(undo(errand.run, errand.asked_at, tell, errand.by_id))}


def _do_due(kind, work, aside):
    errand = claim(kind, timezone.now())
    if errand is None:
        return 0
    result, error = {}, ""
    with override(organisation.language_of(errand.run.by)):
        try:
            if errand.attempts > ATTEMPTS:
                raise FileRefused(_("This failed several times. Try again later, or ask an admin."))
            result = work(errand, lambda done, rows: tell(errand, done, rows, using=aside))
        except (FileRefused, TooLate) as refused:
            error = str(refused)
    _mine(errand).update(result=result, error=error, finished_at=timezone.now(), lease_until=None)
    return 1


def claim(kind, at):
    """The errand to do, with a lease on it, or None."""
    free = _free(kind, at)
    for pk in free.order_by("pk").values_list("pk", flat=True):
        if free.filter(pk=pk).update(
            lease_until=at + LEASE, attempts=F("attempts") + 1, started_at=Coalesce("started_at", Value(at))
        ):
            return ImportErrand.objects.select_related("run__by").get(pk=pk)
    return None


def tell(errand, done, rows, using):
    """Let pages see how far it is, and keep the lease."""
    try:
        _mine(errand).using(using).update(done=done, rows=rows, lease_until=timezone.now() + LEASE)
    finally:
        if using != "default":
            connections[using].close()


def _free(kind, at):
    waiting = ImportErrand.objects.filter(kind=kind, finished_at__isnull=True)
    return waiting.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))


def _mine(errand):
    """The errand, unless it was asked for anew or claimed by another meanwhile."""
    mine = ImportErrand.objects.filter(pk=errand.pk, asked_at=errand.asked_at, attempts=errand.attempts)
    return mine.filter(finished_at__isnull=True)
