"""Saving, sharing and forgetting views of lists."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import saved
from accounts.models import SavedView
from ui.forms import Form
from ui.htmx import redirect
from ui.responses import invalid


class ViewForm(Form):
    """The name of a view and for whom it is."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    query = forms.CharField(max_length=4000, required=False)
    columns = forms.CharField(max_length=2000, required=False)
    shared = forms.BooleanField(required=False)
    is_default = forms.BooleanField(required=False)
    replaces = forms.IntegerField(required=False, min_value=1)


@require_POST
def view_save(request, page):
    """Keep the list as it stands under a name; one that is taken is asked about, unless it is the view that is open."""
    if page not in saved.PAGES:
        raise Http404
    path = resolve_url(saved.PAGES[page])
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 80 letters."))
        return redirect(request, f"{path}?{saved.plain(request.POST.get('query', ''))}")
    said = form.cleaned_data
    columns = [name for name in said["columns"].split(",") if name][:40]
    wish = {
        "query": said["query"],
        "shared": said["shared"] and request.user.team_id is not None,
        "is_default": said["is_default"],
    }
    try:
        view = saved.keep(
            request.user, page, said["name"], columns=columns, replaces=said["replaces"], **wish
        )
    except saved.NameTaken as error:
        back = f"{path}?{saved.plain(said['query'])}"
        context = {"page": page, "name": said["name"], "taken": error.view, "columns": columns, "back": back}
        return invalid(request, "accounts/view_taken.html", context | wish)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view})
    return redirect(request, saved.address(path, view))


@require_POST
def view_forget(request, pk):
    """Forget an own view; somebody else's stays."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    if view.owner_id != request.user.pk:
        raise PermissionDenied
    view.delete()
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    return redirect(request, f"{resolve_url(saved.PAGES[view.page])}?view=")
