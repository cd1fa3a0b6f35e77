"""What to do next with a lead."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads import clocks, collisions, questions, ways
from leads.guiding import steps
from leads.guiding.steps import Guide
from leads.models import Handoff, Touch
from pipeline.stages import Stage
from ui import formats


def of_lead(lead, *, by, at):
    """The Guide of a lead, or None where there is nothing to do."""
    if lead.ended_at or lead.merged_into_id:
        return None
    own = steps.of(by, contact=lead.contact_id)
    held = Handoff.objects.open().filter(lead=lead).select_related("agreement", "rep").first()
    return (
        steps.complained(Q(contact=lead.contact_id), by)
        or _offered(held)
        or _beside(lead, by, at)
        or steps.promised(own, at)
        or _contact(lead, held, by, at)
        or steps.planned(own, at)
        or _try_again(lead, held, by, at)
        or _open_deal(lead)
        or _ask(lead)
        or _hand_over(lead)
        or _asleep(lead)
    )


def _offered(held):
    """Whoever it is offered to answers first."""
    if held is None or held.accepted_at:
        return None
    why = _("%(rep)s has it on offer; its answer is due by %(day)s.")
    said = {
        "rep": held.rep,
        "day": formats.moment(held.answer_due_at) if held.answer_due_at else formats.EMPTY,
    }
    return Guide("offered", _("Accept it or return it with a reason."), why % said, urgent=True)


def _beside(lead, by, at):
    """The other side speaks with them."""
    found = collisions.of([lead.contact_id], by=by, at=at).get(lead.contact_id)
    return found and Guide("beside", _("Ask the colleague before you turn to them."), found.words)


def _contact(lead, held, by, at):
    """The first contact is owed."""
    if held is None or held.contacted_at:
        return None
    due = held.contact_due_at
    why = (
        _("Accepted on %(day)s; the first contact is due by %(due)s.")
        if due
        else _("Accepted on %(day)s; nobody has tried to reach them yet.")
    )
    said = {"day": formats.day(held.accepted_at), "due": formats.moment(due) if due else ""}
    return Guide("contact", _by_the_best_way(lead, by, at), why % said, urgent=bool(due and due <= at))


def _by_the_best_way(lead, by, at):
    found = ways.of(lead.contact, by=by, at=at)
    if found.best is None:
        return _("Find a way to reach them: no number, chat or mailbox is known.")
    said = {"way": found.best.label, "why": found.because}
    return _("Make the first contact: %(way)s (%(why)s).") % said


def _try_again(lead, held, by, at):
    """They were tried and not met, and fewer attempts were made than agreed."""
    if held is None or not held.contacted_at or lead.stage != Stage.SQL or _met(lead, held):
        return None
    owed = clocks.minutes(held.agreement.attempts_owed, clocks.Clocks.key(lead, held.kind))
    if held.attempts >= owed:
        why = _("%(n)s attempts are made, as many as agreed, and nobody was met.") % {"n": held.attempts}
        return Guide("give_back", _("Return it, or plan one last try."), why)
    found = ways.of(lead.contact, by=by, at=at)
    said = {"way": found.best.label if found.best else formats.EMPTY, "why": found.because}
    why = ngettext(
        "%(n)s of %(owed)s attempts is made.", "%(n)s of %(owed)s attempts are made.", held.attempts
    )
    what = _("Try again: %(way)s (%(why)s).") % said
    return Guide("again", what, why % {"n": held.attempts, "owed": owed})


def _met(lead, held):
    return Touch.objects.filter(contact=lead.contact_id, reached=True, at__gte=held.accepted_at).exists()


def _open_deal(lead):
    """Sales has talked to them, and nothing came of it yet."""
    if lead.stage != Stage.SQL:
        return None
    return Guide(
        "deal", _("Open a deal, or plan the next step."), _("You have talked, and nothing is planned.")
    )


def _ask(lead):
    """Agreed questions that nobody has answered."""
    if lead.stage != Stage.MQL:
        return None
    left = [question for question, answer in questions.answered(lead) if question.required and not answer]
    if not left:
        return None
    n = ngettext(
        "%(n)s agreed question is open; only then may it be offered.",
        "%(n)s agreed questions are open; only then may it be offered.",
        len(left),
    )
    return Guide("ask", _("Ask: %(question)s") % {"question": left[0]}, n % {"n": len(left)})


def _hand_over(lead):
    """All is answered."""
    if lead.stage != Stage.MQL:
        return None
    return Guide("hand_over", _("Make it ready for sales."), _("Every agreed question is answered."))


def _asleep(lead):
    """It sleeps until its day."""
    if lead.stage != Stage.NURTURE or not lead.wake_at:
        return None
    why = _("It sleeps until %(day)s, as was agreed.") % {"day": formats.day(lead.wake_at)}
    return Guide("asleep", _("Leave it in peace until then."), why)
