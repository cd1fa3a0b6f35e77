"""How a statement comes into force and goes: proposed by anybody, signed by both heads, retired by one of them."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Track
from accounts.people import signs_for
from engine.hints import hint
from pipeline.models import Statement, StatementKind, StatementSignature


class NotNow(Exception):
    """It cannot be done to this statement; the message says why."""


def propose(statement, *, by, replaces=None):
    """Save a new statement, which waits for both heads. `replaces`: the approved one whose place it takes when signed.

    Raises NotNow when that one is retired, or of another kind.
    """
    said = Statement.objects.filter(retired_at=None)
    if replaces is not None and not said.filter(pk=replaces.pk, kind=statement.kind).exists():
        raise NotNow(_("Another wording takes the place of a statement of the same kind that is still said."))
    if statement.pillar and not said.filter(pk=statement.pillar.pk, kind=StatementKind.PILLAR).exists():
        raise NotNow(_("A claim stands on a pillar that is still said."))
    statement.by, statement.replaces = by, replaces
    statement.save()
    return statement


def tracks_to_sign(user, statement):
    """The tracks for which this user may sign the statement now."""
    if statement.retired_at:
        return []
    signed = {one.track for one in statement.signatures.all()}
    return [track for track in signs_for(user) if track not in signed]


@transaction.atomic
def sign(statement, *, by, at):
    """Sign for every track that `by` may sign for. Returns whether both heads have signed with that.

    What it replaces is retired then. Raises NotNow for whoever has nothing to sign.
    """
    held = Statement.objects.select_for_update().get(pk=statement.pk)
    tracks = tracks_to_sign(by, held)
    if not tracks:
        raise NotNow(_("The heads of marketing and of sales sign, each once, and only what is not retired."))
    StatementSignature.objects.bulk_create(
        StatementSignature(statement=held, track=track, user=by, at=at) for track in tracks
    )
    whole = held.signatures.count() == len(Track)
    if whole and held.replaces_id:
        Statement.objects.filter(pk=held.replaces_id, retired_at=None).update(retired_at=at, retired_by=by)
    if whole:
        hint("leads.tasks.expire")  # which tells people of it
    return whole


def retire(statement, *, by, at):
    """It is said no more. Raises NotNow when it was retired already, or while a pillar carries claims."""
    if Statement.objects.filter(pillar=statement, retired_at=None).exists():
        raise NotNow(_("Claims stand on this pillar: retire them first."))
    if not Statement.objects.filter(pk=statement.pk, retired_at=None).update(retired_at=at, retired_by=by):
        raise NotNow(_("It is retired already."))
    hint("leads.tasks.expire")
