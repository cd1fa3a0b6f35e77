"""Obstacles: a panel on a lead or deal, the log of all, and the page of one with marketing's answer."""

from datetime import timedelta

import django_filters
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import organisation
from accounts.doors import get_permitted, permitted, require, requires
from leads import obstacles
from leads.consulting import Refused
from leads.forms.obstacles import AnswerObstacleForm, ObstacleForm, SpeakForm
from leads.models import Obstacle, ObstacleKind
from leads.views import counsel
from leads.views.counsel import PEOPLE
from pipeline.models import Campaign, Deal
from ui import keyset
from ui.filters import FilterSet
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table

SEEN = Obstacle.objects.select_related(
    *obstacles.SEEN, *(f"lead__contact__{name}" for name in PEOPLE), "lead__campaign__owner", "lead__owner",
    *(f"deal__{name}" for name in PEOPLE), "deal__owner", "deal__stage", "deal__product", "lead__product",
)  # fmt: skip
KINDS = {name: counsel.KINDS[name] for name in ("lead", "deal")}
STATES = {
    "open": (pgettext_lazy("of an obstacle", "waits for marketing"), "warn"),
    "late": (gettext_lazy("overdue"), "bad"),
    "answered": (pgettext_lazy("of an obstacle", "answered"), "ok"),
}
COLUMNS = [
    Column("what", gettext_lazy("What stopped it"), href="href", note="words"),
    Column("name", gettext_lazy("Lead or deal"), note="company"),
    Column("state", gettext_lazy("State"), kind="pill"),
    Column("at", gettext_lazy("Written down"), kind="day"),
    Column("due_at", gettext_lazy("Answer by"), kind="moment"),
    Column("by__full_name", gettext_lazy("Rep"), kind="person"),
    Column("asked__full_name", gettext_lazy("Who is to answer"), kind="person"),
    Column("help", gettext_lazy("Helped"), kind="number"),
]


class NumbersFilter(django_filters.BaseInFilter, django_filters.NumberFilter):
    """Several ids, with commas between them."""


class ObstacleFilters(FilterSet):
    """What the log may be narrowed to."""

    kind = django_filters.ChoiceFilter(choices=ObstacleKind.choices, label=gettext_lazy("What stopped it"))
    answered = django_filters.BooleanFilter(
        field_name="answered_at", lookup_expr="isnull", exclude=True, label=gettext_lazy("Answered")
    )
    at = django_filters.DateFromToRangeFilter(method="by_days", label=gettext_lazy("Written down"))
    overdue = django_filters.BooleanFilter(method="by_clock", label=gettext_lazy("Overdue"))
    by = NumbersFilter(method="by_people", label=gettext_lazy("Rep"))
    brought_team = django_filters.NumberFilter(method="by_campaigns", label=gettext_lazy("Team"))
    brought_rep = django_filters.NumberFilter(method="by_campaigns", label=gettext_lazy("Person"))
    # last, as it looks at what the others leave
    became = django_filters.ChoiceFilter(
        choices=[
            ("won_after", gettext_lazy("won after the answer")),
            ("lost_after", gettext_lazy("lost after the answer")),
            ("won_without", gettext_lazy("won without an answer")),
            ("lost_without", gettext_lazy("lost without an answer")),
        ],
        method="by_deal",
        label=gettext_lazy("What became of the deal"),
    )

    class Meta:
        model = Obstacle
        fields = []

    def by_deal(self, queryset, name, value):
        """Obstacles whose deal was open then and went so."""
        return obstacles.became(obstacles.with_deals(queryset), *value.split("_"))

    def by_days(self, queryset, name, value):
        """Obstacles of these days of the house, wherever the reader is."""
        if value.start:
            queryset = queryset.filter(at__gte=organisation.midnight(value.start.date()))
        if value.stop:
            queryset = queryset.filter(at__lt=organisation.midnight(value.stop.date() + timedelta(days=1)))
        return queryset

    def by_people(self, queryset, name, value):
        """Obstacles that these people wrote down; 0 among them: or nobody any more."""
        nobody = Q(by=None) if 0 in value else Q(pk=None)
        return queryset.filter(Q(by__in=value) | nobody)

    def by_campaigns(self, queryset, name, value):
        """Obstacles of what the campaigns of a team or person of marketing brought."""
        whose = {"brought_team": "owner__team", "brought_rep": "owner"}[name]
        return obstacles.brought_by(queryset, Campaign.objects.filter(**{whose: value}).values("pk"))

    def by_clock(self, queryset, name, value):
        """Obstacles whose answer is overdue, or all others."""
        late = Q(answered_at=None, due_at__lte=timezone.now())
        return queryset.filter(late) if value else queryset.exclude(late)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for hidden in ("by", "brought_team", "brought_rep", "at", "overdue"):
            if not any(name.startswith(hidden) for name in self.data or ()):
                del self.form.fields[hidden]


@requires("leads.view_obstacle")
def obstacle_list(request):
    """Every obstacle that the user sees and that counts, newest first."""
    seen_ones = Obstacle.objects.visible_to(request.user).counted()
    filters = ObstacleFilters(request.GET or None, seen_ones, request=request)
    rows = filters.qs.annotate(help=Count("helped")).values(
        "id", "kind", "words", "at", "due_at", "answered_at", "by__full_name", "asked__full_name", "help",
        "deal__name", "deal__company__name", "lead__contact__full_name", "lead__contact__company__name",
    )  # fmt: skip
    page, at = keyset.page(rows, ("-at", "-id"), cursor=request.GET.get("cursor", "")), timezone.now()
    for row in page.rows:
        words, tone = STATES["answered" if row["answered_at"] else "late" if row["due_at"] <= at else "open"]
        row.update(
            what=ObstacleKind(row["kind"]).label,
            href=reverse("leads:obstacle", args=[row["id"]]),
            name=row["deal__name"] or row["lead__contact__full_name"] or _("Nameless"),
            company=row["deal__company__name"] or row["lead__contact__company__name"] or "",
            state=words,
            tone=tone,
        )
    table = Table(
        page.rows, COLUMNS, _("What stops talks"), request=request, page=page, cards=True,
        empty=_("Nothing is written down. A rep does that in two taps on a lead or deal."),
    )  # fmt: skip
    return render_part(request, "leads/obstacles/list.html", "rows", {"filter": filters, "table": table})


