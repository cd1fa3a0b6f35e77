"""The organisation: what holds for everybody, and the axes on which it plans."""

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import organisation as house
from accounts.doors import held, requires, saves
from accounts.forms.house import OrganisationForm, RegionForm, SegmentForm
from accounts.models import Organisation, Region, Segment
from engine.copying import chunk
from ui.htmx import redirect
from ui.menu import address
from ui.responses import invalid

AXES = {"segments": SegmentForm, "regions": RegionForm}


@saves
@requires("accounts.change_organisation")
def organisation(request):
    """Settings of the organisation."""
    form = OrganisationForm(request.POST or None, instance=held(request, Organisation.objects.get()))
    if request.method != "POST":
        return render(request, "accounts/house/organisation.html", _page(form=form))
    if not form.is_valid():
        return invalid(request, "accounts/house/organisation.html", _page(form=form))
    with chunk():  # another time zone marks the score of every lead
        form.save()
    house.forget()
    messages.success(request, _("The settings are saved."))
    return redirect(request, "accounts:organisation")


@require_POST
@requires("accounts.change_organisation")
def axis_new(request, axis):
    """A new segment or region."""
    form = AXES[axis](request.POST, prefix=axis)
    if not form.is_valid():
        return invalid(request, "accounts/house/organisation.html", _page(**{axis: form}))
    form.save()
    return redirect(request, "accounts:organisation")


def _page(form=None, **axes):
    forms = {axis: axes.get(axis) or form_class(prefix=axis) for axis, form_class in AXES.items()}
    return {
        "products_url": address("pipeline:product-list"),
        "form": form or OrganisationForm(instance=Organisation.objects.get()),
        "segments": Segment.objects.all(),
        "regions": Region.objects.select_related("parent"),
        "segment_form": forms["segments"],
        "region_form": forms["regions"],
    }
