"""The agreement: the version in force and how both sides stand under it; drafts, signatures, and last quarter under them."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import held, permitted, requires, saves
from accounts.models import Segment
from leads import beside, clauses, contacting, drafting, fields, owing, retrospect, sense, standing, verdict
from leads.clauses import KEYS
from leads.forms.agreement import CLOCKS, AgreementForm
from leads.models import Agreement, Lead
from leads.models.contacting import Way
from leads.terms import in_force, in_force_at, signed
from ui import keyset
from ui.htmx import redirect
from ui.responses import invalid

NEEDED_LEVEL = 2
KEYED = frozenset(CLOCKS)


@requires("leads.view_agreement")
def agreement(request):
    """The version in force in plain words, and both sides' standing of this month or of one before."""
    at, now = timezone.now(), in_force()
    month = _month(request, at)
    start, end, passed = standing.month_of(at, month)
    held = now if passed < 1 else in_force_at(end)
    context = {
        "owed": standing.owed(at, month),
        "spells": owing.spells(owing.versions(), start, min(end, at)),
        "kept": standing.kept(start, end, at),
        "desk": standing.desk(start, end, at),
        "held": held,
        "month": start,
        "before": (start - timedelta(days=1)).strftime("%Y-%m"),
        "after": end.strftime("%Y-%m") if end <= at else "",
        "drafts": list(drafting.drafts()),
        "older": list(signed().filter(version__lt=now.version)[:10]),
        "may_draft": _may_draft(request),
        **_words(now, now),
    }
    return render(request, "leads/agreement/agreement.html", context)


@requires("leads.view_agreement")
def agreement_delivered(request):
    """The leads of grade B or better that were offered or accepted in a month (or up to the month `to`), of a segment, of none or of all."""
    at = timezone.now()
    start, end, _passed = standing.month_of(at, _month(request, at))
    last = _month(request, at, "to")
    if last:
        end = max(end, standing.month_of(at, last)[1])
    pk = request.GET.get("segment", "")
    if pk and pk != standing.NONE and not pk.isdecimal():
        raise SuspiciousOperation("segment")
    segment = get_object_or_404(Segment, pk=pk) if pk.isdecimal() else None
    ids = standing.behind(start, min(end, at), segment.pk if segment else pk or None)
    leads = (
        Lead.objects.visible_to(request.user).filter(pk__in=ids).select_related("contact__company", "owner")
    )
    page = keyset.page(verdict.became(leads), ("-captured_at", "-id"), cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "month": start,
        "segment": _("No segment") if pk == standing.NONE else segment,
        "last": last and end - timedelta(days=1),
        "asked": f"month={start:%Y-%m}&segment={pk}&to={request.GET.get('to', '')}&",
    }
    return render(request, "leads/agreement/delivered.html", context)