def _about(request, kind, pk):
    """The lead or deal whose talk was stopped. 404 for anything else."""
    if kind not in KINDS:
        raise Http404
    return counsel.seen(request, kind, pk)


@require_safe
def obstacles_of(request, kind, pk):
    """The panel of a lead or deal, or the same as a page."""
    found = _about(request, kind, pk)
    return render_part(request, "leads/obstacles/of.html", "panel", panel(request, found, kind))


@require_POST
def obstacle_log(request, kind, pk):
    """What stopped the talk."""
    found = _about(request, kind, pk)
    require(request, "leads.log_obstacle", found)
    form = ObstacleForm(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/obstacles/of.html", panel(request, found, kind, form))
    made = _verb(request, obstacles.log, found, form.cleaned_data["kind"], form.cleaned_data["words"])
    if made is None:
        return redirect(request, f"leads:{kind}", pk)
    known = obstacles.answers_to([made.kind], [made.pk])
    messages.success(
        request,
        _("Written down: these answers helped others.") if known else _("Written down: marketing owes an answer."),
    )  # fmt: skip
    return redirect(request, "leads:obstacles-of", kind, pk)


@require_safe
def obstacle(request, pk):
    """One obstacle, its answer, and what helped others."""
    return render(request, "leads/obstacles/one.html", _one(request, _found(request, pk)))


@require_POST
def obstacle_answer(request, pk):
    """Marketing's answer."""
    found = _found(request, pk)
    require(request, "leads.answer_obstacle")
    form = AnswerObstacleForm(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/obstacles/one.html", _one(request, found, answer=form))
    said = form.cleaned_data
    if _verb(request, obstacles.answer, found, said["text"], kind=said["kind"], link=said["link"]):
        messages.success(request, _("Answered, and the rep is told."))
    return redirect(request, "leads:obstacle", pk)


@require_POST
def obstacle_speak(request, pk):
    """The answer becomes an argument of One voice, which both heads sign."""
    found = _found(request, pk)
    require(request, "leads.answer_obstacle")
    form = SpeakForm(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/obstacles/one.html", _one(request, found, speak=form))
    try:
        obstacles.speak(found, form.cleaned_data["text"], proof=form.cleaned_data["proof"], by=request.user)
        messages.success(request, _("Proposed: it is said as soon as both heads have signed."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:obstacle", pk)


@require_POST
@requires("leads.log_obstacle")
def obstacle_helps(request, pk):
    """An answer helped the reader on, whoever's obstacle it was."""
    found = Obstacle.objects.filter(pk=pk, answered_at__isnull=False).first()
    if found is None:
        messages.warning(request, _("There is no answer yet."))
    else:
        obstacles.helps(found, by=request.user)
        messages.success(request, _("Noted: it helped."))
    kind, about = request.GET.get("kind", ""), request.GET.get("about", "")
    if kind in KINDS and about.isascii() and about.isdigit() and len(about) < 19:
        return redirect(request, "leads:obstacles-of", kind, about)
    return redirect(request, "leads:obstacle-list")


def panel(request, thing, kind, form=None):
    """What stopped talks on a lead or deal, and what helped others where the same did."""
    found, at = obstacles.on(thing), timezone.now()
    known = obstacles.answers_to(
        sorted({one.kind for one in found if one.answered_at is None}), [one.pk for one in found]
    )
    return {
        "about": thing,
        "about_kind": kind,
        "about_href": reverse(f"leads:{kind}", args=[thing.pk]),
        "met": [(one, *STATES[one.state(at)]) for one in found],
        "known": [(ObstacleKind(one).label, answers) for one, answers in known.items()],
        "kinds": ObstacleKind.choices,
        "form": form or ObstacleForm(),
        "may_log": permitted(request, "leads.log_obstacle", thing),
    }


def _found(request, pk):
    return get_permitted(request, SEEN, "leads.view_obstacle", pk)


def _one(request, found, answer=None, speak=None):
    kind = "deal" if found.deal_id else "lead"
    answers = permitted(request, "leads.answer_obstacle")
    words, tone = STATES[found.state(timezone.now())]
    opens = permitted(request, KINDS[kind][1], found.about)
    return {
        "obstacle": found,
        "state": words,
        "tone": tone,
        "about": found.about,
        "about_href": reverse(f"leads:{kind}", args=[found.about.pk]) if opens else "",
        "customer": found.about.company if isinstance(found.about, Deal) else found.about.contact.company,
        "known": obstacles.answers_to([found.kind], [found.pk]).get(found.kind, []),
        "answer_form": (answer or AnswerObstacleForm()) if answers and not found.answered_at else None,
        "speak_form": (speak or SpeakForm(initial={"text": found.answer[:300], "proof": found.link}))
        if answers and found.answered_at and not found.statement_id
        else None,
        "helped": found.helped.count(),
    }


def _verb(request, verb, *args, **named):
    """Do it; a refusal is told, and nothing returned."""
    try:
        return verb(*args, **named, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return None
