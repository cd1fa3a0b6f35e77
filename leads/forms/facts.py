"""Facts of a lead that people correct without the desk: where it came from, what it is about, fields of one's own."""

from leads.models import Lead
from pipeline.forms.base import SpineForm
from pipeline.models import FieldOwner
from pipeline.own_fields import OwnFieldsForm
from ui.inline import Inline

FACTS = ("source_text", "segment", "region", "product")


class LeadFactsForm(OwnFieldsForm, SpineForm):
    """What stands on the lead's page and is nobody's verdict."""

    own = FieldOwner.LEAD

    class Meta:
        model = Lead
        fields = FACTS

    def save(self, commit=True):
        """Only the facts: the rest of the row belongs to the funnel."""
        self.instance.save(update_fields=[*FACTS, "attributes", "updated_at"])
        return self.instance


LEAD = Inline("leads:lead-field", "leads:lead", LeadFactsForm, FACTS)
