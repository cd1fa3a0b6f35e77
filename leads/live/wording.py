"""The conditions of a living audience as people read them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads.live.conditions import CHOICES, CODES
from leads.models import Grade, ScoreRule, TouchKind, UsageKind
from leads.scoring.explaining import describe
from pipeline.channels import Channel
from pipeline.stages import Stage
from ui import formats

LABELS = {
    "stages": gettext_lazy("Stage"),
    "grades": gettext_lazy("Grade now"),
    "engagement": gettext_lazy("Engagement now at least"),
    "channels": gettext_lazy("Came by"),
    "campaigns": gettext_lazy("Campaign that brought them"),
    "products": gettext_lazy("Product asked for"),
    "segments": gettext_lazy("Segment"),
    "regions": gettext_lazy("Region"),
    "customers": gettext_lazy("Customers"),
    "usage": gettext_lazy("What the use of products says"),
    "captured_days": gettext_lazy("Came in"),
    "touch_kinds": gettext_lazy("Did"),
    "touch_campaigns": gettext_lazy("for the campaign"),
    "touch_products": gettext_lazy("about the product"),
    "touch_days": gettext_lazy("Did something"),
}
WORDS = {"stages": Stage, "grades": Grade, "channels": Channel, "touch_kinds": TouchKind, "usage": UsageKind}


def told(conditions):
    """[(label, value)] of the conditions, in the order of the form; names are read at once for each kind of record."""
    lines = [
        (str(label), _value(name, conditions[name])) for name, label in LABELS.items() if name in conditions
    ]
    return lines + [(_("and"), describe(ScoreRule(**one))) for one in conditions.get("own", ())]


def _value(name, value):
    if name in CHOICES:
        return formats.listed([str(WORDS[name](code).label) for code in value])
    if name in CODES:
        known = {one.code: str(one) for one in CODES[name].objects.filter(code__in=value)}
        return formats.listed([known.get(code, code) for code in value])
    if name == "customers":
        return _("only customers") if value == "customers" else _("not customers yet")
    if name.endswith("_days"):
        return ngettext("in the last %(days)s day", "in the last %(days)s days", value) % {"days": value}
    return formats.number(value)
