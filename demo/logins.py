"""Who may be tried out: one person for each role, all with the same password."""

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from demo.models import Demo
from demo.world import CODES

PASSWORD = "tandem-demo-2026"
DOMAIN = "demo.tandem.example"
LOGINS = (
    (_("Marketer"), f"marketer@{DOMAIN}"),
    (_("Rep"), f"rep@{DOMAIN}"),
    (_("Manager"), f"manager@{DOMAIN}"),
    (_("Head of marketing"), f"head.marketing@{DOMAIN}"),
    (_("Head of sales"), f"head.sales@{DOMAIN}"),
    (_("Administrator"), f"admin@{DOMAIN}"),
    (_("Finance"), f"finance@{DOMAIN}"),
)


def greeting():
    """Lines for the person who starts the system, in the demo's language: nothing where there is no demo."""
    demo = Demo.objects.first()
    if demo is None:
        return []
    with override(CODES[demo.language]):
        said = [(gettext(role), email) for role, email in LOGINS] + [(gettext("Password"), PASSWORD)]
    width = max(len(what) for what, _value in said) + 3
    return [f"{what + ':':{width}}{value}" for what, value in said]
