"""Saved views of lists: opened by their address, kept for oneself or shared with the team.

home = saved.opening(request, "leads")        # the default view, when the list is opened without any wish
…
context["views"] = saved.Bar(request, "leads", COLUMNS)
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import SavedView, User
from ui.htmx import wants_fragment

PAGES = {
    "leads": "leads:lead-list",
    "deals": "leads:deal-list",
    "campaigns": "pipeline:campaign-list",
    "companies": "pipeline:company-list",
}
NEEDED = ("name", "query", "columns", "team_id", "is_default", "owner_id")
FLEETING = ("cursor", "view", "columns")


def opening(request, page):
    """A redirect to the user's default view of `page`, or None: only when nothing at all is asked for."""
    if request.GET or wants_fragment(request):
        return None
    own = (view for view in _visible(request, page) if view.owner_id == request.user.pk and view.is_default)
    view = next(own, None)
    return HttpResponseRedirect(address(request.path, view)) if view else None


def _visible(request, page):
    """The views of a list that the user may open, read once for a request."""
    read = request.__dict__.setdefault("saved_views", {})
    if page not in read:
        found = SavedView.objects.visible_to(request.user).filter(page=page).select_related("owner")
        read[page] = list(found.only(*NEEDED, *(f"owner__{name}" for name in User.told_by)))
    return read[page]


def address(path, view):
    """The list as a view shows it: everything stands in the address."""
    extra = {"columns": ",".join(view.columns)} if view.columns else {}
    return f"{path}?{'&'.join(filter(None, (view.query, urlencode({**extra, 'view': view.pk}))))}"


def plain(query):
    """A query string without what belongs to one visit: the page, the view, the columns."""
    kept = QueryDict(query, mutable=True)
    for name in FLEETING:
        kept.pop(name, None)
    for name, values in list(kept.lists()):
        kept.setlist(name, [value for value in values if value])
    return kept.urlencode()[:1000]


class NameTaken(ValueError):
    """There is an own view of that name, `view`, and nobody said that it may be replaced."""

    def __init__(self, view):
        super().__init__(_("You have a view “%(name)s” of this list already.") % {"name": view})
        self.view = view


@transaction.atomic
def keep(user, page, name, *, query, columns, shared, is_default, replaces=None):
    """Save a view under a name. Returns it.

    The own view of that name is replaced where `replaces` is its key; otherwise raises NameTaken, and nothing is changed.
    """
    view, made = SavedView.objects.get_or_create(owner=user, page=page, name=name)
    if not made and view.pk != replaces:
        raise NameTaken(view)
    if is_default:
        SavedView.objects.filter(owner=user, page=page).update(is_default=False)
    view.query, view.columns, view.is_default = plain(query), columns, is_default
    view.team = user.team if shared else None
    view.save()
    return view


@dataclass
class Bar:
    """What templates/accounts/views.html shows above a list. `columns` are all that there are."""

    request: HttpRequest
    page: str
    columns: list

    @cached_property
    def views(self):
        """The views that the user may open, as (view, its address, is it open)."""
        current = self.request.GET.get("view", "")
        found = _visible(self.request, self.page)
        return [(view, address(self.request.path, view), str(view.pk) == current) for view in found]

    @cached_property
    def current(self):
        """The open view, or None."""
        return next((view for view, _address, is_open in self.views if is_open), None)

    @property
    def is_mine(self):
        """Is the open view the user's own?"""
        return self.current is not None and self.current.owner_id == self.request.user.pk

    @property
    def query(self):
        """What a new view would keep of the address."""
        return plain(self.request.META.get("QUERY_STRING", ""))

    @property
    def kept(self):
        """The parts of the address that choosing columns leaves as they are: (name, value)."""
        lists = QueryDict(self.query).lists()
        return [(name, value) for name, values in lists for value in values]

    @cached_property
    def shown(self):
        """The names of the columns that are shown."""
        return [name for value in self.request.GET.getlist("columns") for name in value.split(",") if name]

    @property
    def choices(self):
        """All columns but the first, which always stands: (name, label, is it shown)."""
        shown = self.shown or [column.name for column in self.columns if column.shown]
        return [(column.name, column.label, column.name in shown) for column in self.columns[1:]]
