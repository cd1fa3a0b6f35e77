"""The structure with its dates: what is planned, reorganisations, and the history of a person, team, rule or account."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import dated, organisation
from accounts.doors import held, permitted, require, requires, saves
from accounts.models import DatedFact, Reorganisation
from leads import structure
from leads.forms.structure import ChangeForm, OnForm, ReorganisationForm, WhatForm, changeable, since
from leads.structure import foreseeing
from ui.htmx import redirect
from ui.responses import invalid

SUBJECTS = {kind: subject for subject, kind in foreseeing.KINDS.items()}
VIEW, CHANGE = "accounts.view_team", "accounts.change_team"


@requires(VIEW)
def planned(request):
    """What is planned from which day on, and the reorganisations."""
    at = timezone.now()
    ahead = (
        DatedFact.objects.filter(since__gt=at).select_related("reorganisation", "by").order_by("since", "pk")
    )
    rows = list(ahead[:200])
    changes = [{"what": row.what, "subject": row.subject, "value": row.value} for row in rows]
    context = {
        "rows": list(zip(rows, foreseeing.lines(changes, at), strict=True)),
        "reorganisations": Reorganisation.objects.select_related("by")[:50],
        "may_change": permitted(request, CHANGE),
        "at": at,
    }
    return render(request, "leads/structure/planned.html", context)


@requires(CHANGE)
def reorganisation_new(request):
    """A reorganisation with nothing in it yet."""
    form = ReorganisationForm(request.POST or None, at=timezone.now())
    if request.method != "POST":
        return render(request, "leads/structure/new.html", {"form": form})
    if not form.is_valid():
        return invalid(request, "leads/structure/new.html", {"form": form})
    return redirect(request, "leads:reorganisation", form.save(request.user).pk)


@saves
@requires(VIEW)
def reorganisation(request, pk):
    """A reorganisation: its changes, and one more while it is not planned."""
    found = held(request, get_object_or_404(Reorganisation.objects.select_related("by"), pk=pk))
    if request.method != "POST":
        return render(request, "leads/structure/reorganisation.html", _of(request, found))
    form = _change_form(request.POST, request.POST.get("what"))
    if form is None or not _open(request, found):
        return redirect(request, "leads:reorganisation", pk)
    if not form.is_valid():
        return invalid(request, "leads/structure/reorganisation.html", _of(request, found, form))
    structure.permit(request.user, form.fact.name, form.cleaned_data["subject"])
    change = form.change()
    same = (change["what"], change["subject"])
    found.changes = [one for one in found.changes if (one["what"], one["subject"]) != same] + [change]
    found.save(update_fields=["changes"])
    return redirect(request, "leads:reorganisation", pk)


def _open(request, found):
    return permitted(request, CHANGE) and not (found.planned_at or found.called_off_at)


def _change_form(data, what):
    facts = {fact.name: fact for fact in changeable()}
    return ChangeForm(data, fact=facts[what]) if what in facts else None


def _of(request, found, form=None):
    at, is_open = timezone.now(), _open(request, found)
    form = form or (is_open and _change_form(None, request.GET.get("what"))) or None
    return {
        "reorganisation": found,
        "lines": foreseeing.lines(found.changes, found.since),
        "is_open": is_open,
        "may_call_off": permitted(request, CHANGE) and not found.called_off_at and found.since > at,
        "begun": found.planned_at and found.since <= at and not found.called_off_at,
        "what": WhatForm(facts=changeable(), initial={"what": form and form.fact.name}) if is_open else None,
        "form": form,
    }


@requires(VIEW)
def reorganisation_preview(request, pk):
    """What it would change: what stays with whom, and where offers would go."""
    found = get_object_or_404(Reorganisation, pk=pk)
    foreseen = structure.foresee(found.changes, found.since, timezone.now())
    return render(request, "leads/structure/preview.html", {"foreseen": foreseen, "since": found.since})


@require_POST
@saves
@requires(CHANGE)
def reorganisation_act(request, pk, act):
    """Plan it, call it off, or take one change out of it."""
    found = held(request, get_object_or_404(Reorganisation, pk=pk))
    try:
        if act == "plan":
            structure.plan(found, request.user, timezone.now())
            messages.success(
                request, _("Planned. It comes into force by itself, and can be called off before.")
            )
        elif act == "call-off":
            structure.call_off(found, timezone.now())
            messages.success(request, _("Called off: nothing of it comes into force."))
        elif _open(request, found):
            place = request.POST.get("place", "")
            found.changes = [one for n, one in enumerate(found.changes) if str(n) != place]
            found.save(update_fields=["changes"])
    except structure.Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:reorganisation", pk)


@saves
@requires(VIEW)
def subject(request, kind, pk):
    """The history of one person, team, rule or account; what is posted changes it from a day on, or shows what that would do."""
    found, at = _subject(request, kind, pk), timezone.now()
    facts = {
        fact.name: fact for fact in dated.of_subject(SUBJECTS[kind]) if fact.subjects().filter(pk=pk).exists()
    }
    asked = facts.get(request.POST.get("what") or request.GET.get("what"))
    form = asked and ChangeForm(request.POST or None, fact=asked, subject=found, day=organisation.today(at))
    context = _history(request, kind, found, facts, at) | {"form": form}
    if request.method != "POST":
        return render(request, "leads/structure/subject.html", context)
    if form is None or not form.is_valid():
        return invalid(request, "leads/structure/subject.html", context)
    structure.permit(request.user, asked.name, found)
    change, moment = form.change(), since(form.cleaned_data["day"], at)
    if "preview" in request.POST:
        context |= {"foreseen": structure.foresee([change], moment, at), "since": moment}
        return render(request, "leads/structure/subject.html", context)
    try:
        dated.note(change["what"], found.pk, change["value"], moment, at, by=request.user)
    except dated.NotPlanned as refusal:
        form.add_error(None, str(refusal))
        return invalid(request, "leads/structure/subject.html", context)
    messages.success(request, _("Noted: %(what)s of %(whom)s.") % {"what": asked.label, "whom": found})
    return redirect(request, "leads:structure-subject", kind, pk)


def _subject(request, kind, pk):
    if kind not in SUBJECTS:
        raise Http404
    if kind == "rule":
        require(request, "leads.view_routing")
    objects = dated.of_subject(SUBJECTS[kind])[0].model().objects
    return get_object_or_404(objects.visible_to(request.user) if kind == "company" else objects, pk=pk)


def _history(request, kind, found, facts, at):
    asked = OnForm(request.GET)
    day = (asked.is_valid() and asked.cleaned_data["on"]) or organisation.today(at)
    moment = at if day == organisation.today(at) else organisation.midnight(day)
    stretches = dated.stretches(DatedFact.objects.filter(subject=found.pk, what__in=list(facts)))
    held_then = [
        one for one in stretches if one.since <= moment and (one.until is None or one.until > moment)
    ]
    return {
        "kind": kind,
        "subject": found,
        "day": day,
        "asked": asked if asked.errors else OnForm(initial={"on": day}),
        "then": [(fact.label, one) for fact in facts.values() for one in held_then if one.what == fact.name],
        "stretches": [(facts[one.what].label, one) for one in stretches],
        "led": _led(found) if kind == "person" else [],
        "facts": [fact for fact in facts.values() if permitted(request, fact.permission, fact.guard(found))],
        "at": at,
    }


def _led(person):
    """[(team, Stretch)] of the teams that somebody headed or will head, the newest first."""
    heads = DatedFact.objects.of("head")
    rows = dated.stretches(heads.filter(subject__in=heads.filter(value=person.pk).values("subject")))
    mine = [row for row in rows if row.value == person.pk]
    teams = dated.facts()["head"].model().objects.in_bulk({row.subject for row in mine})
    return [(teams[row.subject], row) for row in mine if row.subject in teams]


@require_POST
@requires(VIEW)
def change_delete(request, kind, pk, planned):
    """A planned change of one subject is off; one that belongs to a reorganisation goes with it alone."""
    found = _subject(request, kind, pk)
    names = [fact.name for fact in dated.of_subject(SUBJECTS[kind])]
    row = get_object_or_404(DatedFact.objects.filter(subject=pk, what__in=names), pk=planned)
    structure.permit(request.user, row.what, found)
    try:
        dated.forget(DatedFact.objects.filter(pk=row.pk), timezone.now())
        messages.success(request, _("The planned change is off."))
    except dated.NotPlanned as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:structure-subject", kind, pk)
