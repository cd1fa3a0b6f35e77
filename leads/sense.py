"""Whether the terms of a draft make sense together: what contradicts itself is refused, what may be meant is asked about."""

from itertools import pairwise

from django.utils.translation import gettext as _

from leads.models import Grade

CLOCKS = ("desk_minutes", "answer_minutes", "contact_minutes")


def nonsense(draft):
    """{(term, key or None): sentence} of terms that contradict each other; the key is a grade. Empty when all is well.

    Bounds of single numbers are the model's own. Terms that are missing or no numbers are the caller's to refuse.
    """
    wrong = {}
    if draft.warning_days and draft.warning_days >= draft.protection_days:
        said = _("The protection ends before this (days: %(days)d): give fewer.")
        wrong["warning_days", None] = said % {"days": draft.protection_days}
    if draft.extensions and not draft.extension_days:
        wrong["extension_days", None] = _("An extension gives at least one day.")
    for name in CLOCKS:
        for better, worse in _neighbours(getattr(draft, name)):
            said = _("A better grade is not slower than grade %(grade)s (minutes: %(minutes)d).")
            figures = {"grade": worse, "minutes": getattr(draft, name)[worse]}
            if getattr(draft, name)[better] > figures["minutes"]:
                wrong[name, better] = said % figures
    return wrong


def doubts(draft):
    """[sentence] of terms that are possible and seldom meant, for whoever is to sign them."""
    found = []
    attempts, answers = draft.attempts_owed, draft.answer_minutes
    if draft.fit_floor == Grade.D and draft.engagement_floor == 4 and not draft.touches_floor:
        found.append(_("Every lead becomes an MQL."))
    if not draft.claims_a_day:
        found.append(_("Nobody may claim a lead from the pool."))
    if not draft.warning_days:
        found.append(_("Nobody is warned before a protection ends."))
    if not draft.owed_sqls:
        found.append(_("Marketing owes no accepted SQLs."))
    if answers.get("hand", 0) > answers.get("A", answers.get("hand", 0)):
        found.append(_("Whoever raises a hand is answered later than a lead of grade A."))
    for better, worse in _neighbours(attempts):
        if attempts[better] < attempts[worse]:
            said = _("Grade %(better)s is owed fewer attempts than grade %(worse)s.")
            found.append(said % {"better": better, "worse": worse})
    return found


def _neighbours(by_grade):
    """[(better grade, next worse one)] of the grades that are named."""
    return pairwise([grade for grade in Grade.values if grade in by_grade])
