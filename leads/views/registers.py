"""Agreed questions, return reasons and remembered mappings, kept by an administrator."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.registers import Register
from leads.forms.registers import MappingForm, QuestionForm, ReturnReasonForm
from leads.models import Mapping, Question, ReturnReason
from pipeline.views.stages import STATE, in_use
from ui.tables import Column


def _question(question):
    must = _("Must be answered") if question.required else _("May be left open")
    return {"name": str(question), "must": must, "position": question.position, **in_use(question)}


def _reason(reason):
    blames = _("Counts against lead quality") if reason.blames else _("Counts against nobody")
    goes = reason.get_destination_display()
    return {"name": str(reason), "goes": goes, "blames": blames, **in_use(reason)}


def _mapping(mapping):
    used = sum(bool(target) for target in mapping.spec.get("columns", {}).values())
    columns = ngettext("%(n)d column", "%(n)d columns", used) % {"n": used}
    kind = mapping.get_kind_display()
    return {"name": mapping.name, "kind": kind, "columns": columns, "used_at": mapping.used_at}


QUESTIONS = Register(
    "questions",
    "leads",
    Question,
    QuestionForm,
    "leads.change_words",
    _("Agreed questions"),
    _("What the desk asks before a lead is ready to be offered"),
    [
        Column("name", _("Question"), href="href"),
        Column("must", _("Answer")),
        Column("position", _("Position"), kind="number"),
        STATE,
    ],
    _question,
)
RETURN_REASONS = Register(
    "return-reasons",
    "leads",
    ReturnReason,
    ReturnReasonForm,
    "leads.change_words",
    _("Return reasons"),
    _("Why a rep may return a lead, and where each reason sends it"),
    [
        Column("name", _("Reason"), href="href"),
        Column("goes", _("Goes to")),
        Column("blames", _("Quality")),
        STATE,
    ],
    _reason,
)
MAPPINGS = Register(
    "mappings",
    "leads",
    Mapping,
    MappingForm,
    "leads.change_words",
    _("Mappings of imports"),
    _("Which column of which file goes where; a file with the same header is read the same way"),
    [
        Column("name", _("Name"), href="href"),
        Column("kind", _("Kind")),
        Column("columns", _("Columns")),
        Column("used_at", _("Last used"), kind="day"),
    ],
    _mapping,
    new=False,
    remove=Mapping.delete,
)
