"""The menu: at most five entries a role; rooms that have not landed are left out silently (ui.menu)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MENU: list[dict[str, Any]] = [
    {"label": _("Today"), "url": "leads:today", "icon": "sun", "roles": ["marketing"]},
    {"label": _("My day"), "url": "leads:my-day", "icon": "sun", "roles": ["sales"]},
    {
        "label": _("Dashboard"),
        "url": "reports:dashboard",
        "icon": "layout-dashboard",
        "roles": ["manager", "admin", "finance"],
    },
    {
        "label": _("Campaigns"),
        "url": "pipeline:campaign-list",
        "icon": "megaphone",
        "roles": ["marketing", "admin", "finance"],
    },
    {"label": _("Lead desk"), "url": "leads:desk", "icon": "inbox", "roles": ["marketing", "admin"]},
    {"label": _("Leads"), "url": "leads:lead-list", "icon": "users", "roles": ["sales", "marketing"]},
    {
        "label": _("Deals"),
        "url": "leads:deal-list",
        "icon": "kanban",
        "roles": ["sales", "manager", "admin", "finance"],
    },
    {"label": _("Pool"), "url": "leads:pool", "icon": "waves-horizontal", "roles": ["sales"], "level": 2},
    {"label": _("My numbers"), "url": "reports:mine", "icon": "gauge", "roles": ["sales"]},
    {"label": _("Dashboard"), "url": "reports:dashboard", "icon": "layout-dashboard", "roles": ["marketing"]},
    {"label": _("Agreement"), "url": "leads:agreement", "icon": "handshake", "roles": ["manager"]},
    {"label": _("Teams"), "url": "accounts:team-list", "icon": "users-round", "roles": ["manager"]},
    {"label": _("Set-up"), "url": "accounts:setup", "icon": "settings", "roles": ["admin"]},
]
