"""A held post in the reader's words: all that somebody needs to judge whether it is real."""

from django.conf import settings
from django.utils.translation import gettext as _

from leads.models import Question
from leads.webforms.asking import ADDRESSES, ANSWER, FIELDS, TRACKED, TRAP
from leads.webforms.suspicion import REASONS

LANGUAGES = dict(settings.LANGUAGES)


def tell(posts):
    """Give each Submission of `posts` (a list) what a page shows of it; one statement, for the questions.

    `who` sent it, `why` it is held, `said` (what was filled in) and `came` (where from): [(label, value)] both.
    """
    codes = {name.removeprefix(ANSWER) for post in posts for name in post.data if name.startswith(ANSWER)}
    asked = {one.code: str(one) for one in Question.objects.filter(code__in=codes)}
    for post in posts:
        post.who = next(filter(None, map(post.data.get, ("full_name", *ADDRESSES))), "")
        post.why = [str(REASONS.get(code, _("Unknown"))) for code in post.reasons]
        post.said, post.came = _said(post.data, asked), _came(post)


def _said(data, asked):
    """Fields, answers and ticks, and what stood in the field that people do not see."""
    fields = [(label, data[name]) for name, (label, _make) in FIELDS.items() if data.get(name)]
    given = {name.removeprefix(ANSWER): text for name, text in data.items() if name.startswith(ANSWER)}
    # in the order of the questions; a code that no question has any more stands last, by itself
    answers = [
        (asked.get(code, code), given[code]) for code in dict.fromkeys((*asked, *given)) if code in given
    ]
    ticks = [("consent", _("Consent to be contacted")), ("news", _("Consent to news"))]
    ticked = [(label, _("Yes") if data.get(name) else _("No")) for name, label in ticks]
    trap = [(_("In the field that people do not see"), data[TRAP])] if data.get(TRAP) else []
    return [*fields, *answers, *ticked, *trap]


def _came(post):
    """Campaign parameters and click ids as sent, and what the browser told of itself."""
    labels = {"page": _("Page")}
    tracked = [(labels.get(name, name), post.data[name]) for name in TRACKED if post.data.get(name)]
    told = [
        (_("Site"), post.origin),
        (_("Browser"), post.agent),
        (_("Language"), _(LANGUAGES.get(post.language, post.language)) if post.language else ""),
        (_("Posts from its address in the hour before"), post.before if post.address else None),
    ]
    return [*tracked, *((label, value) for label, value in told if value not in ("", None))]