def _month(request, at, name="month"):
    """The day that `?month=2026-05` begins with; None for the month of `at`. Raises 400 for what is no month gone by."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    try:
        month = datetime.strptime(asked, "%Y-%m").date()
    except ValueError:
        raise SuspiciousOperation("month") from None
    if month > organisation.today(at):
        raise SuspiciousOperation("month")
    return month


@requires("leads.view_agreement")
def agreement_version(request, version):
    """One version: its words, its signatures, and what last quarter would have been under it."""
    at = timezone.now()
    one = get_object_or_404(Agreement.objects.prefetch_related("signatures__user"), version=version)
    now = in_force()
    compared = [now, one] if one.version > now.version else [one]
    start, end = retrospect.quarter_before(at)
    last_day = (end - timedelta(days=1)).date()
    context = {
        "outcomes": list(zip(compared, retrospect.compare(compared, at), strict=True)),
        "quarter": (start, last_day),
        "in_force": now,
        "changes": _changes(one, now) if one.version > now.version else [],
        "is_draft": one.version > now.version,
        "doubts": sense.doubts(one) if one.version > now.version else [],
        "at_once": drafting.at_once(one, at) if one.version > now.version else None,
        "passing": drafting.passing(one) if one.version > now.version else None,
        "may_change": one.version > now.version and not one.signatures.all() and _may_draft(request),
        "may_sign": permitted(request, "leads.sign_agreement") and drafting.tracks_to_sign(request.user, one),
        **_words(one, now),
    }
    context["seen"] = drafting.stamp(one) if context["may_sign"] else ""
    return render(request, "leads/agreement/version.html", context)


@saves
@requires("leads.draft_agreement")
def agreement_draft(request, version=None):
    """Draft a new version, or change a draft that nobody has signed."""
    if not _may_draft(request):
        raise PermissionDenied
    draft = get_object_or_404(Agreement, version=version) if version else drafting.blank()
    if version and version <= in_force().version:
        raise PermissionDenied
    form = AgreementForm(request.POST or None, instance=held(request, draft))
    context = {"form": form, "version": version}
    if request.method != "POST":
        return render(request, "leads/agreement/draft.html", context)
    if not form.is_valid():
        return invalid(request, "leads/agreement/draft.html", context)
    try:
        saved = drafting.save(form.save(commit=False))
    except drafting.NotToSign as refusal:
        messages.warning(request, str(refusal))
        return redirect(request, "leads:agreement")
    return redirect(request, "leads:agreement-version", saved.version)


@require_POST
@requires("leads.sign_agreement")
def agreement_sign(request, version):
    """Sign a draft for one's own track, as it was on the page."""
    draft = get_object_or_404(Agreement, version=version)
    try:
        whole = drafting.sign(draft, by=request.user, at=timezone.now(), seen=request.POST.get("seen", ""))
    except drafting.NotToSign as refusal:
        messages.warning(request, str(refusal))
        return redirect(request, "leads:agreement-version", version)
    said = (
        _("Both sides have signed: this version is in force.")
        if whole
        else _("Signed. The other side's signature is missing.")
    )
    messages.success(request, said)
    return redirect(
        request, "leads:agreement" if whole else "leads:agreement-version", *([] if whole else [version])
    )


@require_POST
@requires("leads.draft_agreement")
def agreement_discard(request, version):
    """Throw away a draft that nobody has signed."""
    try:
        drafting.discard(get_object_or_404(drafting.drafts(), version=version))
        messages.success(request, _("The draft is gone."))
    except drafting.NotToSign as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:agreement")


def _may_draft(request):
    return permitted(request, "leads.draft_agreement") and organisation.current().level >= NEEDED_LEVEL


def _changes(draft, before):
    """[(term, what is in force, what the draft says)], a term by grade once for each grade that differs."""
    rows = []
    for name, was, becomes in drafting.changes(draft, before):
        label = Agreement._meta.get_field(name).verbose_name
        if name in KEYED:
            rows += [
                (f"{label}: {KEYS[key]}", was.get(key), becomes.get(key))
                for key in KEYS
                if was.get(key) != becomes.get(key)
            ]
        elif name == "contact_rules":
            rows += contacting.changes(was, becomes)
        else:
            rows.append((label, clauses.said(name, was), clauses.said(name, becomes)))
    return rows + [
        (one.name, one.signed, one.now) for one in beside.strayed(beside.of(before), beside.of(draft))
    ]


def _words(one, now):
    """What a version says, as the pages tell it; of the one in force or a newer one also where Set-up says otherwise."""
    agreed = beside.of(one)
    return {
        "agreement": one,
        "clocks": [
            (who, one.answer_minutes.get(key), one.contact_minutes.get(key), one.attempts_owed.get(key))
            for key, who in KEYS.items()
        ],
        "desk_of": ", ".join(f"{KEYS[key]} {count}" for key, count in one.desk_minutes.items()),
        "required": [fields.label(name) for name in one.required_fields],
        "owed_of": one.owed_by_segment and clauses.said("owed_by_segment", one.owed_by_segment),
        "contact_rows": contacting.table(one.contact_rules),
        "ways": [way.label for way in Way],
        "questions": beside.questions(agreed),
        "reasons": beside.reasons(agreed),
        "strayed": beside.strayed(agreed, beside.as_now())
        if one.reasons and one.version >= now.version
        else [],
    }
