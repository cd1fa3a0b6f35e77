"""Open complaints as work: the list of them, closing one with what was done, and taking that back."""

from urllib.parse import urlencode

import django_filters
from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.doors import permitted, require, requires
from leads import complaints
from leads.forms.leads import CloseForm
from leads.models import Touch
from pipeline.models import Contact
from ui import keyset
from ui.filters import FilterSet
from ui.htmx import redirect, render_part
from ui.inline import following


class ComplaintFilters(FilterSet):
    """What the open complaints may be narrowed to."""

    whose = django_filters.ChoiceFilter(
        choices=[("mine", gettext_lazy("Mine"))], method="by_owner", label=gettext_lazy("Whose")
    )
    old = django_filters.BooleanFilter(method="by_age", label=gettext_lazy("Open for more than a day"))
    contact = django_filters.NumberFilter()  # for links

    class Meta:
        model = Touch
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "contact" not in (self.data or ()):
            del self.form.fields["contact"]

    def by_owner(self, queryset, name, value):
        """The reader's own."""
        return queryset.filter(whose=self.request.user.pk)

    def by_age(self, queryset, name, value):
        """Those open for long, or the others."""
        long_ago = timezone.now() - complaints.LONG
        return queryset.filter(at__lte=long_ago) if value else queryset.filter(at__gt=long_ago)


@requires("leads.view_complaint")
def complaint_list(request):
    """The open complaints that the user sees, the oldest first."""
    found = complaints.opened(complaints.seen_by(request.user)).select_related("contact__company")
    filters = ComplaintFilters(request.GET or None, found, request=request)
    page = keyset.page(filters.qs, ("at", "id"), size=30, cursor=request.GET.get("cursor", ""))
    people = Contact.objects.visible_to(request.user).filter(pk__in=[row.contact_id for row in page.rows])
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "filter": filters,
        "page": page,
        "query": f"{query.urlencode()}&" if query else "",
        "known": set(people.values_list("pk", flat=True)),
        "late": timezone.now() - complaints.LONG,
        "may": permitted(request, "leads.add_touch"),
        "next_url": request.get_full_path(),
    }
    return render_part(request, "leads/complaints/list.html", "rows", context)


@require_POST
def complaint_close(request, pk):
    """Close a complaint with what was done about it."""
    complaint = _seen(request, pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what was done, then it can be closed."))
    elif complaints.close(complaint, form.cleaned_data["done"], by=request.user, at=timezone.now()):
        undo = reverse("leads:complaint-reopen", args=[pk])
        if to := request.POST.get("next", ""):
            undo += f"?{urlencode({'next': to})}"
        messages.success(request, _("The complaint is closed."), extra_tags=undo)
    else:
        messages.info(request, _("The complaint was closed already."))
    return _back(request, complaint)


@require_POST
def complaint_reopen(request, pk):
    """Take one's own closing back, some minutes long."""
    complaint = _seen(request, pk)
    if complaints.reopen(complaint, by=request.user, at=timezone.now()):
        messages.success(request, _("The complaint is open again."))
    else:
        messages.warning(request, _("Only your own closing can be taken back, and for ten minutes."))
    return _back(request, complaint)


def _seen(request, pk):
    complaint = get_object_or_404(complaints.seen_by(request.user), pk=pk)
    require(request, "leads.add_touch")
    return complaint


def _back(request, complaint):
    """The page that it came from; without one the list, or the briefing where the person is seen."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    seen = Contact.objects.visible_to(request.user).filter(pk=complaint.contact_id).exists()
    back = reverse("leads:briefing", args=[complaint.contact_id]) if seen else reverse("leads:complaint-list")
    return redirect(request, following(asked, request, back))
