"""Agreed questions, return reasons, the table of the hand-over and remembered mappings, kept by an administrator."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.registers import Register
from leads import handover
from leads.forms.registers import HandoverForm, MappingForm, QuestionForm, ReturnReasonForm
from leads.forms.usage import UsageRuleForm, remove_rule
from leads.models import HandoverRule, Mapping, Question, ReturnReason, UsageRule
from leads.usage.wording import asked
from pipeline.views.stages import STATE, in_use
from ui.tables import Column


def _question(question):
    must = _("Must be answered") if question.required else _("May be left open")
    return {"name": str(question), "must": must, "position": question.position, **in_use(question)}


def _reason(reason):
    blames = _("Counts against lead quality") if reason.blames else _("Counts against nobody")
    goes = reason.get_destination_display()
    return {"name": str(reason), "goes": goes, "blames": blames, **in_use(reason)}


def _way(row):
    best = row.get_best_goes_to_display() or _("the same")
    return {"event": str(row), "goes": row.get_goes_to_display(), "best": best, "after": handover.pace(row)}


def _mapping(mapping):
    used = sum(bool(target) for target in mapping.spec.get("columns", {}).values())
    columns = ngettext("%(n)d column", "%(n)d columns", used) % {"n": used}
    kind = mapping.get_kind_display()
    return {"name": mapping.name, "kind": kind, "columns": columns, "used_at": mapping.used_at}


def _usage(rule):
    return {"name": str(rule), "asks": asked(rule), **in_use(rule)}


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
HANDOVER = Register(
    "handover",
    "leads",
    HandoverRule,
    HandoverForm,
    "leads.change_words",
    _("Where a lead goes"),
    _(
        "After each event; what both heads signed stands in the agreement, and what a rep says in the return reasons"
    ),
    [
        Column("event", pgettext_lazy("what happened", "Event"), href="href"),
        Column("goes", _("Goes to")),
        Column("best", _("Grade A")),
        Column("after", _("How long")),
    ],
    _way,
    new=False,
    beside=((_("Agreement"), "leads:agreement"), (_("Return reasons"), "leads:return-reasons")),
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
    begin=(_("A mapping is kept when a file is brought in."), "leads:import-new", _("Bring a file")),
)
USAGE_RULES = Register(
    "usage-rules",
    "leads",
    UsageRule,
    UsageRuleForm,
    "leads.change_usage",
    _("What the use of products says"),
    _(
        "When the use of a unit at a customer is a sign that its owner is told of; a rule of a product goes before the one for all"
    ),
    [Column("name", _("Sign"), href="href"), Column("asks", _("When")), STATE],
    _usage,
    remove=remove_rule,
    beside=((_("Units at customers"), "leads:unit-list"),),
)
