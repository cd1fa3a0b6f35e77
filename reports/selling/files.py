"""Tables of costs that were kept, and taking one back whole: what somebody changed since, or what is booked in a closed month, stays."""

from dataclasses import dataclass

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef

from pipeline import months
from pipeline.models import SalesCost, SalesCostFile


@dataclass(frozen=True)
class Left:
    """The keys of what is left of a file: what can be taken back, what was `changed` since, and what is booked in a month that is `shut`."""

    free: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    shut: tuple[int, ...] = ()

    def __len__(self):
        return len(self.free) + len(self.changed) + len(self.shut)


def left(file) -> Left:
    """What is left of a file."""
    return _sorted(file.costs.values_list("pk", "booked"))


def take_back(pk, by, at) -> tuple[int, Left]:
    """Take away what can be taken back of a file; history keeps it. Returns (how many costs, the Left that stays)."""
    with transaction.atomic():
        file = SalesCostFile.objects.select_for_update().get(pk=pk)
        costs = file.costs.order_by("pk").select_for_update()
        found = _sorted(list(costs.values_list("pk", "booked")))  # locked, and looked at as it now stands
        if found.free:
            SalesCost.objects.filter(pk__in=found.free).delete()
            file.taken_back_by, file.taken_back_at = by, at
            file.save(update_fields=["taken_back_by", "taken_back_at"])
    return len(found.free), Left(changed=found.changed, shut=found.shut)


def _sorted(rows) -> Left:
    booked, shut = dict(rows), set(months.closed())
    changes = apps.get_model("pipeline.SalesCostEvent").objects.filter(
        pgh_obj=OuterRef("pk"), pgh_label="update"
    )
    changed = set(SalesCost.objects.filter(Exists(changes), pk__in=booked).values_list("pk", flat=True))
    closed = {pk for pk, month in booked.items() if month in shut}
    return Left(
        free=tuple(pk for pk in booked if pk not in changed | closed),
        changed=tuple(pk for pk in booked if pk in changed - closed),
        shut=tuple(pk for pk in booked if pk in closed),
    )
