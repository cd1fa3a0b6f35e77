"""What several models share: money columns, where a record came from, and history of changes."""

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _

NAN = Cast(models.Value("NaN", models.TextField()), models.DecimalField(max_digits=18, decimal_places=4))


# Asked by forms and the API alike; imports ask it of their own fields.
NOT_NEGATIVE = [MinValueValidator(0)]


class MoneyField(models.DecimalField):
    """NUMERIC(18,4); the table adds `money_is_number` for it, because NUMERIC stores NaN."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)


def money_is_number(name, *fields):
    """A constraint: none of `fields` is NaN, which PostgreSQL holds to be greater than every number."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | ~Q(**{field: NAN})
    return models.CheckConstraint(condition=condition, name=name)


class Sourced(models.Model):
    """A record that may have come from elsewhere: `source` names the system, `external_id` its key there."""

    source = models.CharField(_("source"), max_length=100, blank=True, default="", db_default="")
    external_id = models.CharField(_("external id"), max_length=200, blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=Now(), auto_now=True, editable=False)

    class Meta:
        abstract = True


def once_per_source(name):
    """A constraint: a source gives a key once."""
    return models.UniqueConstraint(fields=["source", "external_id"], condition=~Q(external_id=""), name=name)


def label_of(model, name):
    """What a field is called, in the reader's language."""
    return model._meta.get_field(name).verbose_name


def keep_history(model_name, *fields):
    """Keep rows in `model_name` as they were before updates of `fields` and deletes; by triggers, for bulk writes too."""
    return pghistory.track(
        pghistory.UpdateEvent(condition=pghistory.AnyChange(*fields), row=pghistory.Old),
        pghistory.DeleteEvent(),
        fields=list(fields),
        model_name=model_name,
        append_only=True,
        obj_field=pghistory.ObjForeignKey(db_index=True, db_constraint=False),
    )
