"""What leads, deals and accounts have in common: a complaint goes before everything, and what was promised before what is new."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from leads import complaints
from pipeline.models import Step
from ui import formats


@dataclass(frozen=True)
class Guide:
    """What to do next and why, each a sentence; `rule` names which rule said so, `urgent` that it is late or burns."""

    rule: str
    what: str
    why: str
    urgent: bool = False

    def as_dict(self):
        """As the API tells it."""
        return vars(self)


def complained(people, by):
    """An open complaint of these people (a condition on touches) comes first."""
    for one in complaints.open_ones(people, by)[:1]:
        said = {"who": one.contact, "day": formats.day(one.at)}
        why = _("%(who)s complained on %(day)s, and nobody has closed it.") % said
        return Guide("complaint", _("Answer the complaint before anything else."), why, urgent=True)
    return None


def promised(steps, at):
    """A step that is due by now."""
    due = steps.filter(done_at=None, due_at__lte=at).order_by("due_at", "pk").first()
    if due is None:
        return None
    why = _("It was promised for %(day)s.") % {"day": formats.moment(due.due_at)}
    return Guide("promised", _("Do what was promised: %(step)s") % {"step": due.what}, why, urgent=True)


def planned(steps, at):
    """The next step that is planned for later."""
    later = steps.filter(done_at=None, due_at__gt=at).order_by("due_at", "pk").first()
    if later is None:
        return None
    why = _("Planned for %(day)s; nothing else is open before.") % {"day": formats.moment(later.due_at)}
    return Guide("planned", _("Prepare the next step: %(step)s") % {"step": later.what}, why)


def of(by, **whose):
    """The steps of a contact, deal or company that `by` may see."""
    return Step.objects.visible_to(by).filter(**whose)
