"""The menu: data in settings.MENU, filtered by role and by what exists.

An entry is a dict: `label` (lazy text), `url` (a URL name), `icon` (a Lucide name), `roles` (who sees it, in
any order; absent: everybody), `level` (from which level of the organisation it is shown; default 1) and `under` (how
the addresses begin of other pages that belong to it, as long as no entry of the role is nearer to them).
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    """One line of the menu, ready to be shown."""

    label: str
    href: str
    icon: str
    level: int
    current: bool


def entries(role, path, match=None):
    """The entries for a role, in order; the one that `path` lies under is the current one.

    `match` is the request's resolver match: a URL name that an entry carries wins over the path.
    """
    known = [(line, address(line["url"])) for line in settings.MENU if role in line.get("roles", (role,))]
    known = [(line, href) for line, href in known if href]
    homes = [(href, href) for _line, href in known]
    here = _current(
        [*homes, *((begin, href) for line, href in known for begin in line.get("under", ()))], path
    )
    name = getattr(match, "view_name", None)
    by_name = [href for line, href in known if line["url"] == name]
    here = by_name[0] if by_name else here
    return [
        Entry(line["label"], href, line["icon"], line.get("level", 1), href == here) for line, href in known
    ]


def address(name, *args):
    """The address of a URL name; empty where no room answers to it (yet)."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _current(begins, path):
    """Of (how an address begins, the entry's own), the entry whose beginning of `path` is the longest; "/" only for itself."""
    near = [
        (begin, href) for begin, href in begins if path == begin or (begin != "/" and path.startswith(begin))
    ]
    return max(near, key=lambda one: len(one[0]), default=(None, None))[1]
