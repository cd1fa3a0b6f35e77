"""My numbers, and the leagues below them."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import exporting, leagues, minding, own_file, ranking
from reports import mine as posts_of
from reports.choice import axes, by_default, parse
from reports.heeding import heeded
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
    heeds, carried = _filters(post), query.dict()
    kept = {name: value for name, value in carried.items() if name not in ("team", "rep") or name in heeds}
    narrow = {**kept, **posts_of.narrowing(request.user, post)}
    own = axes(narrow)
    known = axes(query) if carried.get("team") or carried.get("rep") else own
    asked, choice = parse(query, known, at), parse(narrow, own, at)
    wide = heeded(asked, heeds)
    found = posts_of.mine(request.user, choice, post, wide)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "numbers", *own_file.file(found, choice))
    why = _("these are the figures of a post")
    context = head(request, asked, known, _("My numbers"), asked.query(post=wanted), heeds, why) | {
        "post": posts_of.POSTS[post],
        "posts": [(posts_of.POSTS[one], asked.query(post=one), one == post) for one in held],
        "post_key": post,
        "tiles": minding.tiles(found, choice),
        "leagues": ranking.league_cards(found, wide, request.user.pk),
        "few": leagues.FEW,
    }
    return render_part(request, "reports/mine.html", "board", context)
