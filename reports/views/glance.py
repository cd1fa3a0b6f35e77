"""The first screens: the house, marketing, sales; what changed since last week; what needs a hand."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from leads import standing
from reports import exporting, file_tables
from reports import glance as glances
from reports.choice import axes, by_default, one_of, parse
from reports.glance import cards, drawn, filed, tiles, week
from reports.views.head import head
from ui.htmx import render_part


@require_safe
@requires("reports.view_money")
def glance(request):
    """One screen for each head, over the same figures."""
    query, known, at = request.GET.copy(), axes(request.GET), timezone.now()
    mine = glances.screen_of(request.user)
    screen = one_of({"screen": "".join(query.pop("screen", [])[-1:])}, "screen", glances.SCREENS, mine)
    choice = parse(by_default(query, "quarter"), known, at)
    found = glances.glance(request.user, choice, at)
    shown = tiles.tiles(found, choice, screen)
    if kind := exporting.wanted(request):
        told = file_tables.week(week.sentences(found.week, choice.currency))
        more = [told, *(table for _heading, _sentence, table in cards.cards(found, choice, screen))]
        return exporting.answer(kind, "glance", *filed.file(found, shown), more=more)
    context = head(request, choice, known, _("At a glance"), choice.query(screen=screen)) | {
        "screen": screen,
        "screens": tiles.screens(choice, screen),
        "tiles": shown,
        "week": week.sentences(found.week, choice.currency, choice=choice),
        **dict(zip(("chart_title", "chart"), drawn.chart(found, choice, screen), strict=True)),
        "cards": cards.cards(found, choice, screen),
        "owed": standing.owed(at)[0] if screen == "marketing" else None,
    }
    return render_part(request, "reports/glance.html", "board", context)
