"""Extraction, merging and checking of translations; and that ours are complete."""

import ast

import pytest
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management import CommandError, call_command

from ui import catalogues

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
first = _("Won")
second = gettext_lazy("%(count)s of %(all)s")
third = ngettext("%(count)s lead", "%(count)s leads", 2)
fourth = pgettext("of a campaign", "Open")
fifth = print("not for people")
"""
TEMPLATE = """
{% load i18n %}
  <p title="{% translate "A tip" %}">{% blocktranslate trimmed count n=n %}
      {{ n }} deal
    {% plural %}
      {{ n }} deals
  {% endblocktranslate %}</p>
      {% include "x.html" with title=_("Inside a tag") %}
"""


@pytest.fixture
def tree(tmp_path):
    """A small project with one module and one template."""
    (tmp_path / "ui").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "ui" / "words.py").write_text(PYTHON)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def translate(tree, language, change):
    """Edit a catalogue as a translator would."""
    path = catalogues.po_path(tree, language)
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        if message.id:
            change(message)
    with path.open("wb") as file:
        write_po(file, catalogue)


def by_echo(message):
    """Every text stands for itself."""
    count = 3 if message.pluralizable else 0
    message.string = (message.id[1],) * count if count else message.id


def test_texts_are_found_in_code_and_templates(tree):
    found = {(message.id, message.context) for message in catalogues.extracted(tree) if message.id}
    assert found == {
        ("Won", None),
        ("%(count)s of %(all)s", None),
        (("%(count)s lead", "%(count)s leads"), None),
        ("Open", "of a campaign"),
        ("A tip", None),
        (("%(n)s deal", "%(n)s deals"), None),
        ("Inside a tag", None),
    }


def test_english_fills_itself_and_the_others_wait(tree):
    assert catalogues.update(tree) == {"en": 0, "zh_Hans": 7, "ru": 7}
    assert not [sentence for sentence in catalogues.problems(tree) if sentence.startswith("en:")]


def test_an_update_keeps_translations_and_drops_what_is_gone(tree):
    catalogues.update(tree)
    translate(tree, "ru", by_echo)
    (tree / "ui" / "words.py").write_text('_("Won")\n_("Lost")\n')
    assert catalogues.update(tree)["ru"] == 1
    kept = {message.id: message.string for message in catalogues.read(tree, "ru") if message.id}
    assert kept["Won"] == "Won"
    assert not kept["Lost"]
    assert "%(count)s of %(all)s" not in kept


def test_a_second_update_changes_no_byte(tree):
    catalogues.update(tree)
    before = {path: path.read_bytes() for path in tree.rglob("django.*")}
    catalogues.update(tree)
    assert {path: path.read_bytes() for path in tree.rglob("django.*")} == before


def test_a_complete_catalogue_has_no_problems(tree):
    catalogues.update(tree)
    for language in ("ru", "zh_Hans"):
        translate(tree, language, by_echo)
    translate(tree, "zh_Hans", lambda one: one.pluralizable and setattr(one, "string", one.id[1:]))
    catalogues.compile_all(tree)
    assert catalogues.problems(tree) == []


@pytest.mark.parametrize(
    "spoil, sentence",
    [
        (lambda one: setattr(one, "string", ""), "ru: 'Won' is not translated"),
        (lambda one: one.flags.add("fuzzy"), "ru: 'Won' is fuzzy"),
        (
            lambda one: setattr(one, "string", "%(all)s"),
            "ru: 'Won' has other placeholders than its translation",
        ),
        (lambda one: setattr(one, "id", "Gone"), "ru: 'Gone' is not used any more"),
    ],
)
def test_what_is_wrong_is_said(tree, spoil, sentence):
    catalogues.update(tree)
    translate(tree, "ru", by_echo)
    translate(tree, "ru", lambda one: spoil(one) if one.id == "Won" else None)
    found = catalogues.problems(tree)
    assert sentence in found
    assert "ru: django.mo is not compiled from its .po" in found


def test_the_command_checks_and_compiles(tree, settings, capsys):
    settings.BASE_DIR = tree
    call_command("messages")
    assert "ru: 7 untranslated" in capsys.readouterr().out
    call_command("messages", compile=True)
    with pytest.raises(CommandError, match="problems in the catalogues"):
        call_command("messages", check=True)


@pytest.mark.skipif(
    not catalogues.po_path(settings.BASE_DIR, "ru").exists(),
    reason="no catalogues yet: `manage.py messages` makes them",
)
def test_our_own_catalogues_are_complete():
    assert catalogues.problems(settings.BASE_DIR) == []


def test_no_text_hides_where_extraction_does_not_look():
    known = {
        one if isinstance(one, str) else one[0]
        for one in (m.id for m in catalogues.extracted(settings.BASE_DIR))
    }
    for path in (path for room in catalogues.ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "_",
                "gettext",
                "gettext_lazy",
            ):
                text = node.args[0]
                assert not isinstance(text, ast.Constant) or text.value in known, f"{path}: {text.value}"


@pytest.mark.parametrize(
    "typed, written",
    [
        ("好,是", "好，是"),
        ("已登记:%(n)s,%(m)s。", "已登记：%(n)s,%(m)s。"),
        ("10:40 前答复", "10:40 前答复"),
        ("谁?", "谁？"),
    ],
)
def test_chinese_is_punctuated_as_chinese(tree, typed, written):
    catalogues.update(tree)
    translate(tree, "zh_Hans", by_echo)
    translate(
        tree, "zh_Hans", lambda message: setattr(message, "string", typed) if message.id == "Won" else None
    )
    catalogues.update(tree)
    assert catalogues.read(tree, "zh_Hans").get("Won").string == written
