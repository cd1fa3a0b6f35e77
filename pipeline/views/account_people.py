"""The people of an account, on the page of its company."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted
from pipeline.forms.account_people import AccountPersonForm
from pipeline.models import AccountPerson
from pipeline.views import companies
from ui.htmx import redirect
from ui.responses import invalid


@require_POST
def person_new(request, pk):
    """Give somebody a part in the account."""
    found = get_permitted(request, companies.SEEN, "pipeline.staff_account", pk)
    form = AccountPersonForm(request.POST, instance=AccountPerson(company=found))
    if not form.is_valid():
        return invalid(
            request, "pipeline/companies/company.html", companies.page(request, found, person_form=form)
        )
    form.save()
    return redirect(request, "pipeline:company", pk)


@require_POST
def person_remove(request, pk, person):
    """Take a part in the account from somebody."""
    found = get_permitted(request, companies.SEEN, "pipeline.staff_account", pk)
    get_object_or_404(found.account_people, pk=person).delete()
    return redirect(request, "pipeline:company", pk)
