"""The model that finance locks for a fiscal year, so that nobody picks the one that flatters."""

from accounts import organisation
from reports import periods
from reports.attribution.models import MODELS
from reports.models import ModelLock


def year_of(day):
    """The first day of the fiscal year in which a day lies."""
    return periods.named("year", day, organisation.current().fiscal_year_start).first


def lock(model, day, by, at):
    """Lock a model for the fiscal year of `day`; another one that was locked gives way. Raises KeyError."""
    MODELS[model]
    ModelLock.objects.update_or_create(
        starts_on=year_of(day), defaults={"model": model, "locked_by": by, "locked_at": at}
    )


def unlock(day):
    """Take the lock of the fiscal year of `day` away. Returns how many there were."""
    return ModelLock.objects.filter(starts_on=year_of(day)).delete()[0]
