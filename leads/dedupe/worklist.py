"""The worklist of likely pairs: merged or dismissed, one or many."""

from leads import merging
from leads.models import Duplicate, MergeKind

VERBS = {MergeKind.CONTACT: merging.merge_contacts, MergeKind.COMPANY: merging.merge_companies}


def merge_pairs(duplicates, *, by, at):
    """Merge each pair into its older record. Returns ([merges], [why not])."""
    merged, refused = [], []
    for pair in duplicates:
        try:
            merged.append(VERBS[pair.kind](pair.low_id, pair.high_id, by=by, at=at, evidence=pair.evidence))
        except merging.MergeRefused as refusal:
            refused.append(str(refusal))
    return merged, refused


def dismiss(duplicates, *, by, at):
    """These are not the same: they stay off the list, and are never merged without asking. Returns how many."""
    ids = [pair.pk for pair in duplicates]
    return Duplicate.objects.to_look_at().filter(pk__in=ids).update(dismissed_by=by, dismissed_at=at)
