"""Every template: strict enough for the policy, and every visible word translatable."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
WORDS = re.compile(r"[^\W\d_]{2,}")
VISIBLE = {"alt", "aria-label", "data-confirm", "data-copied", "data-tip", "placeholder", "title"}
# Names, and abbreviations that the vocabulary leaves as they are in every language.
NAMES = {"Tandem", "MQL", "SQL", "ROI", "ROAS", "CSV", "Excel", "UTM", "API", "SLA", "KPI"}
SILENT = {"code", "kbd", "script", "style"}
VOID = {"br", "hr", "img", "input", "link", "meta"}


def plain(source):
    """The HTML with every tag and variable of the template language blanked, translated blocks too."""
    out, hidden = [], ""
    for token in Lexer(source).tokenize():
        lines = "\n" * token.contents.count("\n")
        if token.token_type == TokenType.TEXT:
            out.append(lines if hidden else token.contents)
            continue
        word = token.split_contents()[0] if token.token_type == TokenType.BLOCK else ""
        if word in ("blocktranslate", "blocktrans", "comment"):
            hidden = f"end{word}"
        elif word == hidden:
            hidden = ""
        out.append(" " + lines)
    return "".join(out)


class Watcher(HTMLParser):
    """Collects what a strict policy forbids and what nobody could translate."""

    def __init__(self, source):
        super().__init__()
        self.found, self.silent = [], []
        self.feed(plain(source))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in SILENT or (given.get("translate") == "no" and tag not in VOID):
            self.silent.append(tag)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(f"<{tag}> inline")
        for name, value in attributes:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"attribute {name}")
            if name in VISIBLE and not self.silent and self.foreign(value):
                self.found.append(f"{name}={value!r}")
            if name == "hx-trigger" and "[" in (value or ""):
                self.found.append(f"event filter {value!r}")

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent and self.foreign(data):
            self.found.append(" ".join(data.split()))

    def foreign(self, text):
        """Does the text hold a word that stands outside the translations?"""
        return bool(set(WORDS.findall(text or "")) - NAMES)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix())
def test_a_template_is_strict_and_translatable(path):
    assert Watcher(path.read_text()).found == []


@pytest.mark.parametrize(
    "source, found",
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<p>{% translate "Hello" %} {{ name }}: 3 × 4</p>', []),
        ("<p>{% blocktranslate trimmed %}Hello {{ name }}{% endblocktranslate %} again</p>", ["again"]),
        ('<p title="Hello" class="{% if a %}b{% endif %}"></p>', ["title='Hello'"]),
        ('<p style="color:red" onclick="x()">', ["attribute style", "attribute onclick"]),
        ("<script>1</script>", ["<script> inline"]),
        ('<input hx-trigger="keyup[key==1]">', ["event filter 'keyup[key==1]'"]),
        ("<b>Tandem</b> <kbd>Ctrl</kbd> <i translate='no'>Egli</i> {# why #}", []),
    ],
)
def test_the_watcher_sees_what_it_should(source, found):
    assert Watcher(source).found == found
