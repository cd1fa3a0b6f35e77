"""What a digest says to one person, in their language: the figures of their post, and what changed since last week."""

from dataclasses import dataclass, replace

import rules
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.notices.sending import link, reading_as
from reports import glance, minding, mine
from reports.choice import axes, parse
from reports.glance import tiles, week

PERIOD = "quarter"  # as the pages open


@dataclass(frozen=True)
class Digest:
    """A digest in words, and all of it as plain `text` and as `html` for a mail. `figures`: (name, value, note with its nature, full address); `changes`: (sentence, full address or "")."""

    subject: str
    post: str
    period: str
    figures: list[tuple]
    changes: list[tuple]
    page: str
    profile: str
    text: str = ""
    html: str = ""


def digest(user, at):
    """The Digest of `user` as of `at`, None for whoever may read no figures. Figures are those of the pages at that moment."""
    if not rules.has_perm("reports.view_report", user):
        return None
    with reading_as(user):
        posts = mine.posts(user)
        told = _by_post(user, posts[0], at) if posts else _by_house(user, at)
        made = Digest(
            subject=_("Your week: %(post)s") % {"post": told["post"]},
            figures=[(tile["name"], tile["text"], _note(tile), link(tile["href"])) for tile in told["tiles"]],
            changes=[(sentence, href and link(href)) for sentence, href in told["changes"]],
            post=str(told["post"]),
            period=str(told["choice"].period.label),
            page=link(
                f"{reverse(told['page'])}?{told['choice'].query()}" if not posts else reverse(told["page"])
            ),
            profile=link(reverse("accounts:profile")),
        )
        html = render_to_string("reports/digest/mail.html", {"digest": made})
        return replace(made, text=_plain(made), html=html)


def _note(tile):
    """What stands beneath a figure on its page: of what it is, and whether it is of the period, to date or of now."""
    return " · ".join(str(one) for one in (tile["note"], tile["nature"]) if one)


def _plain(made):
    figures = [f"{name}: {text}{f' ({note})' if note else ''}" for name, text, note, _href in made.figures]
    changes = [f"- {sentence}" for sentence, _href in made.changes]
    ways = [
        f"{_('Open the page')}: {made.page}",
        f"{_('Stop it in your profile')}: {made.profile}",
    ]
    parts = [
        made.subject,
        made.period,
        "",
        *figures,
        "",
        _("What changed since last week"),
        *changes,
        "",
        *ways,
    ]
    return "\n".join(map(str, parts)) + "\n"


def _by_post(user, post, at):
    query = {"period": PERIOD, **mine.narrowing(user, post)}
    known = axes(query)
    choice, wide = parse(query, known, at), parse({"period": PERIOD}, known, at)
    found = mine.mine(user, choice, post, wide)
    # Whoever reads no money reads that of the own deals, as on the page.
    changes = week.sentences(glance.changes(user, choice), choice.currency, choice=choice)
    return {
        "post": mine.POSTS[post],
        "choice": choice,
        "tiles": minding.tiles(found, choice),
        "changes": changes,
        "page": "reports:mine",
    }


def _by_house(user, at):
    choice = parse({"period": PERIOD}, axes(), at)
    found = glance.glance(user, choice, at)
    return {
        "post": glance.SCREENS["ceo"],
        "choice": choice,
        "tiles": tiles.tiles(found, choice, "ceo"),
        "changes": week.sentences(found.week, choice.currency, choice=choice),
        "page": "reports:glance",
    }
