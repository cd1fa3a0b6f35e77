"""The worklist of pairs that are probably the same: look, merge, or say that they are not."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.bulk import first_of, picked
from accounts.doors import require, requires
from leads import dedupe, merging
from leads.models import Duplicate, Lead, Merge, MergeKind
from leads.views.merging import FORMS, PAGES, SEEN
from ui import keyset
from ui.htmx import redirect, render_part
from ui.inline import following

MOST = 200
MERGED = "merged_pairs"  # in the session: what the last click merged


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
    """Merge the ticked pairs, or dismiss them. More than one merge is shown first, with a count."""
    pairs = _ticked(request)
    if not pairs:
        messages.info(request, _("Tick at least one pair."))
    elif "dismiss" in request.POST:
        done = dedupe.dismiss(pairs, by=request.user, at=timezone.now())
        said = ngettext(
            "%(n)d pair will not be proposed again.", "%(n)d pairs will not be proposed again.", done
        )
        messages.success(request, said % {"n": done})
    elif len(pairs) > 1 and "sure" not in request.POST:
        return render(request, "leads/preview.html", _preview(request, pairs))
    else:
        _merge(request, pairs)
    return redirect(request, "leads:duplicates")


@require_POST
@requires("leads.merge_contact")
def desk_merge(request):
    """Merge what is ticked at the desk: its likely duplicates, with a preview; two people nobody thought of, side by side."""
    leads = Lead.objects.visible_to(request.user).filter(pk__in=picked(request))
    people = sorted(set(leads.values_list("contact", flat=True)))
    likely = Duplicate.objects.visible_to(request.user).to_look_at().filter(kind=MergeKind.CONTACT)
    likely = likely.filter(Q(low_id__in=people) | Q(high_id__in=people)).order_by("-probability", "-pk")
    back = following(request.headers.get("Referer"), request, reverse("leads:desk"))
    if pairs := list(likely[:MOST]):
        return render(request, "leads/preview.html", _preview(request, pairs) | {"back": back})
    if len(people) == 2:
        return redirect(request, f"{reverse('leads:contact-merge', args=people[:1])}?with={people[1]}")
    messages.info(request, _("None of them has a likely duplicate. Tick two to compare them side by side."))
    return redirect(request, back)


@require_POST
@requires("leads.view_merge")
def duplicates_undo(request):
    """Take apart everything that the last click merged, the last merge first."""
    last = Merge.objects.visible_to(request.user).filter(pk__in=request.session.pop(MERGED, []))
    merges = list(last.order_by("-pk"))
    for kind in {merge.kind for merge in merges}:
        require(request, f"leads.merge_{kind}")
    done, refused = 0, []
    for merge in merges:
        try:
            merging.undo(merge.pk, by=request.user, at=timezone.now())
            done += 1
        except merging.MergeRefused as refusal:
            refused.append(str(refusal))
    if done:
        said = ngettext("%(n)d merge is undone.", "%(n)d merges are undone.", done)
        messages.success(request, said % {"n": done})
    if not merges:
        messages.warning(
            request, _("There is nothing to take back. Every merge can be undone on the page “Merged”.")
        )
    for why in sorted(set(refused)):
        messages.warning(request, why)
    return redirect(request, "leads:duplicates")


def _ticked(request):
    """The ticked pairs that still wait, likeliest first; 403 where one is not the user's to merge."""
    asked = request.POST.getlist("pair")
    ids = [pk for pk in first_of(request, asked, MOST) if pk.isascii() and pk.isdigit() and len(pk) < 18]
    seen = Duplicate.objects.visible_to(request.user).to_look_at().filter(pk__in=ids)
    pairs = list(seen.order_by("-probability", "-pk"))
    for kind in {pair.kind for pair in pairs}:
        require(request, f"leads.merge_{kind}")
    return pairs


def _preview(request, pairs):
    """What merging these pairs would do: the older record of each pair stays."""
    ids = {
        kind: {pk for one in pairs if one.kind == kind for pk in (one.low_id, one.high_id)}
        for kind in MergeKind
    }
    records = {kind: SEEN[kind].prefetch_related(None).in_bulk(of) for kind, of in ids.items() if of}
    count, doubted = len(pairs), sum(bool(one.against) for one in pairs)
    doubt = ngettext(
        "Something speaks against %(n)d of them.", "Something speaks against %(n)d of them.", doubted
    )
    note = _(
        "The older record of each pair stays and keeps everything. It can be taken back afterwards, all at once."
    )
    return {
        "title": ngettext("%(n)d pair is merged", "%(n)d pairs are merged", count) % {"n": count},
        "note": f"{note} {doubt % {'n': doubted}}" if doubted else note,
        "rows": [
            (
                records[one.kind].get(one.low_id),
                records[one.kind].get(one.high_id),
                *(_(word) for word in one.against),
            )
            for one in pairs
        ],
        "kept": [("merge", "1"), *(("pair", one.pk) for one in pairs)],
        "action": reverse("leads:duplicates-many"),
        "back": reverse("leads:duplicates"),
    }


def _merge(request, pairs):
    merges, refused = dedupe.merge_pairs(pairs, by=request.user, at=timezone.now())
    done, undo = len(merges), ""
    if done:
        request.session[MERGED] = [merge.pk for merge in merges]
        undo = reverse("leads:duplicates-undo")
    said = ngettext("%(n)d pair is merged.", "%(n)d pairs are merged.", done)
    messages.success(request, said % {"n": done}, extra_tags=undo)
    for why in sorted(set(refused)):
        messages.warning(request, why)
