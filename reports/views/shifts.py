"""Moving spend: the simulator, the decisions kept from it, and the second look a quarter later."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import permitted, requires
from reports import exporting, file_tables, periods, shifting, shifts, simulating
from reports.choice import axes, one_of, parse
from reports.forms import KeepForm, LearnedForm, MoveForm
from reports.growth.forms import LessonForm
from reports.histories import histories
from reports.models import Shift
from reports.models.shifts import ShiftAxis
from reports.views.head import head
from ui.htmx import redirect, render_part
from ui.responses import invalid

MOVE = ("by", "source", "target", "amount")
WHOLE = gettext_lazy("spend is moved for the whole house, by its last 36 months")
# What segments bring is theirs whatever brought it: no model credits it.
HEEDED = {ShiftAxis.CHANNEL: ("model",), ShiftAxis.SEGMENT: ()}
SEED = 1  # the same question has the same answer


def _asked(data, at):
    """(what is moved, axes, Choice, {key: months}, {key: name}) of an address or a form."""
    query = data.copy()
    moved = {name: "".join(query.pop(name, [])[-1:]) for name in MOVE}
    known = axes(query)
    between = one_of(moved, "by", ShiftAxis.values, ShiftAxis.CHANNEL)
    choice = parse(query, known, at)
    months = histories(between, choice.model, choice.today.replace(day=1))
    return moved | {"by": between}, known, choice, months, shifting.names(months, between, known)


@require_safe
@requires("reports.view_money")
def simulator(request):
    """Move spend between two channels or segments and see what is to be expected of it."""
    moved, known, choice, months, named = _asked(request.GET, timezone.now())
    form = MoveForm(
        named, months, choice.currency, moved if moved["amount"] else None, initial=_first_idea(months, moved)
    )
    found = None
    if form.is_bound and form.is_valid():
        found = simulating.simulate(
            months,
            *(form.cleaned_data[name] for name in ("source", "target")),
            float(form.cleaned_data["amount"]),
            SEED,
        )
    if kind := exporting.wanted(request):
        return _file(kind, found, known, choice, named)
    return _shown(request, moved, known, choice, named, form, found)


def _file(kind, found, known, choice, named):
    """What the page has just worked out, if anything, and the decisions that are kept."""
    kept = shifting.shifts_table(shifts.listed(), known, choice)
    kept.columns = [*kept.columns, shifting.REASON]
    first, *more = [file_tables.moved(found, named), kept] if found and found.is_fitted else [kept]
    return exporting.answer(kind, "shifts", first.columns, first.rows, more=more)


def _first_idea(months, moved):
    """What the empty form begins with: from where a euro brought least to where it brought most."""
    ranked = simulating.ranked(months)
    known = {name: moved[name] for name in ("source", "target") if moved[name]}
    return ({"source": ranked[0], "target": ranked[-1]} if len(ranked) > 1 else {}) | known


def _shown(request, moved, known, choice, named, form, found, keep_form=None):
    may_keep = permitted(request, "reports.shift_spend")
    context = head(
        request,
        choice,
        known,
        _("Shift spend"),
        choice.query(**{name: value or None for name, value in moved.items()}),
        only=HEEDED[moved["by"]],
        why=WHOLE,
    ) | {
        "carried": parse_qsl(choice.query(model=None)),
        "move_form": form,
        "between": [
            (label, choice.query(by=value), value == moved["by"]) for value, label in ShiftAxis.choices
        ],
        "moved": moved,
        "shifts": shifting.shifts_table(shifts.listed(), known, choice),
        "found": found,
    }
    if found and found.is_fitted:
        tone, verdict = shifting.verdict(found, choice.currency)
        first = periods.shifted(choice.today.replace(day=1), 1)
        context |= {
            "tone": tone,
            "verdict": verdict,
            "far": shifting.far(found, named, choice.currency),
            "table": shifting.table(found, named, choice.currency),
            "keep_form": may_keep and (keep_form or KeepForm(choice.today, initial={"starts_on": first})),
        }
    elif found:
        context["obstacles"] = shifting.obstacles(found, named).values()
    invalid_form = form.errors or (keep_form and keep_form.errors)
    return render_part(
        request,
        "reports/shifts.html",
        "board",
        context,
        status=422 if invalid_form and request.method == "POST" else 200,
    )


@require_POST
@requires("reports.shift_spend")
def keep(request):
    """Keep a decision with what is expected of it now."""
    at, data = timezone.now(), request.POST.copy()
    wish = {name: "".join(data.pop(name, [])[-1:]) for name in ("starts_on", "reason")}
    data.pop("csrfmiddlewaretoken", None)
    moved, known, choice, months, named = _asked(data, at)
    form, keep_form = MoveForm(named, months, choice.currency, moved), KeepForm(choice.today, wish)
    if not form.is_valid():
        return _shown(request, moved, known, choice, named, form, None)
    move = form.cleaned_data
    found = simulating.simulate(months, move["source"], move["target"], float(move["amount"]), SEED)
    if not keep_form.is_valid() or not found.is_fitted:
        return _shown(request, moved, known, choice, named, form, found, keep_form)
    kept = shifts.keep(
        found, moved["by"], choice.model, keep_form.cleaned_data["starts_on"], keep_form.cleaned_data["reason"],
        request.user, at,
    )  # fmt: skip
    messages.success(request, _("The decision is kept; you will be reminded to look at it again."))
    return redirect(request, "reports:shift", kept.pk)


@require_safe
@requires("reports.view_money")
def shift(request, pk):
    """One decision: what was expected, and what came of it so far."""
    return _one(request, pk, LearnedForm())


def _one(request, pk, form, lesson=None):
    found = get_object_or_404(Shift.objects.select_related("decided_by", "looked_by", "taken_back_by"), pk=pk)
    known = axes()
    choice = parse({}, known, timezone.now())
    over, spent, outcomes = shifts.outcome(found, choice.today)
    tone, words = shifting.state(found, choice.today)
    settled = found.looked_at or found.taken_back_at
    may_change = not settled and permitted(request, "reports.shift_spend")
    context = {
        "shift": found,
        "heading": shifting.title(found, known),
        "currency": choice.currency,
        "tone": tone,
        "state": words,
        "over": over,
        "sides": shifting.sides(found, spent, known, choice.currency) if over else [],
        "table": over and shifting.outcome_table(outcomes, choice.currency),
        "may_look": (may_change and found.due_on <= choice.today) or bool(form.errors),
        "may_take_back": may_change,
        "form": form,
        "may_learn": bool(found.looked_at),
        "lessons": found.lessons.select_related("by").order_by("-id") if found.looked_at else (),
        "lesson_form": lesson or LessonForm(),
    }
    if form.errors or lesson:
        return invalid(request, "reports/shift.html", context)
    return render_part(request, "reports/shift.html", "panel", context)


@require_POST
@requires("reports.shift_spend")
def look(request, pk):
    """Look at a decision again, a quarter later, and say what was learned."""
    form = LearnedForm(request.POST)
    if not form.is_valid():
        return _one(request, pk, form)
    get_object_or_404(Shift, pk=pk)
    try:
        shifts.look_again(pk, form.cleaned_data["learned"], request.user, timezone.now())
    except shifts.NotDue:
        said = _(
            "Nothing changed: the quarter is not over yet, or somebody was faster. Your words are not kept."
        )
        form.add_error("learned", said)
        return _one(request, pk, form)
    messages.success(request, _("What was learned is kept."))
    return redirect(request, "reports:shift", pk)


@require_POST
@requires("reports.view_money")
def learn(request, pk):
    """Say what was learned later of a decision that was looked at; every word is kept."""
    found, form = get_object_or_404(Shift, pk=pk), LessonForm(request.POST)
    if not form.is_valid():
        return _one(request, pk, LearnedForm(), form)
    try:
        shifts.learn(found, form.cleaned_data["text"], request.user, timezone.now())
        messages.success(request, _("What was learned is kept."))
    except shifts.NotDue:
        messages.warning(request, _("Nothing is kept: the decision was not looked at again yet."))
    return redirect(request, "reports:shift", pk)


@require_POST
@requires("reports.shift_spend")
def take_back(request, pk):
    """Take back a decision that was kept by mistake."""
    get_object_or_404(Shift, pk=pk)
    try:
        shifts.take_back(pk, request.user, timezone.now())
        messages.success(request, _("The decision is taken back: nobody is reminded of it."))
    except shifts.Settled:
        messages.warning(request, _("Nothing changed: somebody was faster."))
    return redirect(request, "reports:shift", pk)
