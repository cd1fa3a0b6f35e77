"""Forms of what stands at customers, and of the rules about its use."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads import usage
from leads.models import UsageKind, UsageRule
from pipeline.forms.base import SpineForm
from pipeline.forms.companies import CompanyByName
from pipeline.models import Unit
from pipeline.models.units import NEVER
from ui.forms import ModelForm

# What a rule of a kind asks besides its days; the rest stays as the model has it.
ASKED = {UsageKind.FALLING: {"before_days", "percent"}, UsageKind.ERRORS: {"errors"}}
THRESHOLDS = ("before_days", "percent", "errors")


class UsageRuleForm(ModelForm):
    """When the use of a unit is a sign. Of a rule that is there its kind stays, and only its own thresholds are asked."""

    class Meta:
        model = UsageRule
        fields = ["kind", "product", "days", "before_days", "percent", "errors", "active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["kind"].disabled = True
            for name in set(THRESHOLDS) - ASKED.get(self.instance.kind, set()):
                del self.fields[name]

    def save(self, commit=True):
        saved = super().save(commit)
        usage.judge_anew(**({"product": saved.product_id} if saved.product_id else {}))
        return saved


def remove_rule(rule):
    """Take a rule away; the units that it was for are looked at again. Raises ValueError for the one that is for all."""
    if rule.product_id is None:
        raise ValueError(_("The rule for all products stays: take it out of use instead."))
    product = rule.product_id
    rule.delete()
    usage.judge_anew(product=product)


class UnitForm(SpineForm):
    """What is known of a unit beside what other systems report; it may have gone to another company."""

    company = CompanyByName(label=gettext_lazy("Company"))

    class Meta:
        model = Unit
        fields = ["company", "since", "ends_on", "retired_on"]
        help_texts = {
            "ends_on": gettext_lazy("Where it is known better than by the life of the product."),
            "retired_on": gettext_lazy("Nothing is made of its use any more."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.former = self.instance.company_id

    def clean(self):
        said = super().clean()
        since, retired = said.get("since"), said.get("retired_on")
        if since and retired and retired < since:
            self.add_error("retired_on", _("It cannot be out of use before it was in use."))
        return said

    def save(self, commit=True):
        """It is looked at again; a deal with the former company did not sell it to this one."""
        if self.instance.company_id != self.former:
            self.instance.deal = None
        self.instance.judged_on = NEVER
        return super().save(commit)
