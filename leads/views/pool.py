"""The pool: good leads that nobody holds."""

import django_filters
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.doors import require, requires
from accounts.models import Region, Segment
from leads import grading, pool
from leads.models import Lead
from pipeline.channels import Channel
from ui import keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part


class PoolFilters(FilterSet):
    """What the pool may be narrowed to."""

    q = WordsFilter(columns=["contact__full_name", "contact__company__name"], label=gettext_lazy("Search"))
    grade = django_filters.ChoiceFilter(
        choices=[("B", "B"), ("C", "C"), ("D", "D")], label=gettext_lazy("Grade"), method="by_grade"
    )
    segment = django_filters.ModelChoiceFilter(queryset=Segment.objects.all(), label=gettext_lazy("Segment"))
    region = django_filters.ModelChoiceFilter(queryset=Region.objects.all(), label=gettext_lazy("Region"))

    class Meta:
        model = Lead
        fields = []

    def __init__(self, *args, at=None, **kwargs):
        self.at = at
        super().__init__(*args, **kwargs)

    def by_grade(self, queryset, name, value):
        return queryset.filter(grading.graded_as(value, self.at))


@requires("leads.view_pool")
def pool_list(request):
    """What may be claimed now, longest waiting last, and how many more the rep may take today."""
    at = timezone.now()
    waiting = grading.graded(pool.waiting(at).visible_to(request.user), at)
    filters = PoolFilters(request.GET or None, waiting, request=request, at=at)
    rows = filters.qs.values(
        "id", "contact__full_name", "contact__company__name", "contact__city", "region__name", "grade_now",
        "engagement", "channel", "campaign__name", "pooled_at",
    )  # fmt: skip
    page = keyset.page(rows, ("-pooled_at", "-id"), size=30, cursor=request.GET.get("cursor", ""))
    for row in page.rows:
        row["channel"] = Channel(row["channel"]).label
    left = pool.claims_left(request.user, at)
    context = {"filter": filters, "page": page, "left": left, "may_claim": bool(left and min(left))}
    return render_part(request, "leads/pool.html", "rows", context)


@require_POST
def claim(request, pk):
    """Take one out of the pool; whoever comes too late is told, and is back in the pool."""
    require(request, "leads.claim_lead")
    try:
        pool.claim(pk, by=request.user, at=timezone.now())
    except pool.ClaimRefused as refusal:
        messages.warning(request, str(refusal))
        mine = Lead.objects.filter(pk=pk, owner=request.user).exists()
        return redirect(request, *(("leads:lead", pk) if mine else ("leads:pool",)))
    messages.success(request, _("It is yours: make contact."))
    return redirect(request, "leads:lead", pk)
