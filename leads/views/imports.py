"""Imports in the browser: upload, answer, map, look, start, watch, undo."""

from itertools import chain
from pathlib import Path

from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, requires
from engine import sheets
from leads import importing
from leads.forms.imports import MappingForm, QuestionForm, UploadForm
from leads.importing import drafts, rejects, staying, templates
from leads.importing.problems import EncodingUnknown, FileRefused, MappingWrong, SheetUnknown
from leads.models import ErrandKind, ImportRun, ImportState, Lead, Touch
from leads.models.imports import ImportKind
from pipeline.models import Campaign, Company, Contact, Deal, Reading, Receipt, Spend, Unit
from ui.htmx import redirect, render_part, wants_fragment
from ui.progress import paced
from ui.responses import invalid

RUNS = ImportRun.objects.select_related("by")
SHOWN = 50
LISTS = {
    ImportKind.LEADS: "leads:lead-list",
    ImportKind.DEALS: "leads:deal-list",
    ImportKind.COMPANIES: "pipeline:company-list",
    ImportKind.PRODUCTS: "pipeline:product-list",
    ImportKind.CAMPAIGNS: "pipeline:campaign-list",
    ImportKind.READINGS: "leads:unit-list",
}  # spend and touches stand on pages of what they belong to
# where a row of these tables is looked at: the key of it or of what it belongs to, and the page of that
PAGES = {
    "lead": (Lead.objects, "pk", "leads:lead"),
    "deal": (Deal.objects, "pk", "leads:deal"),
    "touch": (Touch.objects, "contact", "pipeline:contact"),
    "contact": (Contact.objects, "pk", "pipeline:contact"),
    "receipt": (Receipt.objects, "deal", "leads:deal"),
    "spend": (Spend.objects, "campaign", "pipeline:campaign"),
    "campaign": (Campaign.objects, "pk", "pipeline:campaign"),
    "company": (Company.objects, "pk", "pipeline:company"),
    "unit": (Unit.objects, "pk", "leads:unit"),
    "reading": (Reading.objects, "unit", "leads:unit"),
}


@requires("leads.run_import")
def import_list(request):
    """Runs that the user sees, newest first."""
    runs = RUNS.visible_to(request.user)[:SHOWN]
    return render(request, "leads/imports/list.html", {"runs": runs, "kinds": ImportKind})


@requires("leads.run_import")
def import_new(request):
    """Choose a file."""
    asked = {"kind": request.GET.get("kind", ImportKind.LEADS), "campaign": request.GET.get("campaign")}
    form = UploadForm(request.POST or None, request.FILES or None, initial=asked, user=request.user)
    if request.method != "POST":
        return render(request, "leads/imports/new.html", {"form": form})
    if not form.is_valid():
        return invalid(request, "leads/imports/new.html", {"form": form})
    said = form.cleaned_data
    run = drafts.upload(
        said["file"], kind=said["kind"], mode=said["mode"], by=request.user, preset=form.preset
    )
    return redirect(request, "leads:import", run.pk)


def import_run(request, pk):
    """One import, wherever it stands: a question, its mapping, its progress or its result."""
    run = _mine(request, pk)
    if run.state != ImportState.DRAFT:
        return render_part(request, "leads/imports/run.html", "progress", _result(request, run))
    return _draft(request, run)


@require_POST
def import_answer(request, pk):
    """Say in which encoding, or on which sheet, the rows are."""
    run = _mine(request, pk, ImportState.DRAFT)
    try:
        drafts.answer(
            run, encoding=request.POST.get("encoding", "")[:20], sheet=request.POST.get("sheet", "")[:100]
        )
    except (FileRefused, LookupError) as error:
        return invalid(request, "leads/imports/refused.html", {"run": run, "error": error})
    return redirect(request, "leads:import", pk)


def import_map(request, pk):
    """Say what the columns are."""
    run = _mine(request, pk, ImportState.DRAFT)
    try:
        read = drafts.layout(run)
    except FileRefused:
        return redirect(request, "leads:import", pk)
    form = MappingForm(request.POST or None, known=drafts.propose(run, read), user=request.user)
    if request.method != "POST":
        return render(request, "leads/imports/map.html", _mapping(run, read, form))
    chosen = {name: request.POST.get(f"column-{position}", "") for position, name in enumerate(read.header)}
    if form.is_valid():
        try:
            drafts.configure(run, read, chosen, **form.settings())
            return redirect(request, "leads:import", pk)
        except MappingWrong as error:
            form.add_error(None, str(error))
    return invalid(request, "leads/imports/map.html", _mapping(run, read, form, chosen))


@require_POST
def import_start(request, pk):
    """Let the worker begin."""
    run = _mine(request, pk, ImportState.DRAFT)
    importing.start(run)
    return redirect(request, "leads:import", pk)


@require_POST
def import_discard(request, pk):
    """Forget a draft."""
    drafts.discard(_mine(request, pk, ImportState.DRAFT))
    return redirect(request, "leads:import-list")


@require_POST
def import_undo(request, pk):
    """Have taken back what the import wrote, but for rows worked since."""
    run = _mine(request, pk, ImportState.DONE)
    try:
        importing.ask_undo(run, at=timezone.now(), by=request.user)
    except importing.TooLate as error:
        return invalid(request, "leads/imports/refused.html", {"run": run, "error": error})
    return redirect(request, "leads:import", pk)


