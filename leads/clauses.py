"""The clauses of the agreement by name: what a dispute may rest on, and what each says in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Segment, User
from leads import fields
from leads.models import Agreement
from leads.models.agreement import Undecided
from pipeline.models.base import label_of
from pipeline.stages import Stage

KEYS = {
    "A": gettext_lazy("grade A"),
    "B": gettext_lazy("grade B"),
    "C": gettext_lazy("grade C"),
    "D": gettext_lazy("grade D"),
    "hand": gettext_lazy("hand-raisers"),
    "inquiry": gettext_lazy("customers' inquiries"),
}
KEYED = ("desk_minutes", "answer_minutes", "contact_minutes", "attempts_owed")
SILENT = "silent"
CLAUSES = (
    "sales_from", "hand_raisers", "required_fields", "desk_minutes", "answer_minutes", "contact_minutes", "attempts_owed",
    "around_the_clock", "reoffers", "desk_days", "protection_days", "extensions", "extension_days", "rest_days",
    "claims_a_day", "cooling_days", "collision_days", "talk_days", "contact_rules", "farmer_days", "owed_sqls",
)  # fmt: skip
NAMES = [*CLAUSES, SILENT]


def choices():
    """[(name, label)] of what a dispute may rest on, in the order of the agreement; last, that it says nothing of it."""
    return [(name, label(name)) for name in NAMES]


def label(name):
    """What a clause is called, in the reader's language."""
    return gettext_lazy("the agreement says nothing of it") if name == SILENT else label_of(Agreement, name)


def of(agreement, name):
    """What a version says by a clause, in words; empty where its page says it better."""
    if name in (SILENT, "contact_rules"):
        return ""
    return str(said(name, getattr(agreement, name)))


def said(name, value):
    """A term's value in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in KEYED:
        return ", ".join(f"{KEYS[key]} {count}" for key, count in value.items() if key in KEYS)
    if name == "sales_from":
        return Stage(value).label
    if name == "undecided":
        return Undecided(value).label
    if name == "arbiter":
        named = User.objects.filter(pk=value).first() if isinstance(value, int) else value
        return str(named or "–")
    if name == "required_fields":
        return ", ".join(str(fields.label(one)) for one in value)
    if name == "owed_by_segment":
        names = dict(Segment.objects.values_list("code", "name"))
        return ", ".join(f"{names.get(code, code)} {count}" for code, count in value.items())
    return value
