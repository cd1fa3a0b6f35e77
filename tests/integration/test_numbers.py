"""A number below zero is refused by every door that takes one: files, the API and pages; money that comes back is named."""

import pytest
from django import forms
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import get_resolver
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from rest_framework import serializers

from engine.constraints import asked_of
from leads.importing.cells import NUMBERS, converter
from leads.importing.fields import FIELDS
from leads.importing.mapping import Mapping
from leads.importing.values import Bad

COMES_BACK = {
    "spend.amount", "campaigns.actual_cost", "deals.collected",  # files: credit notes and refunds
    "SpendSerializer.amount", "ReceiptSerializer.amount", "SpendForm.amount", "ReceiptForm.amount",
    "SalesCostSerializer.amount", "CostForm.amount",
}  # fmt: skip
POINTS = {  # of a scorecard: they may count against somebody
    "ScoreRuleSerializer.points", "RuleForm.points", "RuleForm.upto", "ModelForm.fit_A", "ModelForm.fit_B", "ModelForm.fit_C",
    "ThresholdsSerializer.fit_floors",
}  # fmt: skip
MARKS = {  # of a survey: a scale may begin below zero, and a net score may lie there
    f"{where}.{name}" for where in ("WaveForm", "WaveSerializer") for name in ("score", "low", "high")
}
COLUMNS = [(kind, field) for kind, known in FIELDS.items() for field in known if field.type in NUMBERS]


@pytest.mark.parametrize(("kind", "field"), COLUMNS, ids=lambda one: getattr(one, "name", one))
def test_a_file_is_read_like_that(kind, field):
    read = converter(Mapping(kind), field.name)
    below = [read[cell] for cell in ("-5", "(5)", "−5")]
    allowed = f"{kind}.{field.name}" in COMES_BACK
    assert [isinstance(one, Bad) for one in below] == [not allowed] * 3
    assert [float(read[cell]) for cell in ("0", "-0", "5")] == [0, 0, 5]
    if field.type in ("integer", "rounded"):
        assert read[str(field.longest)] == str(field.longest)
        assert isinstance(read[str(field.longest + 1)], Bad)


def test_the_api_is():
    open_ended = set()
    for shape in _shapes():
        for name, outer in shape().fields.items():
            field = getattr(outer, "child", outer)
            number = isinstance(
                field, (serializers.DecimalField, serializers.IntegerField, serializers.FloatField)
            )
            if number and not outer.read_only and not _bounded(field):
                open_ended.add(f"{shape.__name__}.{name}")
    assert open_ended - COMES_BACK - POINTS - MARKS == set()


def test_pages_are():
    assert get_resolver().url_patterns  # with them come all forms
    open_ended = set()
    for form in _below(forms.BaseForm):
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field, (forms.DecimalField, forms.IntegerField, forms.FloatField)) and not _bounded(
                field
            ):
                model = getattr(getattr(form, "_meta", None), "model", None)
                if not (
                    model
                    and name in {one.name for one in model._meta.fields}
                    and _bounded(model._meta.get_field(name))
                ):
                    open_ended.add(f"{form.__name__}.{name}")
    assert open_ended - COMES_BACK - POINTS - MARKS == set()


def test_no_page_shows_the_name_of_a_constraint():
    """What a form can break has words of its own, or bounds at its one field, which speak first."""
    nameless = set()
    for form in _below(forms.ModelForm):
        model = form._meta.model
        for rule in model._meta.constraints if model else ():
            told = rule.violation_error_message != models.BaseConstraint.default_violation_error_message
            if told or not isinstance(rule, models.CheckConstraint) or rule.name.endswith("is_number"):
                continue
            asked = set(asked_of(rule.condition))
            if asked <= set(form.base_fields) and not (
                len(asked) == 1 and model._meta.get_field(*asked)._validators
            ):
                nameless.add(f"{form.__name__}: {rule.name}")
    assert nameless == {  # a month is chosen, not a day
        "SpendForm: spend_month_is_first_day", "CostForm: sales_cost_month_is_first_day",
    }  # fmt: skip


def _bounded(field):
    return any(isinstance(one, MinValueValidator) and one.limit_value >= 0 for one in field.validators)


def _shapes():
    """Every serializer that takes a body, and those within it."""
    generator, found, todo = SchemaGenerator(), set(), []
    for path, _regex, method, callback in EndpointEnumerator().get_api_endpoints():
        if method in {"POST", "PUT", "PATCH"}:
            view = generator.create_view(callback, method)
            view.schema.method, view.schema.path = method, path
            shape = view.schema.get_request_serializer()
            todo.append(getattr(shape, "child", shape))
    while todo:
        shape = todo.pop()
        kind = shape if isinstance(shape, type) else type(shape)
        if not issubclass(kind, serializers.BaseSerializer) or kind in found:
            continue
        found.add(kind)
        todo += [getattr(field, "child", field) for field in kind().fields.values()]
    return found


def _below(base):
    for one in base.__subclasses__():
        if one.__module__.split(".")[0] in {"accounts", "leads", "pipeline", "reports"}:
            yield one
        yield from _below(one)
