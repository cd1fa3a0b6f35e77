"""The shell around every page, rendered once for a person and kept: its menu changes with a role, not with a page.

What differs with each request is filled in afterwards: the token against forged posts and the address to come back to.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

TOKEN, HERE = "token-of-this-request", "address-of-this-request"
KEPT = 512  # parts that a process keeps: a few of each person at work


class _Part:
    """A part of the shell: equal to another one that would be rendered alike."""

    def __init__(self, template, context):
        request, user = context["request"], context.get("user")
        organisation = context["organisation"]
        self.template, self.context = template, context
        self.key = (
            template, get_language(), context["theme"], context.get("search_words"), organisation.level,
            getattr(user, "pk", None), str(user), getattr(user, "role", ""),
            getattr(request.resolver_match, "view_name", ""),
        )  # fmt: skip

    def __eq__(self, other):
        return self.key == other.key

    def __hash__(self):
        return hash(self.key)


def part(template, context):
    """The HTML of a part of the shell for the request of this template context."""
    wanted = _Part(template, context)
    try:
        html = _rendered(wanted)
    finally:
        wanted.context = None
    here = escape(address_of(context["request"]))
    return html.replace(TOKEN, str(context["csrf_token"])).replace(HERE, here)


def address_of(request):
    """The address at which a page can be opened again: of one that answers a form, where the form stood."""
    return request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")


@lru_cache(maxsize=KEPT)
def _rendered(wanted):
    values = {**wanted.context.flatten(), "csrf_token": TOKEN, "here": HERE}
    return render_to_string(wanted.template, values)
