"""The demo made or taken away in the background: asked for on a page, found by looking, told step by step."""

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from demo import making, removal
from demo.models import Demo, DemoWish
from demo.world import CODES
from engine.hints import hint
from ui.progress import Progress

SEED = 1
STAGES = {
    "waiting": _("Waiting for a worker …"),
    "telling": _("Inventing 18 months …"),
    "loading": _("Writing it down …"),
    "counting": _("Scoring leads and counting figures …"),
    "removing": _("Taking the demo away …"),
    "done": _("Done."),
}
# Seconds that each stage takes on a quiet machine, in their order; a slower one is told by the stages behind it.
MAKING = {"telling": 15, "loading": 12, "counting": 18}
REMOVING = {"removing": 13}
LOCK = "demo.wishes"


def ask(*, at, language="en", small=False, remove=False):
    """Ask for the demo, or for its removal. Returns False where the same is being done already."""
    if DemoWish.objects.filter(done_at=None).exists():
        return False
    DemoWish.objects.all().delete()
    DemoWish.objects.create(asked_at=at, language=language, small=small, remove=remove)
    hint("demo.tasks.fulfil")
    return True


def fulfil_due():
    """Do what was asked for. Returns how many wishes were fulfilled: one at most, there is only one demo."""
    wish = DemoWish.objects.filter(done_at=None).first()
    if wish is None:
        return 0
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return _fulfil(wish)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])


def progress(wish, at):
    """The Progress of a wish in percent; the time left is reckoned from what the stages before it took here."""
    usual = REMOVING if wish.remove else MAKING
    if wish.stage not in usual or not wish.stage_at:
        return Progress(0, 100)
    place = list(usual).index(wish.stage)
    behind, ahead = sum(list(usual.values())[:place]), sum(list(usual.values())[place + 1 :])
    spent, here = ((till - since).total_seconds() for till, since in ((wish.stage_at, wish.started_at), (at, wish.stage_at)))  # fmt: skip
    pace = max((spent + here) / (behind + usual[wish.stage]), spent / behind if behind else 1)
    left = max(usual[wish.stage] * pace - here, 0) + ahead * pace
    return Progress(round(100 * (spent + here) / (spent + here + left or 1)), 100, left)


def _fulfil(wish):
    at = timezone.now()
    if not DemoWish.objects.filter(pk=wish.pk, done_at=None).update(started_at=at):
        return 0
    error = ""
    try:
        if wish.remove:
            _say(wish, "removing")
            removal.remove()
        elif not Demo.objects.exists():
            with override(CODES[wish.language]):
                making.make(
                    language=wish.language,
                    seed=SEED,
                    at=at,
                    small=wish.small,
                    say=lambda stage: _say(wish, stage),
                )
    except making.NotHere as why_not:
        error = str(why_not)[:300]
    _say(wish, "done", done_at=timezone.now(), error=error)
    return 1


def _say(wish, stage, **more):
    DemoWish.objects.filter(pk=wish.pk).update(stage=stage, stage_at=timezone.now(), **more)
