"""What a constraint of the database refused, said as fields and plain words."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

NOT_NULL, FOREIGN_KEY, UNIQUE, CHECK = "23502", "23503", "23505", "23514"


@dataclass(frozen=True)
class Breach:
    """The `fields` by which it can be put right, none where no value of the row can, and `why`.

    `others`: it is what other records have that stands against it.
    """

    fields: tuple
    why: str
    others: bool = False


def breach(error):
    """The Breach of an IntegrityError, None where the database does not say by what."""
    told = getattr(error.__cause__, "diag", None)
    model = _models().get(told and told.table_name)
    reason = {NOT_NULL: _missing, FOREIGN_KEY: _pointing, UNIQUE: _taken, CHECK: _unfit}.get(
        told.sqlstate if told else ""
    )
    return reason(model, told) if model and reason else None


@cache
def _models():
    """Table → model."""
    return {model._meta.db_table: model for model in apps.get_models()}


def _missing(model, told):
    names = [field.name for field in model._meta.concrete_fields if field.column == told.column_name]
    return Breach(_editable(model, names), _("This is missing."))


def _pointing(model, told):
    """What a key points to is not there; or what is taken away is pointed to still."""
    if "is not present in" in (told.message_detail or ""):
        return Breach(_editable(model, _by_name(model, told.constraint_name)), _("There is no such record."))
    return Breach((), _("Other records still need this one."), others=True)


def _taken(model, told):
    rule = _rule(model, told.constraint_name)
    names = rule.fields if rule else _by_name(model, told.constraint_name)
    return Breach(_editable(model, names), _("Another record has this already."), others=True)


def _unfit(model, told):
    """A condition that the row does not meet: in the model's own words, where it has some."""
    rule = _rule(model, told.constraint_name)
    names = list(dict.fromkeys(asked_of(rule.condition))) if rule else _by_name(model, told.constraint_name)
    why = rule.violation_error_message if rule else None
    if why in (None, models.BaseConstraint.default_violation_error_message):
        one = len(names) == 1
        why = _("This value is not possible here.") if one else _("These values do not fit together.")
    return Breach(_editable(model, names), str(why))


def _rule(model, name):
    return next((one for one in model._meta.constraints if one.name == name), None)


def _by_name(model, constraint):
    """The field after which Django or PostgreSQL has named a constraint: the longest column that it begins with."""
    columns = {field.column: field.name for field in model._meta.concrete_fields}
    fits = [one for one in columns if constraint.startswith(f"{model._meta.db_table}_{one}_")]
    return [columns[max(fits, key=len)]] if fits else []


def asked_of(condition):
    """The names of the fields that a condition asks about."""
    for child in condition.children:
        if isinstance(child, models.Q):
            yield from asked_of(child)
            continue
        yield child[0].partition("__")[0]
        if isinstance(child[1], models.F):
            yield child[1].name  # type: ignore[attr-defined]  # the stubs do not know it


def _editable(model, names):
    known = {field.name: field for field in model._meta.concrete_fields}
    return tuple(name for name in names if name in known and known[name].editable)