def import_rejects(request, pk):
    """The refused rows as the same kind of file with a column that says why."""
    run = _mine(request, pk, *(set(ImportState) - {ImportState.DRAFT}))
    if run.sheet:
        kind, answer = (
            "xlsx",
            StreamingHttpResponse(rejects.workbook(run, importing.header(run)), content_type=sheets.XLSX),
        )
    else:
        told = rejects.written(run, importing.header(run))
        kind, answer = "csv", StreamingHttpResponse(chain([sheets.MARK], told), content_type=sheets.CSV)
    answer["Content-Disposition"] = content_disposition_header(
        True, f"{Path(run.file_name).stem}-rejects.{kind}"
    )
    return answer


@requires("leads.run_import")
def import_template(request, kind, ending):
    """An empty file with the columns of a kind, in the user's language."""
    file = templates.make(kind, ending)
    return FileResponse(file, as_attachment=True, filename=f"{kind}.{ending}")


def _mine(request, pk, *states):
    run = get_permitted(request, RUNS, "leads.view_import", pk)
    return get_object_or_404(RUNS, pk=run.pk, state__in=states) if states else run


def _draft(request, run):
    try:
        read = drafts.layout(run)
    except EncodingUnknown as question:
        options = [(name, f"{name}: {' | '.join(preview)}") for name, preview in question.candidates]
        return _ask(request, run, "encoding", _("Which of these reads right?"), options)
    except SheetUnknown as question:
        return _ask(
            request,
            run,
            "sheet",
            _("Which sheet holds the rows?"),
            [(name, name) for name in question.sheets],
        )
    except FileRefused as error:
        return render(request, "leads/imports/refused.html", {"run": run, "error": error})
    if not run.spec:
        return redirect(request, "leads:import-map", run.pk)
    return _look(request, run, read)


def _look(request, run, read):
    """The preview of a mapped draft, and what the background says that it would do."""
    ahead = importing.errand_of(run, ErrandKind.LOOK)
    if ahead is None:
        return redirect(request, "leads:import-map", run.pk)
    progress = paced(ahead.done, ahead.rows, ahead.started_at, timezone.now())
    context = {"run": run, "ahead": ahead, "progress": progress}
    if wants_fragment(request):
        if not ahead.waiting:
            return redirect(request, "leads:import", run.pk)
        return render(request, "leads/imports/look.html#ahead", context)
    if not ahead.waiting and not ahead.error:
        forecast = importing.Forecast(run.kind, **ahead.result)
        context |= {"forecast": forecast, "refusals": forecast.why(), "warnings": forecast.why(warning=True)}
    try:
        context["labels"], context["rows"] = drafts.preview(run, read)
    except FileRefused as error:
        context["error"] = error
    return render(request, "leads/imports/look.html", context)


def _ask(request, run, name, label, options):
    form = QuestionForm(name=name, label=label, choices=options)
    return render(request, "leads/imports/question.html", {"run": run, "form": form})


def _mapping(run, read, form, chosen=None):
    proposed = drafts.propose(run, read)
    columns = [
        {
            "column": column,
            "target": (chosen or {}).get(column.name, column.target),
            "choices": drafts.choices(run.kind, column.name),
        }
        for column in drafts.columns(run, read, proposed)
    ]
    return {"run": run, "form": form, "columns": columns, "read": read}


def _where(run):
    """(what, address) where the rows of a run are to be seen: the campaign that they were brought to, else their list."""
    code = run.spec.get("constants", {}).get("campaign")
    if code and (campaign := Campaign.objects.filter(code=code).first()):
        return str(campaign), reverse("pipeline:campaign", args=[campaign.pk])
    return (run.get_kind_display(), reverse(LISTS[run.kind])) if run.kind in LISTS else None


def _stays(run, user):
    """[(sentence, address or "")]: what stays of a run that was taken back, with the pages that the user may open."""
    found = staying.of_run(run)
    at = {}
    for table, (rows, key, page) in PAGES.items():
        if ids := [one.id for one in found if one.table == table]:
            theirs = rows.visible_to(user).filter(pk__in=ids, **{f"{key}__isnull": False})
            at |= {(table, pk): reverse(page, args=[of]) for pk, of in theirs.values_list("pk", key)}
    return [(str(one), at.get((one.table, one.id), "")) for one in found]


def _result(request, run):
    refused = run.rejects.filter(warning=False)
    undoing = importing.errand_of(run, ErrandKind.UNDO)
    running = run.state in (ImportState.QUEUED, ImportState.RUNNING)
    done, rows, since = (
        (run.rows_done, run.rows, run.started_at)
        if running or not undoing
        else (undoing.done, undoing.rows, undoing.started_at)
    )
    return {
        "progress": paced(done, rows, since, timezone.now()),
        "run": run,
        "undoing": undoing,
        "running": running,
        "told": importing.told(run),
        "stays": _stays(run, request.user),
        "where": _where(run),
        "rejects": [rejects.sentence(reject) for reject in refused[:SHOWN]],
        "warnings": [rejects.sentence(reject) for reject in run.rejects.filter(warning=True)[:SHOWN]],
        "unknown": sorted((run.counts.get("unknown") or {}).items(), key=lambda item: -item[1])[:SHOWN],
        "may_undo": importing.may_undo(run, at=timezone.now()) and not (undoing and undoing.waiting),
    }
