"""Pages and things to do, by what they are called: data in settings.PLACES, filtered by permission and by what exists.

A place is a dict: `label` (lazy text), `url` (a URL name), `icon` (a Lucide name), `permission` ("app.verb_model";
absent: everybody), `level` (from which level of the organisation it is offered; absent: from the first) and `words` (what else
people look for it by, in any language).
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import override

from ui.menu import address
from ui.spelling import SHORTEST_FORGIVEN, folded, one_error

MOST = 6


@dataclass(frozen=True)
class Place:
    """Somewhere to go."""

    label: str
    href: str
    icon: str


def places(user, words="", level=3):
    """Those open to `user` at this level whose name holds every word, in the language of the reader, or begins so in English; at most six.

    Where none does, those that hold it but for one error in words of five letters or more.
    """
    wanted = folded(words.casefold()).split()
    return _called(user, wanted, level, _holds) or _called(user, wanted, level, _nearly_holds)


def _called(user, wanted, level, holds):
    found = []
    for line in settings.PLACES:
        label = str(line["label"])
        named = all(holds(folded(label.casefold()), word) for word in wanted) or _in_english(line, wanted)
        shown = named and line.get("level", 1) <= level
        if shown and _open(line, user) and (href := address(line["url"])):
            found.append(Place(label, href, line["icon"]))
        if len(found) == MOST:
            break
    return found


def _in_english(line, wanted):
    """Does each word begin one of the place's English name, or of its other words?"""
    with override("en"):
        names = folded(f"{line['label']} {line.get('words', '')}".casefold()).split()
    return all(any(name.startswith(word) for name in names) for word in wanted)


def _holds(label, word):
    return word in label


def _nearly_holds(label, word):
    """The label holds the word, or one of its words begins like it with an error."""
    if word in label:
        return True
    return len(word) >= SHORTEST_FORGIVEN and any(
        one_error(word, known) or one_error(word, known[: len(word)]) for known in label.split()
    )


def _open(line, user):
    permission = line.get("permission")
    return permission is None or user.has_perm(permission)
