"""The scorecard: its versions, its rules, what a draft would change, and whether grades mean something."""

from functools import wraps
from itertools import groupby

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_list_or_404, get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import permitted, requires
from accounts.models.organisation import Level
from leads import returned
from leads.forms.scoring import LineForm, ModelForm, RuleForm, SharesForm, WeightsForm
from leads.models import ScoreModel
from leads.scoring import editing, explaining, verdict, versions
from ui.htmx import redirect
from ui.responses import invalid

RETIRED_SHOWN = 20


@requires("leads.view_scoring")
def scorecards(request):
    """Every version: those in force, drafts, and the ones before; of the general scorecard and of product lines."""
    models = ScoreModel.objects.select_related("published_by").annotate(rules_n=Count("rules"))
    newest = models.order_by("line", "-number")
    shown = [list(versions)[:RETIRED_SHOWN] for _line, versions in groupby(newest, key=lambda one: one.line)]
    full = organisation.current().level == Level.FULL
    complaints = verdict.complaints(verdict.rates_handed_over())
    context = {"scorecards": shown, "full": full, "complaints": complaints, **_may(request)}
    return render(request, "leads/scoring/list.html", context)


@requires("leads.change_scoring")
def scorecard_for_line(request):
    """A scorecard for a product line: a copy of another one, as a draft."""
    form = LineForm(request.POST or None)
    if request.method != "POST":
        return render(request, "leads/scoring/line.html", {"form": form})
    if not form.is_valid():
        return invalid(request, "leads/scoring/line.html", {"form": form})
    return redirect(request, "leads:scorecard", form.save().pk)


@requires("leads.view_scoring")
def scorecard(request, pk):
    """One version: rules, thresholds, weights; a draft with the forms that change it."""
    return render(
        request, "leads/scoring/scorecard.html", _page(request, get_object_or_404(ScoreModel, pk=pk))
    )


@require_POST
@requires("leads.change_scoring")
def scorecard_new(request):
    """A draft: a copy of the version in force of the general scorecard or of a product line's."""
    line = request.POST.get("line", "")
    get_list_or_404(ScoreModel, line=line)
    return redirect(request, "leads:scorecard", versions.draft(line=line).pk)


def of_draft(view):
    """Decorate a view that changes a draft: it is handed the draft, 404 for any other version."""

    @require_POST
    @requires("leads.change_scoring")
    @wraps(view)
    def changed(request, pk, **more):
        drafts = ScoreModel.objects.filter(in_force=False, publishing=False, published_at=None)
        return view(request, get_object_or_404(drafts, pk=pk), **more)

    return changed


def _saved(request, model, name, form):
    if not form.is_valid():
        return invalid(request, "leads/scoring/scorecard.html", _page(request, model, **{name: form}))
    form.save()
    messages.success(request, _("Saved in the draft."))
    return redirect(request, "leads:scorecard", model.pk)


@of_draft
def rule_new(request, model):
    """Add a rule to a draft."""
    return _saved(request, model, "rule_form", RuleForm(request.POST, model=model))


@of_draft
def rule_remove(request, model, rule):
    """Take a rule out of a draft."""
    editing.remove_rule(model, rule)
    return redirect(request, "leads:scorecard", model.pk)


@of_draft
def scorecard_save(request, model):
    """Change a draft's name, half-life and thresholds."""
    return _saved(request, model, "model_form", ModelForm(request.POST, model=model))


@of_draft
def shares_save(request, model):
    """Set a draft's thresholds of fit by shares of leads, and tell what each came to."""
    form = SharesForm(request.POST, model=model)
    answer = _saved(request, model, "shares_form", form)
    for one in form.reached if form.is_valid() else ():
        messages.add_message(request, messages.INFO if one.leads else messages.WARNING, one.words)
    return answer


@of_draft
def weights_save(request, model):
    """Change what touches weigh in a draft."""
    return _saved(request, model, "weights_form", WeightsForm(request.POST, model=model))


@of_draft
def scorecard_discard(request, model):
    """Throw a draft away."""
    versions.discard(model)
    messages.success(request, _("The draft is gone."))
    return redirect(request, "leads:scorecards")


@requires("leads.view_scoring")
def scorecard_preview(request, pk):
    """Which leads would change grade if this version were published."""
    model = get_object_or_404(ScoreModel, pk=pk)
    preview = versions.preview(model, timezone.now())
    return render(
        request, "leads/scoring/preview.html", {"model": model, "preview": preview, **_may(request)}
    )


@require_POST
@requires("leads.publish_scoring")
def scorecard_publish(request, pk):
    """Put a version in force: a draft, or a retired one again."""
    try:
        versions.publish(get_object_or_404(ScoreModel, pk=pk), by=request.user, at=timezone.now())
    except versions.NotNow as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Being published: every lead is scored under it first, then it grades."))
    return redirect(request, "leads:scorecards")


@require_POST
@requires("leads.publish_scoring")
def scorecard_retire(request, pk):
    """Take a product line's scorecard out of force: the general one grades its leads."""
    try:
        versions.retire(get_object_or_404(ScoreModel, pk=pk).line, at=timezone.now())
    except versions.NotNow as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Retired: the general scorecard grades these leads now."))
    return redirect(request, "leads:scorecards")


@requires("leads.view_scoring")
def grade_check(request):
    """Whether grades mean something: win rate by grade, and the desk's grade against the machine's."""
    lines = [one for one in _lines_in_force() if one]
    line = request.GET.get("line", "")
    if line and line not in lines:
        raise Http404
    context = {"check": verdict.check(timezone.now(), line), "lines": lines, "line": line}
    return render(request, "leads/scoring/check.html", context)


def _lines_in_force():
    return ScoreModel.objects.filter(in_force=True).order_by("line").values_list("line", flat=True)


def _may(request):
    return {
        "may_change": permitted(request, "leads.change_scoring"),
        "may_publish": permitted(request, "leads.publish_scoring"),
    }


def _page(request, model, **forms):
    may = _may(request)
    editable = model.is_draft and may["may_change"]
    made = {}
    if editable:
        made = {
            "rule_form": RuleForm(model=model),
            "model_form": ModelForm(model=model),
            "shares_form": SharesForm(model=model),
            "weights_form": WeightsForm(model=model),
        }
    at, names = timezone.now(), returned.names()
    tallies = returned.by_rule(model, at - returned.SPAN, at)
    rules = [
        {
            "pk": rule.pk, "text": explaining.describe(rule), "points": rule.points, "group": rule.group,
            "tally": tallies[rule.pk], "whys": tallies[rule.pk].why(names)[:1],
        }
        for rule in model.rules.all()
    ]  # fmt: skip
    weights = model.weights.order_by("-weight", "kind")
    return {"model": model, "rules": rules, "weights": weights, "editable": editable, **may, **made, **forms}
