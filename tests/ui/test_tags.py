"""Tags and filters of `{% load ui %}`."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone
from django.utils.translation import override
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from ui.icons import icon


def rendered(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


def test_icons_hide_from_readers():
    html = rendered('{% icon "phone" 20 %}')
    assert html.startswith("<svg")
    assert 'aria-hidden="true"' in html
    assert 'width="20"' in html


@pytest.mark.parametrize("name", ["phone", "house", "circle-x"])
def test_icons_are_drawn_as_lucide_draws_them(name):
    drawn = lucide(name, size=20, aria_hidden="true", **{"class": "icon"})
    assert icon(name, 20) == " ".join(drawn.split())


def test_a_misspelt_icon_is_an_error():
    with pytest.raises(IconDoesNotExist):
        rendered('{% icon "fone" %}')


def test_a_grade_is_a_badge_in_the_readers_language():
    assert rendered('{{ "A"|grade }}') == '<span class="grade grade-a" title="Grade A">A</span>'
    assert rendered("{{ nothing|grade }}") == "–"
    with override("ru"):
        assert 'class="grade grade-a"' in rendered('{{ "A"|grade }}')


def test_a_judgement_shows_what_stands_behind_the_grade():
    html = rendered('{% judgement "A" "B" 2 %}')
    assert "Fit B (A is best), engagement 2 (1 is hottest)" in html
    assert html.endswith("B2</span>")
    assert "––" in rendered("{% judgement None None None %}")


def test_ago_carries_the_exact_moment():
    at = timezone.now() - timedelta(hours=3)
    html = rendered("{{ at|ago }}", at=at)
    assert f'datetime="{at.isoformat()}"' in html
    assert "3 hr. ago" in html
    assert rendered("{{ at|ago }}", at=None) == "–"
    assert "yesterday" in rendered("{{ at|ago }}", at=timezone.localdate() - timedelta(days=1))


def test_names_cannot_break_out_of_an_avatar(cast):
    cast.rep.full_name = '"><script> X'
    assert "<script" not in rendered("{% avatar user %}", user=cast.rep)


def test_growth_has_its_sign():
    assert rendered("{{ 0.124|signed_percent }} {{ ratio|signed_percent }}", ratio=-0.03) == "+12.4% −3.0%"


class Asked(forms.Form):
    q = forms.CharField(required=False)
    grade = forms.ChoiceField(label="Grade", choices=[("", "All"), ("a", "Grade A")], required=False)
    kinds = forms.MultipleChoiceField(label="Kinds", choices=[(1, "One"), ("2", "Two")], required=False)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (None, ""),
        ({}, ""),
        ({"grade": "a"}, "Grade: Grade A"),
        ({"q": "<Acme>", "kinds": ["1", "2"]}, "Q: &lt;Acme&gt;, Kinds: One, Two"),
        ({"grade": "z"}, ""),
    ],
)
def test_paper_says_what_the_filters_narrow_to(sent, told):
    assert rendered("{{ form|chosen }}", form=Asked(sent)) == told


def test_paper_says_whose_page_it_is_and_as_of_when():
    assert rendered("{% printed %}", organisation=SimpleNamespace(name="Acme")).startswith("Acme · ")
    assert "·" not in rendered("{% printed %}")
