"""Undo a merge: what moved goes back, and what came since by an address that goes back; the rest stays with the survivor."""

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import DatedFact
from engine.copying import unhurried
from leads.merging import meanwhile, passes, rows, values
from leads.merging.merge import MergeRefused, announce
from leads.models import Duplicate, Merge, MergeKind, Note


def undo(merge_id, *, by, at):
    """Take a merge apart again. Returns the undoing Merge. Raises MergeRefused where it is undone or a later one stands on it."""
    with unhurried() as cursor:
        merge = Merge.objects.get(pk=merge_id)
        model = values.MODELS[merge.kind]
        ids = (merge.survivor_id, merge.gone_id)
        list(model.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        _check(merge)
        if merge.kind == MergeKind.CONTACT:
            passes.lock(cursor, ids)
        model.objects.filter(pk=merge.gone_id).update(merged_into=None, updated_at=at)
        model.objects.filter(pk__in=merge.moved["records"]).update(merged_into=merge.gone_id, updated_at=at)
        rows.move_back(cursor, merge.moved["rows"], merge.survivor_id, merge.gone_id)
        _restore(merge)
        planned = DatedFact.objects.filter(pk__in=merge.moved.get("planned", ()), since__gt=at)
        planned.update(subject=merge.gone_id)
        Note.objects.filter(pk=merge.moved.get("note")).delete()
        came: dict[str, list[int]] = {}
        if merge.kind == MergeKind.CONTACT:
            _part(cursor, merge, at)
            came = meanwhile.sort_out(cursor, merge)
        told = {"by": by, "at": at, "undoes": merge, "moved": came}
        undone = Merge.objects.create(
            kind=merge.kind, survivor_id=merge.survivor_id, gone_id=merge.gone_id, **told
        )
        _keep_apart(merge, by, at)
        announce(merge.kind, ids)
    return undone


def _part(cursor, merge, at):
    """Take the passes apart. Raises MergeRefused where somebody has come again since, so that one would be open twice."""
    try:
        with transaction.atomic():
            passes.part(cursor, merge, at)
    except IntegrityError as error:
        if "one_open_pass_per_contact" not in str(error):
            raise
        raise MergeRefused(
            _("They have come again since: close the newer pass first, then undo the merge.")
        ) from None


def _check(merge):
    """Merges come off in the reverse of their order, as far as they have to do with one another."""
    if merge.undoes_id or Merge.objects.filter(undoes=merge).exists():
        raise MergeRefused(_("This merge has been undone before."))
    later = Merge.objects.in_force().filter(kind=merge.kind, pk__gt=merge.pk)
    if later.filter(Q(survivor_id=merge.survivor_id) | Q(gone_id=merge.survivor_id)).exists():
        raise MergeRefused(_("A later merge stands on this one: undo that one first."))


def _restore(merge):
    """Give back the values that the merge set and nobody has changed since."""
    for label, pk, name, before, after in merge.moved["values"]:
        record = apps.get_model(label).objects.filter(pk=pk).first()
        if record is not None and values.plain(getattr(record, name)) == after:
            apps.get_model(label).objects.filter(pk=pk).update(**{name: before})


def _keep_apart(merge, by, at):
    """Whoever undoes a merge says that these are two: they are not proposed again."""
    low, high = sorted((merge.survivor_id, merge.gone_id))
    Duplicate.objects.update_or_create(
        kind=merge.kind,
        low_id=low,
        high_id=high,
        defaults={"dismissed_by": by, "dismissed_at": at},
        create_defaults={"probability": 0, "found_at": at, "dismissed_by": by, "dismissed_at": at},
    )
