"""Pages and things to do, by what they are called: data in settings.PLACES, filtered by permission and by what exists.

A place is a dict: `label` (lazy text), `url` (a URL name), `icon` (a Lucide name), `permission` ("app.verb_model";
absent: everybody) and `level` (from which level of the organisation it is offered; absent: from the first).
"""

from dataclasses import dataclass

from django.conf import settings

from ui.menu import address

MOST = 6


@dataclass(frozen=True)
class Place:
    """Somewhere to go."""

    label: str
    href: str
    icon: str


def places(user, words="", level=3):
    """Those open to `user` at this level whose name holds every word, in the language of the reader; at most six."""
    wanted = words.casefold().split()
    found = []
    for line in settings.PLACES:
        label = str(line["label"])
        named = all(word in label.casefold() for word in wanted)
        shown = named and line.get("level", 1) <= level
        if shown and _open(line, user) and (href := address(line["url"])):
            found.append(Place(label, href, line["icon"]))
        if len(found) == MOST:
            break
    return found


def _open(line, user):
    permission = line.get("permission")
    return permission is None or user.has_perm(permission)
