"""What every page of the dashboard begins with."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.doors import permitted
from reports import heeding, locks, monthly, periods, tabs
from reports.attribution.models import MODELS
from reports.forms import ChoiceForm
from reports.rounds.telling import year_name
from ui import formats


def head(request, choice, known, heading, export="", only=None, why=""):
    """The context of templates/reports/dashboard/head.html.

    `export`: the query of the page as a file, if it is one; `only`: the filters that the page heeds, where not all, and
    `why` not: what its figures are of. The choice is the one that was asked for, so that what is not heeded goes along.
    """
    by_model = only is None or "model" in only
    return {
        "heading": heading,
        "span": choice.period.label if only is None or "period" in only else "",
        "model": MODELS[choice.model].label if by_model else "",
        "choice": choice,
        "form": ChoiceForm(choice, known, request.path, only),
        "pages": tabs.shown(request, choice),
        "shut_note": _shut_note(request, choice, known) if only is None or "period" in only else "",
        "count_note": _count_note(choice) if only is None or "period" in only else "",
        "lock_note": _lock_note(choice) if by_model else "",
        "export": export,
        "narrowed": heeding.narrowing(choice, only),
        "on_paper": on_paper(choice, only),
        "unheeded": [*_instead_note(choice), *heeding.told(choice, only, why)],
    }


def on_paper(choice, only=None):
    """What paper says in place of the filters: the months, and what the page is narrowed to."""
    period, told = choice.period, []
    if not period.is_all and (only is None or "period" in only):
        first, last = formats.month(period.first), formats.month(period.last)
        told.append(first if first == last else f"{first} – {last}")
    return " · ".join(filter(None, [*told, heeding.named(choice, only)]))


def _shut_note(request, choice, known):
    """(sentence, address) where the books of every month of the period are closed, so that the official figures stand
    elsewhere; "" otherwise. The address is empty for whoever may not open it."""
    if choice.period.is_all or choice.period.months > 12:
        return ""
    months = [periods.shifted(choice.period.first, number) for number in range(choice.period.months)]
    if not months or not known.shut.issuperset(months):
        return ""
    opens = permitted(request, "reports.view_money")
    if len(months) == 1:
        page = monthly.address(months[0], choice) if opens else ""
        return _("The books of this month are closed: this is live."), page
    page = f"{reverse('reports:months')}?{choice.query()}" if opens else ""
    return _("The books of these months are closed: this is live."), page


def _instead_note(choice):
    """What is shown in place of the period that was asked for."""
    if choice.period.instead_of is None:
        return []
    return [_("All time is not told here: this is the fiscal year.")]


def _count_note(choice):
    """From which day figures count, where the period begins there: nothing before it is shown or compared with."""
    period = choice.period
    return _("Figures count from %(day)s.") % {"day": formats.day(period.first)} if period.is_first else ""


def _lock_note(choice):
    if choice.locked is None or choice.locked not in MODELS:
        return ""
    words = {"model": MODELS[choice.locked].label, "months": year_name(choice.locked_since)}
    moved = choice.locked_since != locks.year_of(min(choice.period.last, choice.today))
    if choice.locked == choice.model:
        text = _("%(model)s is locked for this fiscal year.")
        return (_("%(model)s is locked for %(months)s, the fiscal year of then.") if moved else text) % words
    text = _("Not the official figures: %(model)s is locked for this fiscal year.")
    other = _("Not the official figures: %(model)s is locked for %(months)s, the fiscal year of then.")
    return (other if moved else text) % words
