"""Set-up: everything an administrator may change, each with a sentence, on one page."""

from django.conf import settings
from django.shortcuts import render

from accounts import organisation
from accounts.doors import permitted, requires
from ui.menu import address


@requires("accounts.view_setup")
def setup(request):
    """The rooms of set-up that exist and that the user may enter."""
    groups = [(title, _open(request, lines)) for title, lines in settings.SETUP]
    return render(request, "accounts/setup.html", {"groups": [group for group in groups if group[1]]})


def _open(request, lines):
    level = organisation.current().level
    return [
        {**line, "href": href}
        for line in lines
        if line.get("level", 1) <= level
        and permitted(request, line["permission"])
        and (href := address(line["url"]))
    ]
