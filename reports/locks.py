"""The model that finance locks for a fiscal year, so that nobody picks the one that flatters."""

from django.db import transaction

from accounts import organisation
from reports import periods
from reports.attribution.models import MODELS
from reports.models import ModelLock


def year_of(day):
    """The first day of the fiscal year in which a day lies."""
    return periods.named("year", day, organisation.current().fiscal_year_start).first


def holding(known, day):
    """The first day of the one among locks, by first day, that holds on `day`; None without one.

    A lock holds for the twelve months that it was given for, also when the fiscal year begins in another month since.
    """
    return max((first for first in known if first <= day < periods.shifted(first, 12)), default=None)


def model_on(day):
    """The model that is locked on `day`; None without one."""
    known = dict(ModelLock.objects.values_list("starts_on", "model"))
    return known.get(holding(known, day))


def lock(model, day, by, at):
    """Lock a model for the fiscal year of `day`; another one that was locked gives way. Raises KeyError."""
    MODELS[model]
    first = year_of(day)
    with transaction.atomic():
        # those of another fiscal year of before that would hold in its months
        ModelLock.objects.filter(starts_on__gt=first, starts_on__lt=periods.shifted(first, 12)).delete()
        ModelLock.objects.update_or_create(
            starts_on=first, defaults={"model": model, "locked_by": by, "locked_at": at}
        )


def unlock(day):
    """Take the lock that holds on `day` away. Returns how many there were."""
    return ModelLock.objects.filter(
        starts_on=holding(ModelLock.objects.values_list("starts_on", flat=True), day)
    ).delete()[0]
