"""Who may be tried out: one person for each role, all with the same password."""

from django.utils.translation import gettext_noop as _

from demo.models import Demo

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
    """Lines for the person who starts the system: nothing where there is no demo."""
    if not Demo.objects.exists():
        return []
    return [*(f"{role + ':':20}{email}" for role, email in LOGINS), f"{'Password:':20}{PASSWORD}"]
