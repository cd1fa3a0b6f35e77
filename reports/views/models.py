"""All models of attribution side by side, and the one that finance locks."""

from dataclasses import replace

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import permitted, requires
from accounts.organisation import current
from reports import charting, exporting, locks, opinion_tables, opinions, returns
from reports.attribution.models import MODELS
from reports.choice import axes, one_of, parse
from reports.forms import LockForm
from reports.rounds.telling import year_name
from reports.views.head import head
from ui.htmx import redirect, render_part
from ui.responses import invalid

PARTS = [
    ("apart", gettext_lazy("How far the models lie apart")),
    ("by-channel", gettext_lazy("By channel")),
    ("by-campaign", gettext_lazy("By campaign")),
    ("what-models-do", gettext_lazy("What each model does")),
]


@require_safe
@requires("reports.view_money")
def models(request):
    """Every model's word on the same wins, with how far they lie apart."""
    query, known = request.GET.copy(), axes(request.GET)
    asked = {"measure": "".join(query.pop("measure", [])[-1:])}
    measure = one_of(asked, "measure", opinions.MEASURES, "revenue")
    choice = parse(query, known, timezone.now())
    found = returns.side_by_side(choice, MODELS)
    channels, campaigns = (by(found, measure) for by in (opinions.by_channel, opinions.by_campaign))
    tables = [opinion_tables.opinions_table(rows, measure, choice) for rows in (channels, campaigns)]
    if kind := exporting.wanted(request):
        first, second = tables
        more = [replace(second, caption=_("By campaign"))]
        return exporting.answer(kind, "models", first.columns, first.rows, more=more)
    day = min(choice.period.last, choice.today)
    context = head(request, choice, known, _("Models of attribution"), choice.query(measure=measure)) | {
        "measure": measure,
        "measures": [
            (label, choice.query(measure=name), name == measure) for name, label in opinions.MEASURES.items()
        ],
        "parts": PARTS,
        "chart": charting.opinions_chart(channels, measure, choice),
        "by_channel": tables[0],
        "by_campaign": tables[1],
        "models": MODELS.values(),
        "markov_order": current().markov_order,
        "may_set": permitted(request, "accounts.change_organisation"),
        "fiscal_year": year_name(locks.year_of(day)),
        "lock_query": choice.query(measure=measure),
        "lock_form": permitted(request, "reports.lock_model")
        and LockForm(initial={"model": choice.locked or choice.model, "year": day}),
    }
    return render_part(request, "reports/models.html", "board", context)


@require_POST
@requires("reports.lock_model")
def lock(request):
    """Lock a model for a fiscal year, or take the lock away."""
    form = LockForm(request.POST)
    if not form.is_valid():
        return invalid(
            request, "reports/lock.html", {"lock_form": form, "lock_query": request.GET.urlencode()}
        )
    if "unlock" in request.POST:
        locks.unlock(form.cleaned_data["year"])
        messages.success(request, _("No model is locked for this year any more."))
    else:
        locks.lock(form.cleaned_data["model"], form.cleaned_data["year"], request.user, timezone.now())
        messages.success(request, _("The model is locked for this year."))
    return redirect(request, f"{reverse('reports:models')}?{request.GET.urlencode()}")
