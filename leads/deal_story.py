"""What changed in a deal, in the reader's words: the journal keeps codes and keys."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from engine.lately import Lately
from leads.closing.cancelling import JOURNAL as CANCELS
from leads.timeline import translated
from pipeline.models import DealStage, Outcome
from ui import formats

MOST = 40
STAGES = Lately(lambda: list(DealStage.objects.all()))


@dataclass(frozen=True)
class Told:
    """One change; `before` is empty for what was set when the deal was opened. `of_day` is that of a cancellation."""

    label: str
    before: str
    after: str
    reason: str
    at: datetime
    actor: User | None
    of_day: date | None = None


def told(deal):
    """The latest changes of a deal, newest first; opening it is one entry."""
    changes = list(deal.changes.select_related("actor").order_by("-id")[:MOST])
    moved = [change for change in changes if change.field == "owner" and change.before]
    owners = {key for change in moved for key in (change.before, change.after) if key}
    names = {str(user.pk): user.full_name for user in User.objects.filter(pk__in=owners)} if owners else {}
    stages = {stage.code: str(stage) for stage in STAGES()}

    def words(field, value):
        if field == "owner":
            return names.get(value, value)
        if field == "stage":
            return stages.get(value, value)
        return WORDS.get(field, _plain)(value, deal)

    return [
        Told(_label(change), words(change.field, change.before), words(change.field, change.after),
             translated(change.reason), change.at, change.actor, change.of_day)
        for change in changes
        if change.before or change.field in ("stage", CANCELS)
    ]  # fmt: skip


def _label(change):
    if change.field == CANCELS:
        return _("Amount cancelled")
    return pgettext("of a deal", "Opened") if change.field == "stage" and not change.before else change.label


def _plain(value, deal):
    return value


def _money(value, deal):
    try:
        return formats.money(Decimal(value), deal.currency)
    except InvalidOperation:
        return value


def _day(value, deal):
    try:
        return formats.day(date.fromisoformat(value))
    except ValueError:
        return value


def _outcome(value, deal):
    return str(Outcome(value).label) if value in Outcome.values else value


WORDS = {"amount": _money, CANCELS: _money, "expected_close": _day, "outcome": _outcome}
