"""My numbers, and the leagues below them."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import exporting, leagues, minding
from reports import mine as posts_of
from reports.choice import axes, by_default, parse
from reports.views.head import head
from ui.htmx import render_part

FILTERS = ("period", "channel", "segment", "region", "campaign")
EVERYBODY = ("marketing_head", "sales_head", "desk")  # posts that answer for the house


def _filters(post):
    """The filters that a post has: a team where it answers for more than one, a model where a return is among its figures."""
    by_model = ("model",) if "revenue_roi" in posts_of.FIGURES_OF[post] else ()
    return (*FILTERS, *by_model, *(("team",) if post in EVERYBODY else ()))


@require_safe
@requires("reports.view_mine")
def mine(request):
    """At most six figures of the reader's post; whoever holds several may look from each."""
    at, query = timezone.now(), request.GET.copy()
    post, wanted, held = posts_of.asked(request.user, query)
    by_default(query, "quarter")
    narrow = {**query.dict(), **posts_of.narrowing(request.user, post)}
    known = axes(narrow)
    wide, choice = parse(query, known, at), parse(narrow, known, at)
    found = posts_of.mine(request.user, choice, post, wide)
    if kind := exporting.wanted(request):
        tables = [minding.league_table(name, one, choice) for name, one in found.leagues.items()]
        rows = [row | {"league": str(table.caption)} for table in tables for row in table.rows]
        return exporting.answer(kind, "leagues", [minding.OF_LEAGUE, *minding.COLUMNS], rows)
    context = head(request, wide, known, _("My numbers"), wide.query(post=wanted), _filters(post)) | {
        "post": posts_of.POSTS[post],
        "posts": [(posts_of.POSTS[one], wide.query(post=one), one == post) for one in held],
        "post_key": post,
        "tiles": minding.tiles(found, choice),
        "leagues": minding.league_cards(found, wide, request.user.pk),
        "few": leagues.FEW,
    }
    return render_part(request, "reports/mine.html", "board", context)
