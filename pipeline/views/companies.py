"""Companies: the list, the form, and the page of one."""

import django_filters
from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from accounts import saved
from accounts.bulk import matched, ticks
from accounts.doors import get_held, get_permitted, get_surviving, permitted, require, requires, saves
from accounts.models import User
from accounts.organisation import current, today
from pipeline import companies, dealers, files, helping, own_fields, registrations, standing, steps
from pipeline.cancellations import cancelled
from pipeline.forms.account_people import AccountPersonForm
from pipeline.forms.companies import COMPANY, CompanyForm, FileForm
from pipeline.forms.steps import StepForm
from pipeline.many import COMPANIES
from pipeline.models import AccountPerson, Company, Contact, Deal, FieldOwner, Step
from ui import inline, keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table, addresses, chosen, extra, sorting

SEEN = Company.objects.select_related("parent", "segment", "region", "sales_owner", "marketing_contact")
SHOWN, LATEST = 50, 10
COLUMNS = [
    Column("name", gettext_lazy("Company"), href="href", note="domain", sort="name"),
    Column("buying_stage", gettext_lazy("Where they stand"), kind="pill", tone="buying_tone"),
    Column("segment__name", gettext_lazy("Segment"), edit="segment"),
    Column("region__name", gettext_lazy("Region"), edit="region"),
    Column("sales_owner__full_name", gettext_lazy("Account owner"), kind="person", edit="sales_owner"),
    Column("contacts", gettext_lazy("Contacts"), kind="number", shown=False),
    Column("open_deals", gettext_lazy("Open deals"), kind="number"),
    Column("open_amount", pgettext_lazy("of amounts", "Open"), kind="short_money"),
    Column("won_amount", gettext_lazy("Won"), kind="short_money"),
    Column("created_at", gettext_lazy("Since"), kind="day", sort="created_at", first="-"),
    Column("country", gettext_lazy("Country"), edit="country", shown=False),
    Column("industry", gettext_lazy("Industry"), edit="industry", shown=False),
    Column("employees", gettext_lazy("Employees"), kind="number", edit="employees", shown=False),
    Column("parent__name", gettext_lazy("Part of"), shown=False),
    Column("key_account", gettext_lazy("Key account"), kind="pill", shown=False),
    Column("marketing_contact__full_name", gettext_lazy("Marketing contact"), kind="person", shown=False),
]


class CompanyFilters(own_fields.OwnFilters, FilterSet):
    """What the list may be narrowed to."""

    own = FieldOwner.COMPANY

    q = WordsFilter(columns=["name", "domain"], label=gettext_lazy("Search"))
    sales_owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(rep__isnull=False).order_by("full_name"),
        label=gettext_lazy("Account owner"),
    )
    buying_stage = standing.StandingFilter()

    class Meta:
        model = Company
        fields = ["segment", "region", "sales_owner", "is_partner", "key_account"]


@matched("pipeline:company-list")
def matching(request, data):
    """The filters of the list, over the companies that the user sees."""
    seen = Company.objects.visible_to(request.user).surviving()
    return CompanyFilters(data or None, seen, request=request)


@requires("pipeline.view_company")
def company_list(request):
    """Companies with the contacts and deals that the user sees, newest first unless sorted otherwise."""
    if home := saved.opening(request, "companies") or own_fields.without_retired(request, "company"):
        return home
    filters = matching(request, request.GET)
    columns = [*COLUMNS, *own_fields.columns(filters.own_fields)]
    shown, sort = chosen(request, columns), sorting(request, COLUMNS, "-created_at")
    rows = filters.qs.values(
        "id", "name", "domain", "segment__name", "region__name", "sales_owner__full_name", "created_at",
        *extra(shown, COLUMNS), **own_fields.values(filters.own_fields, shown),
    )  # fmt: skip
    page = keyset.page(rows, (sort, "-id"), cursor=request.GET.get("cursor", ""))
    own_fields.complete(filters.own_fields, page.rows)
    _complete(request, page.rows)
    first = ()
    if permitted(request, "pipeline.add_company"):
        words = _("No companies yet: they come with leads and imports, or by hand.")
        first = (words, reverse("pipeline:company-new"), _("New company"))
    bulk = COMPANIES.bar(request)
    table = Table(
        page.rows,
        shown,
        _("Companies"),
        request=request,
        sort=sort,
        page=page,
        cards=True,
        **ticks(bulk),
        first=first,
    )
    context = {
        "filter": filters,
        "table": table,
        "many": bulk,
        "views": saved.Bar(request, "companies", columns),
    }
    return render_part(request, "pipeline/companies/list.html", "rows", context)


def _complete(request, rows):
    """Add addresses and the figures that the user sees to the rows of one page."""
    figures = companies.figures([row["id"] for row in rows], request.user)
    may_change, address = permitted(request, "pipeline.change_company"), addresses("pipeline:company")
    currency = current().currency
    for row in rows:
        href = address(row["id"])
        edit = f"{href}edit/" if may_change else ""
        row.update(vars(figures[row["id"]]), href=href, edit=edit, currency=currency)
        if "key_account" in row:
            row["key_account"] = _("Key account") if row["key_account"] else ""
    standing.add_to(rows)


@requires("pipeline.add_company")
def company_new(request):
    """Enter a company; one that we seem to know is shown first."""
    return _form(request, CompanyForm(request.POST or None), _("New company"))


