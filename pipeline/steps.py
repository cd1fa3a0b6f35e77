"""Planning steps, for oneself or for somebody else, who is told."""

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string


def plan(step, owner, *, by, at):
    """Keep a step, new or changed, for whom it is (a key); somebody else than `by` is told where it was not theirs already."""
    anew = step.pk is None or step.owner_id != owner
    step.owner_id = owner
    if anew and owner != by.pk:
        step.planned_by = by
    elif step.planned_by_id == owner:  # taken back
        step.planned_by = None
    with transaction.atomic():
        step.save()
        if anew and owner != by.pk:
            import_string(settings.STEP_PLANNED)(step, at)
    return step


def about(step):
    """The deal, contact or company that a step is about."""
    return step.deal or step.contact or step.company
