"""A rule tried before it is saved: who would get what with it. Nothing of it stays."""

from dataclasses import dataclass

from django.db import transaction

from accounts import dated
from leads.assignment.routing import Placed, simulate, simulate_due
from leads.models import AssignmentRule, Lead
from pipeline.stages import Stage

MOST = 100


@dataclass(frozen=True)
class Trial:
    """Who would get what. `due`: these leads are due or wait in line; else they are the newest MQLs and ready ones. `rules` {id: name}."""

    placed: list[Placed]
    due: bool
    rules: dict


def tried(save, at) -> Trial:
    """The Trial of the rules as they were after `save()`, which is rolled back."""
    with transaction.atomic():
        save()
        placed = simulate_due(MOST, at)
        due = bool(placed)
        if not due:
            graded = Lead.objects.counted().filter(stage__in=(Stage.READY, Stage.MQL))
            newest = graded.order_by("-captured_at", "-pk").values_list("pk", flat=True)
            placed = simulate(list(newest[:MOST]), at)
        rules = dict(AssignmentRule.objects.values_list("pk", "name"))
        transaction.set_rollback(True)
    return Trial(placed, due, rules)


def foretold(limit, at) -> list[Placed]:
    """Who would get what at a moment to come, by the structure that is planned for then. Nothing of it stays."""
    with transaction.atomic():
        dated.put_in_force(at)
        placed = simulate_due(limit, at)
        transaction.set_rollback(True)
    return placed
