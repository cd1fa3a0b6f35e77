"""One search over people, companies, deals, campaigns, pages and things to do."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import organisation
from leads import searching
from pipeline.searching import LONGEST
from ui.htmx import render_part
from ui.places import places


def search(request):
    """What is called so, a few of each kind; only what the user may see and open."""
    text = request.GET.get("q", "")[:LONGEST].replace("\0", "").strip()
    found = searching.search(request.user, text)
    groups = [
        (pgettext("of customers", "People"), "users", found.people),
        (_("Companies"), "building-2", found.companies),
        (_("Deals"), "kanban", found.deals),
        (_("Campaigns"), "megaphone", found.campaigns),
        (_("Win stories"), "trophy", found.stories),
    ]
    context = {
        "q": text,
        "search_words": text,
        "found": found,
        "groups": [group for group in groups if group[2]],
        "places": places(request.user, text, organisation.current().level),
    }
    return render_part(request, "leads/search.html", "results", context)
