"""Fields of one's own on leads, companies and deals, kept by an administrator."""

from django.utils.translation import gettext_lazy as _

from accounts.registers import Register
from pipeline.forms.fields import FieldForm
from pipeline.models import CustomField
from pipeline.views.stages import STATE, in_use
from ui.tables import Column


def _field(field):
    kind = field.get_kind_display()
    takes = f"{kind}: {', '.join(field.choices[:4])}" if field.choices else kind
    ready = _("A ready lead has it") if field.required else ""
    return {
        "name": str(field),
        "code": field.code,
        "on": field.get_on_display(),
        "takes": takes,
        "ready": ready,
        **in_use(field),
    }


FIELDS = Register(
    "fields",
    "pipeline",
    CustomField,
    FieldForm,
    "pipeline.manage_fields",
    _("Own fields"),
    _("On forms and pages, as columns and filters of lists, in imports and in the API (attributes)"),
    [
        Column("name", _("Field"), href="href", note="code"),
        Column("on", _("Stands on")),
        Column("takes", _("Takes")),
        Column("ready", _("Ready")),
        STATE,
    ],
    _field,
)
