"""Whom a rule asked when: its sets of reps are facts with dates (`accounts.dated`)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.dated.facts import Many
from accounts.models import User

RULE = "leads.AssignmentRule"
SET: dict[str, Any] = {
    "subject": RULE, "column": "user_id", "own": "assignmentrule_id", "owner": "leads_assignmentrule",
    "permission": "leads.change_routing",
}  # fmt: skip


def _sellers(label, none):
    def field():
        sellers = User.objects.filter(rep__isnull=False, is_active=True).order_by("full_name")
        return forms.ModelMultipleChoiceField(
            sellers, label=label, required=False, help_text=none, widget=forms.CheckboxSelectMultiple
        )

    return field


_reps = _sellers(_("Only these reps"), _("None: everybody of the rule's team, or everybody."))
_first = _sellers(_("First to these reps"), _("None: nobody before the others."))
FACTS = (
    Many(
        "rule_reps",
        _("Only these reps"),
        table="leads_assignmentrule_reps",
        asks=_reps,
        empty=_("everybody"),
        **SET,
    ),
    Many("rule_first", _("First to these reps"), table="leads_assignmentrule_preferred", asks=_first, **SET),
)
