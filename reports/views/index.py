"""The joint index: the scorecard of a period and its trend, the versions that both heads sign, and their drafts."""

from dataclasses import replace

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import organisation
from accounts.doors import permitted, requires
from leads import signing
from reports import exporting
from reports.brand import showing
from reports.choice import axes, no_such, one_of, parse
from reports.heeding import heeded
from reports.index import figures, telling, versions
from reports.index.forms import VersionForm
from reports.models import IndexVersion
from reports.views.head import head
from ui.htmx import redirect, render_part
from ui.responses import invalid

READ, DRAFT, SIGN, MONEY = (
    "reports.view_report",
    "reports.draft_index",
    "reports.sign_index",
    "reports.view_money",
)


def asked_of(query):
    """(by, at) of a query, which loses them: the length of periods, and the month in which one begins ("": the running one)."""
    by, at = ("".join(query.pop(name, [])[-1:]) for name in ("by", "at"))
    return one_of({"by": by}, "by", figures.LENGTHS, figures.QUARTER), at


def told_of(choice, by, at, known):
    """(the trend, the Told of the period that `at` names, else of the running one). Raises BadChoice."""
    house = organisation.current()
    spans = figures.recent(by, choice.today, house.fiscal_year_start)
    trend = figures.told(choice, spans, known.locks, house.live_on)
    named = {f"{one.period.first:%Y-%m}": one for one in trend}
    if at and at not in named:
        raise no_such("at", at)
    return trend, named[at] if at else trend[-1]


@require_safe
@requires(READ)
def index(request):
    """What both teams reached of what both heads expect, by quarter or month."""
    query, known = request.GET.copy(), axes(request.GET)
    by, at = asked_of(query)
    asked = parse(query, known, timezone.now())
    choice = heeded(asked, figures.HEEDED)
    trend, one = told_of(choice, by, at, known)
    words = telling.Words(one, choice, permitted(request, MONEY))
    table, lines = telling.trend_table(trend, choice, by), words.lines()
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind, "joint-index", telling.FILED, lines.rows, more=[table], title=_("Joint index")
        )
    tone, verdict = words.verdict()
    along = {"by": by, **({"at": at} if at else {})}
    context = head(
        request, asked, known, _("Joint index"), asked.query(**along), figures.HEEDED
    ) | {
        "along": along,
        "told": one,
        "tone": tone,
        "verdict": verdict,
        "points": telling.points(one.index),
        "lines": lines,
        "lengths": [(label, asked.query(by=key), key == by) for key, label in telling.BY.items()],
        "chart": telling.chart(trend, choice, by),
        "trend": table,
        "drafts": [(draft, showing.market(draft.region, draft.segment)) for draft in versions.drafts()],
        "may_draft": permitted(request, DRAFT),
    }  # fmt: skip
    return render_part(request, "reports/index/index.html", "board", context)


@require_safe
@requires(READ)
def version(request, pk):
    """What a version says, and who has signed it."""
    named = IndexVersion.objects.select_related("region", "segment", "created_by")
    found = get_object_or_404(named.prefetch_related("signatures__user", "components"), pk=pk)
    is_draft = versions.drafts().filter(pk=pk).exists()
    may_money = permitted(request, MONEY)
    context = {
        "version": found,
        "where": showing.market(found.region, found.segment),
        "table": telling.component_table(
            found.components.all(), organisation.current().currency, may_money
        ),
        "is_draft": is_draft,
        "may_sign": is_draft and permitted(request, SIGN) and signing.open_to(request.user, found),
        "may_discard": not found.signatures.all() and permitted(request, DRAFT),
        "may_draft": permitted(request, DRAFT),
    }  # fmt: skip
    return render(request, "reports/index/version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DRAFT)
def draft(request):
    """A new version, which begins with what another says (`?from=3`), or the newest."""
    now = timezone.now()
    today = organisation.today(now)
    begin = request.GET.get("from", "")
    found = IndexVersion.objects.filter(**{"pk": begin} if begin.isdecimal() else {}).first()
    initial = {"first": today.replace(day=1)}
    if found:
        names = ("region", "segment", "cap", "lasts", "note")
        initial |= {name: getattr(found, name) for name in names}
    form = VersionForm(today, request.POST or None, version=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = versions.save(form.save(commit=False), form.components, request.user)
        return redirect(request, "reports:index-version", made.pk)
    known = axes()
    choice = replace(parse({}, known, now), segment=None, region=None)
    house = organisation.current()
    lately = telling.lately(
        figures.lately(choice, known.locks, house.live_on), house.currency, permitted(request, MONEY)
    )
    rows = [(kind, fields, lately[kind], telling.MEANING[kind]) for kind, *fields in form.rows]
    context = {"form": form, "rows": rows, "currency": house.currency}
    template = "reports/index/draft.html"
    return invalid(request, template, context) if form.errors else render(request, template, context)


@require_POST
@requires(SIGN)
def sign(request, pk):
    """Sign a draft for one's own track."""
    get_object_or_404(IndexVersion, pk=pk)
    try:
        whole = versions.sign(pk, by=request.user, at=timezone.now())
    except signing.NotToSign as refusal:
        messages.warning(request, str(refusal))
        return _to_version(request, pk)
    said = (
        _("Both sides have signed: the version holds from its month on.")
        if whole
        else _("Signed. The other side's signature is missing.")
    )
    messages.success(request, said)
    return redirect(request, "reports:index-version", pk)


@require_POST
@requires(DRAFT)
def discard(request, pk):
    """Throw away a draft that nobody has signed."""
    get_object_or_404(IndexVersion, pk=pk)
    try:
        versions.discard(pk)
        messages.success(request, _("The draft is gone."))
    except signing.NotToSign as refusal:
        messages.warning(request, str(refusal))
        return _to_version(request, pk)
    return redirect(request, "reports:joint-index")


def _to_version(request, pk):
    """The version's page, or the index where it is gone."""
    gone = not IndexVersion.objects.filter(pk=pk).exists()
    return redirect(request, *(("reports:joint-index",) if gone else ("reports:index-version", pk)))
