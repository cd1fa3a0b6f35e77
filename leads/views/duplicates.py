"""The worklist of pairs that are probably the same: look, merge, or say that they are not."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.doors import require, requires
from leads import dedupe
from leads.models import Duplicate, MergeKind
from leads.views.merging import FORMS, PAGES, SEEN
from ui import keyset
from ui.htmx import redirect, render_part

MOST = 200


@requires("leads.view_merge")
def duplicate_list(request):
    """Likely pairs, the likeliest first; `kind` says of what."""
    kind = request.GET.get("kind", MergeKind.CONTACT)
    kind = kind if kind in MergeKind.values else MergeKind.CONTACT
    pairs = Duplicate.objects.visible_to(request.user).to_look_at().filter(kind=kind)
    page = keyset.page(pairs, ("-probability", "-id"), size=30, cursor=request.GET.get("cursor", ""))
    records = SEEN[kind].in_bulk({pk for pair in page.rows for pk in (pair.low_id, pair.high_id)})
    for pair in page.rows:
        pair.records = [records[pk] for pk in (pair.low_id, pair.high_id) if pk in records]
        pair.percent = int(pair.probability * 100)
    context = {
        "page": page,
        "kind": kind,
        "kinds": MergeKind.choices,
        "query": f"kind={kind}&",
        "address": PAGES[kind],
        "form_address": FORMS[kind],
    }
    return render_part(request, "leads/merging/duplicates.html", "rows", context)


@require_POST
@requires("leads.view_merge")
def duplicates_many(request):
    """Merge the ticked pairs, or dismiss them."""
    ids = [pk for pk in request.POST.getlist("pair")[:MOST] if pk.isascii() and pk.isdigit() and len(pk) < 18]
    pairs = list(Duplicate.objects.visible_to(request.user).to_look_at().filter(pk__in=ids))
    for kind in {pair.kind for pair in pairs}:
        require(request, f"leads.merge_{kind}")
    if "dismiss" in request.POST:
        done = dedupe.dismiss(pairs, by=request.user, at=timezone.now())
        said = ngettext(
            "%(n)d pair will not be proposed again.", "%(n)d pairs will not be proposed again.", done
        )
        messages.success(request, said % {"n": done})
    else:
        done, refused = dedupe.merge_pairs(pairs, by=request.user, at=timezone.now())
        said = ngettext("%(n)d pair is merged.", "%(n)d pairs are merged.", done)
        messages.success(request, said % {"n": done})
        for why in sorted(set(refused)):
            messages.warning(request, why)
    if not pairs:
        messages.info(request, _("Tick at least one pair."))
    return redirect(request, "leads:duplicates")
