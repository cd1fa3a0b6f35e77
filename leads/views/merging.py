"""Two records of one person or company: side by side, merged, and taken apart again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, permitted, requires
from leads import merging
from leads.models import Duplicate, Merge, MergeKind, Touch
from pipeline.models import Company, Contact
from ui import keyset
from ui.htmx import redirect, render_part
from ui.spelling import Named

MOST, WORDS, LONGEST = 12, 8, 200
SEEN = {
    MergeKind.CONTACT: Contact.objects.select_related("company", "region").prefetch_related("identities"),
    MergeKind.COMPANY: Company.objects.select_related(
        "parent", "segment", "region", "sales_owner", "marketing_contact"
    ),
}
PAGES = {MergeKind.CONTACT: "pipeline:contact", MergeKind.COMPANY: "pipeline:company"}
FORMS = {MergeKind.CONTACT: "leads:contact-merge", MergeKind.COMPANY: "leads:company-merge"}
MERGE = {MergeKind.CONTACT: merging.merge_contacts, MergeKind.COMPANY: merging.merge_companies}


def contact_merge(request, pk):
    """Find the other record of a contact, compare, and merge."""
    return _merge(request, MergeKind.CONTACT, pk)


def company_merge(request, pk):
    """The same for a company."""
    return _merge(request, MergeKind.COMPANY, pk)


def _merge(request, kind, pk):
    one = get_permitted(request, SEEN[kind].surviving(), f"leads.merge_{kind}", pk)
    other = request.POST.get("with") or request.GET.get("with", "")
    if not other:
        return _choose(request, kind, one)
    if not (other.isascii() and other.isdigit() and len(other) < 18):
        raise PermissionDenied
    two = get_permitted(request, SEEN[kind].surviving(), f"leads.merge_{kind}", int(other))
    if request.method != "POST":
        return render(request, "leads/merging/compare.html", _side_by_side(kind, one, two))
    survivor, gone = (two, one) if request.POST.get("survivor") == str(two.pk) else (one, two)
    chosen = [name for name in merging.CHOOSABLE[kind] if request.POST.get(name) == str(gone.pk)]
    try:
        MERGE[kind](survivor.pk, gone.pk, by=request.user, at=timezone.now(), chosen=chosen)
        messages.success(request, _("Merged. It can be undone on the page “Merged”."))
    except merging.MergeRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, PAGES[kind], survivor.pk)


def _side_by_side(kind, one, two):
    """The context of the comparison: the older record stands first and survives unless somebody says otherwise."""
    first, second = sorted((one, two), key=lambda record: record.pk)
    return {
        "kind": kind,
        "records": [first, second],
        "pairs": merging.pairs(kind, first, second),
        "address": PAGES[kind],
        "form_address": FORMS[kind],
    }


def _choose(request, kind, one):
    """Whom it may be merged with: what the search finds; before it is asked, the likely ones and what is called alike."""
    q = request.GET.get("q", "").strip()[:LONGEST]
    found = SEEN[kind].surviving().visible_to(request.user).exclude(pk=one.pk)
    rows = [] if q else _likely(request.user, kind, one, found)
    known = {row.pk for row in rows}
    rows += [row for row in _called(found, kind, q or str(one)) if row.pk not in known]
    context = {
        "kind": kind,
        "record": one,
        "q": q,
        "rows": rows,
        "address": PAGES[kind],
        "form_address": FORMS[kind],
    }
    return render(request, "leads/merging/choose.html", context)


def _likely(user, kind, one, found):
    """Those of `found` that the search for duplicates takes for the same one, the likeliest first; `percent` says how."""
    pairs = Duplicate.objects.visible_to(user).to_look_at().filter(kind=kind)
    pairs = pairs.filter(Q(low_id=one.pk) | Q(high_id=one.pk)).order_by("-probability", "-pk")[:MOST]
    percents = {pair.low_id + pair.high_id - one.pk: int(pair.probability * 100) for pair in pairs}
    records = found.in_bulk(percents)
    for pk, record in records.items():
        record.percent = percents[pk]
    return [records[pk] for pk in percents if pk in records]


def _called(found, kind, text):
    """The newest of `found` whose names or addresses hold every word of a text."""
    names = ("full_name", "identities__value") if kind == MergeKind.CONTACT else ("name", "domain")
    for word in text.split()[:WORDS]:
        condition = Q()
        for name in names:
            condition |= Q(**{f"{name}__{Named.lookup_name}": word})
        found = found.filter(condition)
    return list(found.distinct().order_by("-pk")[:MOST])


@requires("leads.view_merge")
def merge_list(request):
    """What was merged, newest first."""
    merges = Merge.objects.visible_to(request.user).filter(undoes=None).select_related("by", "undone")
    page = keyset.page(merges, ("-at", "-id"), size=30, cursor=request.GET.get("cursor", ""))
    for kind in MergeKind:
        rows = [merge for merge in page.rows if merge.kind == kind]
        names = (
            SEEN[kind]
            .prefetch_related(None)
            .in_bulk([pk for merge in rows for pk in (merge.survivor_id, merge.gone_id)])
        )
        for merge in rows:
            merge.survivor, merge.gone = names.get(merge.survivor_id), names.get(merge.gone_id)
            merge.page = PAGES[kind]
    _meanwhile(page.rows)
    return render_part(request, "leads/merging/list.html", "rows", {"page": page})


def _meanwhile(merges):
    """Give undone ones `back` and `unclear`: the touches that came before the undo and went back, or stay with the survivor."""
    undone = [merge for merge in merges if hasattr(merge, "undone")]
    touches = Touch.objects.in_bulk(
        [pk for merge in undone for pk in merge.undone.moved.get("unclear", [])[:MOST]]
    )
    for merge in undone:
        merge.back = len(merge.undone.moved.get("back", []))
        unclear = merge.undone.moved.get("unclear", [])
        merge.unclear = [touches[pk] for pk in unclear[:MOST] if pk in touches]
        merge.more = max(0, len(unclear) - MOST)


@require_POST
def merge_undo(request, pk):
    """Take a merge apart again."""
    merge = get_object_or_404(Merge.objects.visible_to(request.user), pk=pk)
    if not permitted(request, f"leads.merge_{merge.kind}"):
        raise PermissionDenied
    try:
        undone = merging.undo(merge.pk, by=request.user, at=timezone.now())
        messages.success(request, _("The merge is undone."))
        if undone.moved.get("unclear"):
            messages.warning(request, _("What came meanwhile and stays is told on the page “Merged”."))
    except merging.MergeRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect(request, "leads:merge-list")
    return redirect(request, PAGES[merge.kind], merge.gone_id)
