"""Fields as people fill them in, and the markup that every form shares."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django import forms as django_forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils import translation
from django_filters.fields import ModelChoiceField as FilterField
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertHTMLEqual

from accounts.models import Segment
from leads.forms.deals import CancelForm, LineForm
from pipeline.models import Campaign
from reports.forms import MoveForm, QuotasForm, TargetsForm
from ui import forms
from ui.amounts import plain_decimal
from ui.markup import FormRenderer


class Sample(forms.Form):
    name = django_forms.CharField(label="Name", help_text="As on the card", max_length=5)
    due = django_forms.DateField(label="Due", required=False)
    at = django_forms.DateTimeField(label="At", required=False)
    warm = django_forms.ChoiceField(label="Warm", choices=[("a", "A")], widget=django_forms.RadioSelect)
    agreed = django_forms.BooleanField(label="Agreed", required=False)


@pytest.mark.parametrize(
    "typed, amount",
    [
        ("1234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\N{NO-BREAK SPACE}234,5", "1234.5"),
        ("12'000", "12000"),
        ("1,234", "1234"),
        ("1,234,567", "1234567"),
        ("1,5", "1.5"),
        ("-3", "-3"),
        ("0.0001", "0.0001"),
        ("¥12万", "120000"),
        ("1.5亿", "150000000"),
        ("1,5 млн ₽", "1500000"),
        ("20 тыс.", "20000"),
        ("3 млн руб.", "3000000"),
        ("1,2 т.р.", "1200"),
        ("500 тысяч рублей", "500000"),
        ("2 million", "2000000"),
        ("€1.2K", "1200"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed, amount):
    assert forms.MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    [
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1,2,3x",
        "万",
        "12万万",
        "K",
        "1e999999",
        "1.23456",
        "9" * 16,
        "--1",
        ",",
    ],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        forms.MoneyField().clean(typed)


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_a_comma_before_three_digits_groups_them_only_where_somebody_would_write_so(language):
    with translation.override(language):
        read = {
            typed: forms.MoneyField().clean(typed)
            for typed in (
                "2,125 млн", "0,125", "-0,125 млн", "12 000,500", "12000,500", "1 234 567,891", "1’234,567", "0,125万",
                "1,234,567", "1.234,567", "1,234.567", "2.125", "12,5",
            )
        }  # fmt: skip
        assert [read.pop("1,234,567"), *read.values()] == list(
            map(
                Decimal,
                ["1234567", "2125000", "0.125", "-125000", "12000.5", "12000.5", "1234567.891", "1234.567", "1250",
                 "1234.567", "1234.567", "2.125", "12.5"],
            )
        )  # fmt: skip
        of_the_page = {"2,125": "2.125", "€1,125M": "1125000", "1,250 k": "1250"}
        if language != "ru":
            of_the_page = {"2,125": "2125", "€1,125M": "1125000000", "1,250 k": "1250000"}
        of_the_word = {"1,250万": "12500000", "￥1,250万": "12500000", "12,500万元": "125000000", "1,250.5万": "12505000",
                       "2,125 亿": "212500000000", "1,250 тыс": "1250", "1,250 т.р.": "1250"}  # fmt: skip
        for typed, amount in (of_the_page | of_the_word).items():
            assert forms.MoneyField().clean(typed) == Decimal(amount), typed


@given(st.decimals(-(10**9), 10**9, places=2))
def test_every_way_of_writing_reads_the_same(amount):
    english = f"{amount:,.2f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    russian = english.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    assert {Decimal(plain_decimal(text)) for text in (english, continental, russian)} == {amount}


def test_full_width_digits_and_marks_are_read_as_the_usual_ones():
    read = {"1，000": 1000, "１２，５００．５": Decimal("12500.5"), "￥1，250万": 12_500_000, "－３": -3}
    assert {typed: forms.MoneyField().clean(typed) for typed in read} == read


def test_a_percentage_is_read_with_and_without_its_sign():
    read = {"2": 2, "2 %": 2, "2%": 2, "２％": 2, "12,5 %": Decimal("12.5"), "0，5％": Decimal("0.5")}
    field = forms.PercentField(max_digits=5, decimal_places=2)
    assert {typed: field.clean(typed) for typed in read} == read
    for typed in ("%", "2 %%", "two"):
        with pytest.raises(django_forms.ValidationError):
            field.clean(typed)


class Priced(forms.Form):
    amount = forms.MoneyField()
    currency = django_forms.CharField(required=False)


@pytest.mark.parametrize("typed", ["$300", "300 usd", "$3K", "-$3", "€ 3 USD"])
@pytest.mark.parametrize("currency", ["CNY", "EUR"])
def test_an_amount_that_names_another_currency_is_refused(typed, currency):
    form = Priced({"amount": typed, "currency": currency})
    assert list(form.errors) == ["amount"]
    form = Priced({"amount": typed})
    form.currency = currency  # which the form does not ask for
    assert currency in form.errors["amount"][0]


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("$300", "USD"), ("$300", "CAD"), ("¥12万", "CNY"), ("￥300", "JPY"), ("12万元", "CNY"), ("3 млн руб.", "RUB"), ("5 р", "BYN"),
        ("300", "CHF"), ("1,2 т.р.", "RUB"), ("€5", ""), ("5 евро", ""),
    ],
)  # fmt: skip
def test_an_amount_that_names_its_own_currency_or_none_is_taken(typed, currency):
    assert ("amount" in Priced({"amount": typed, "currency": currency}).errors) == (typed == "5 евро")


def forms_of(base):
    """Every form of ours below a class."""
    for form in base.__subclasses__():
        if ".forms" in form.__module__ and not form.__module__.startswith("tests"):
            yield form
        yield from forms_of(form)


def test_every_form_knows_in_which_currency_its_amounts_are():
    import_module("config.urls")
    told_when_it_is_made = {CancelForm, LineForm, MoveForm}
    asking = {
        form
        for form in {*forms_of(forms.Form), *forms_of(forms.ModelForm)}
        if any(isinstance(field, forms.MoneyField) for field in form.base_fields.values())
    }
    silent = {form for form in asking if "currency" not in form.base_fields and not hasattr(form, "currency")}
    assert silent == told_when_it_is_made
    for form in (TargetsForm, QuotasForm):  # whose fields come later
        assert form.currency


def test_a_month_is_its_first_day():
    assert forms.MonthField().clean("2026-11") == date(2026, 11, 1)
    assert forms.MonthField().clean("2026-11-21") == date(2026, 11, 1)
    with pytest.raises(ValidationError):
        forms.MonthField().clean("11/2026")


def test_inputs_are_typed():
    html = str(Sample(initial={"due": date(2026, 11, 21)}))
    assert '<input type="date" name="due" value="2026-11-21"' in html
    assert 'type="datetime-local"' in html


def test_errors_and_help_are_named_by_their_input():
    form = Sample({"name": "too long a name"})
    html = str(form)
    described = form["name"].aria_describedby.split()
    assert described == ["id_name_helptext", "id_name_error"]
    assert all(f'id="{name}"' in html for name in described)
    assert 'aria-invalid="true"' in html
    assert "<legend>Warm</legend>" in html


@pytest.mark.django_db
def test_an_empty_choice_is_a_dash():
    class Choosing(forms.ModelForm):
        class Meta:
            model = Campaign
            fields = ["owner", "segment"]

    html = str(Choosing())
    assert html.count('<option value="" selected>–</option>') == 2
    assert "---------" not in html


def test_only_what_may_stay_empty_says_so():
    html = str(Sample())
    assert html.count('class="optional"') == 2  # the dates; a tick box needs no such word


OPTIONS = [("", "–"), ("<a>", "A & co"), ("Groups", [(1, "one"), ("2", '"two"')])]


@pytest.mark.parametrize("value", ["", None, "<a>", 1, "2", "strange"])
@pytest.mark.parametrize("attrs", [{}, {"id": "x", "hx-get": "/?a=1&b", "required": True, "disabled": False}])
def test_a_select_in_one_pass_is_the_one_of_django(value, attrs):
    ours = forms.Select(choices=OPTIONS).render("na<me", value, attrs)
    assertHTMLEqual(ours, django_forms.Select(choices=OPTIONS).render("na<me", value, attrs))


@pytest.mark.django_db
@pytest.mark.parametrize("label", [{}, {"empty_label": None}, {"null_label": "None of them"}])
@pytest.mark.parametrize("key", ["pk", "code"])
def test_records_to_choose_from_are_those_of_django_in_one_statement(key, label, django_assert_num_queries):
    Segment.objects.bulk_create(Segment(code=name, name=f"<{name}>") for name in ("b", "a"))
    field = FilterField(Segment.objects.all(), to_field_name=key, **label)
    value = getattr(Segment.objects.first(), key)
    with django_assert_num_queries(1) as asked:
        ours = forms.Select(choices=field.choices).render("name", value)
    assertHTMLEqual(ours, django_forms.Select(choices=field.choices).render("name", value))
    assert ours.count("selected") == 1
    assert "position" not in asked[0]["sql"].partition("FROM")[0]


@pytest.mark.parametrize("model", [model for model in apps.get_models() if hasattr(model, "told_by")])
def test_a_name_is_told_by_the_fields_that_it_names(model):
    """Read with nothing else; whatever else str() asked for would go to the database, which is closed here."""
    names = [one.name for one in model._meta.concrete_fields if one.name in {"id", *model.told_by}]
    one = model.from_db(None, names, names)
    assert str(one) == model.told_by[0]


@pytest.mark.parametrize(
    "kind", ["TextInput", "NumberInput", "EmailInput", "URLInput", "HiddenInput", "DateInput"]
)
@pytest.mark.parametrize("value", [None, "", 0, '<a> & "b"'])
def test_an_input_in_one_pass_is_the_one_of_django(kind, value):
    widget = getattr(django_forms, kind)(
        attrs={"id": "x", "required": True, "readonly": False, "maxlength": 5}
    )
    ours = widget.render("na<me", value, renderer=FormRenderer())
    assertHTMLEqual(ours, widget.render("na<me", value, renderer=TemplatesSetting()))
