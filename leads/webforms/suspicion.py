"""What makes a post suspicious. Suspicious posts are held for a person to look at; nothing is thrown away."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.translation import gettext_lazy as _

from leads.models import Submission
from leads.webforms.asking import TRACKED, TRAP
from leads.webforms.origins import origins

SALT = "leads.webforms"
FASTEST, LONGEST = timedelta(seconds=2), timedelta(hours=24)
AN_HOUR = timedelta(hours=1)
CEILING = 5000  # posts an hour from one address to all forms: beyond it nothing is kept, so that nobody fills the disk
LINKS = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)
MOST_LINKS = 1

REASONS = {
    "trap": _("A field that people do not see was filled in."),
    "fast": _("It was filled in faster than anybody types."),
    "stale": _("The page had been open for more than a day."),
    "unsealed": _("It came neither from our page nor from one of the sites named for the form."),
    "many": _("Many posts came from the same address within an hour."),
    "links": _("The text is full of links."),
    "conflict": _("The addresses belong to different people."),
    "suppressed": _("The address is on the suppression list."),
    "interrupted": _("It was interrupted before it was taken in."),
}


@dataclass(frozen=True)
class Seal:
    """What a token of ours says: `nonce` tells one showing of the page from another, `age` how long it was open."""

    nonce: str = ""
    age: timedelta | None = None


def sealed(web_form, nonce, at):
    """A signed token that says that the form was shown at `at`."""
    return signing.dumps([web_form.key, nonce, at.timestamp()], salt=SALT)


def opened(web_form, token, at):
    """The Seal of a token; an empty one where it is not ours, or another form's."""
    try:
        key, nonce, shown = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return Seal()
    return Seal(nonce, at - datetime.fromtimestamp(shown, UTC)) if key == web_form.key else Seal()


def suspicions(web_form, data, seal, *, origin, address, at):
    """The reasons, as codes, why a post should be looked at; empty where there is none."""
    found = []
    if data.get(TRAP):
        found.append("trap")
    if seal.age is None and origin not in origins(web_form):
        found.append("unsealed")
    if seal.age is not None and seal.age > LONGEST:
        found.append("stale")
    if seal.age is not None and seal.age < FASTEST:
        found.append("fast")
    if _is_full_of_links(data):
        found.append("links")
    if sent(address, at, web_form) >= web_form.per_hour:
        found.append("many")
    return found


def sent(address, at, web_form=None):
    """How many posts came from `address` in the last hour, to one form or to all."""
    posts = Submission.objects.filter(address=address, at__gt=at - AN_HOUR, at__lte=at)
    return posts.filter(form=web_form).count() if web_form else posts.count()


def free_again(address, at):
    """When the address may post again after the ceiling: an hour after the CEILING-th last post."""
    posts = Submission.objects.filter(address=address, at__gt=at - AN_HOUR, at__lte=at).order_by("-at")
    oldest = posts.values_list("at", flat=True)[CEILING - 1 : CEILING].first()
    return (oldest or at) + AN_HOUR


def _is_full_of_links(data):
    written = {name: text for name, text in data.items() if isinstance(text, str) and name not in TRACKED}
    named = f"{written.get('full_name', '')} {written.get('company', '')}"
    return (
        bool(LINKS.search(named)) or sum(len(LINKS.findall(text)) for text in written.values()) > MOST_LINKS
    )