@saves
def company_edit(request, pk):
    """Change a company."""
    found = get_held(request, Company.objects, "pipeline.change_company", pk)
    form = CompanyForm(request.POST or None, instance=found)
    return _form(request, form, _("Edit the company"), permitted(request, "pipeline.assign_company", found))


@saves
def company_field(request, pk, field):
    """Change one field of a company where it is read."""
    found = get_held(request, Company.objects, "pipeline.change_company", pk)
    may_assign = permitted(request, "pipeline.assign_company", found)
    return inline.change(
        request, COMPANY, found, field, lambda form: form.keeps_account(may_assign) and form.save()
    )


def _form(request, form, title, may_assign=True):
    if not permitted(request, "pipeline.mark_company"):
        del form.fields["key_account"]
    context = {"form": form, "title": title}
    if request.method != "POST":
        return render(request, "pipeline/companies/form.html", context)
    if not form.is_valid() or not form.keeps_account(may_assign):
        return invalid(request, "pipeline/companies/form.html", context)
    company = form.save()
    messages.success(request, _("“%(company)s” is saved.") % {"company": company})
    return redirect(request, "pipeline:company", company.pk)


def company(request, pk):
    """The page of a company; one that was merged away leads to the survivor."""
    found = get_surviving(request, SEEN, "pipeline.view_company", pk)
    if found.merged_into_id or found.pk != pk:
        return redirect(request, "pipeline:company", found.merged_into_id or found.pk)
    return render(request, "pipeline/companies/company.html", page(request, found))


@require_POST
def step_new(request, pk):
    """Plan a step with a company, one's own or for somebody else."""
    found = get_permitted(request, SEEN, "pipeline.view_company", pk)
    require(request, "pipeline.add_step")
    form = _step_form(request, found, request.POST, instance=Step(company=found))
    if not form.is_valid():
        return invalid(request, "pipeline/companies/company.html", page(request, found, step_form=form))
    steps.plan(form.save(commit=False), form.whose, by=request.user, at=timezone.now())
    return redirect(request, "pipeline:company", pk)


def _step_form(request, found, *args, **kwargs):
    return StepForm(*args, helpers=helping.helpers(found, request.user), owner=request.user.pk, **kwargs)


@require_POST
def file_new(request, pk):
    """Keep a file with a company."""
    found = get_permitted(request, SEEN, "pipeline.view_company", pk)
    require(request, "pipeline.add_attachment")
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return invalid(request, "pipeline/companies/company.html", page(request, found, file_form=form))
    files.keep(form.cleaned_data["file"], by=request.user, company=found)
    return redirect(request, "pipeline:company", pk)


def file(request, pk, file):
    """A file of a company, always as a download."""
    found = get_permitted(request, SEEN, "pipeline.view_company", pk)
    return files.download(get_object_or_404(found.attachments.visible_to(request.user), pk=file))


def page(request, found, **forms):
    """What the page of a company shows; `forms` take the place of empty ones."""
    user, on = request.user, today(timezone.now())
    contacts = Contact.objects.visible_to(user).surviving().filter(company=found)
    contacts = list(contacts.only("full_name", "job_title").order_by("full_name", "id")[:SHOWN])
    deals = Deal.objects.visible_to(user).filter(company=found).told()
    deals = deals.annotate(gone=cancelled(), base_gone=cancelled("base_amount"))
    deals = list(deals.order_by("-opened_at", "-id")[:SHOWN])
    planned = Step.objects.visible_to(user).filter(company=found).told()
    prefetch_related_objects(
        [found], Prefetch("account_people", AccountPerson.objects.select_related("user"))
    )
    works = permitted(request, "pipeline.add_step")
    may_change = permitted(request, "pipeline.change_company", found)
    edit = COMPANY.pencils(found, may_change)
    return {
        "company": found,
        "stands": standing.shown(found, user),
        "own_facts": own_fields.facts(own_fields.shown(FieldOwner.COMPANY), found.attributes, edit),
        "edit": edit,
        "registrations": registrations.of_customer(found, on),
        "account_people": list(found.account_people.all()),
        "dealt": dealers.panel(found, user, on, LATEST),
        "figures": _figures(found, user, contacts, deals),
        "currency": current().currency,
        "may_change": may_change,
        "may_merge": permitted(request, "leads.merge_company", found),
        "may_open": permitted(request, "pipeline.add_deal"),
        "works": works,
        "contacts": contacts,
        "deals": deals,
        "steps": planned.order_by("done_at", "due_at")[:SHOWN],
        "files": found.attachments.visible_to(user).order_by("-id")[:SHOWN],
        "children": _children(found, user),
        "person_form": AccountPersonForm() if permitted(request, "pipeline.staff_account", found) else None,
        "step_form": _step_form(request, found) if works else None,
        "file_form": FileForm() if works else None,
    } | forms


def _figures(found, user, contacts, deals):
    """Added up of what is shown where that is all, else asked for."""
    if max(len(contacts), len(deals)) < SHOWN:
        return companies.added_up(contacts, deals)
    return companies.figures([found.pk], user)[found.pk]


def _children(found, user):
    """The firms of a group that the user sees, by name."""
    under = Company.objects.visible_to(user).surviving().filter(parent=found)
    return under.only("name").order_by("name")[:SHOWN]
