"""The scorecard of the chiefs, and the word that each of them leaves on a month."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import require, requires
from reports import exporting
from reports.choice import axes, bounded, parse
from reports.heeding import heeded
from reports.promising import quarterly
from reports.scorecard import figures, saying, telling
from reports.scorecard.forms import WordForm
from reports.views.head import head
from ui.htmx import redirect, render_part

READ, SPEAK = "reports.view_money", "reports.say_satisfied"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(READ)
def scorecard(request):
    """What each chief answers for, agreed and actual side by side; a POST leaves the word of a chief."""
    query, known, at = request.GET.copy(), axes(request.GET), timezone.now()
    quarterly(query)
    asked = bounded(parse(query, known, at))
    choice = heeded(asked, figures.HEEDED)
    form = None
    if request.method == "POST":
        require(request, SPEAK)
        form = WordForm(choice.today, request.POST)
        if form.is_valid():
            saying.say(**form.cleaned_data, by=request.user, at=at)
            messages.success(request, _("Your word stands in the scorecard and in the pack of the month."))
            return redirect(request, f"{request.path}?{asked.query()}")
    found = figures.scorecard(choice, at, known.locks)
    words = telling.Words(found, choice)
    table, satisfaction, title = words.table(), words.satisfaction(), _("Scorecard of the chiefs")
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind, "scorecard", telling.FILED, table.rows, more=[satisfaction], title=title
        )
    posts = saying.posts_of(request.user)
    if posts and form is None:
        form = WordForm(choice.today, initial={"month": f"{saying.asked_month(choice.today):%Y-%m}"})
    why = _("the scorecard is of the whole house")
    context = head(request, asked, known, title, asked.query(), figures.HEEDED, why) | {
        "table": table,
        "chiefs": words.chiefs(),
        "satisfaction": satisfaction,
        "word_form": form,
        "posts": [post.label for post in posts],
        "action": f"{request.path}?{asked.query()}#word",
    }
    template = "reports/scorecard/scorecard.html"
    return render_part(request, template, "board", context, status=422 if form and form.errors else 200)
