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
        "under": ["/exceptions/"],
    },
    {
        "label": _("Campaigns"),
        "url": "pipeline:campaign-list",
        "icon": "megaphone",
        "roles": ["marketing", "admin", "finance"],
        "under": ["/audiences/", "/forms/", "/links/", "/quick-add/", "/voice/"],
    },
    {
        "label": _("Lead desk"),
        "url": "leads:desk",
        "icon": "inbox",
        "roles": ["marketing", "admin"],
        "under": ["/disputes/", "/duplicates/", "/handoffs/", "/held/", "/leads/", "/merges/"],
    },
    {
        "label": _("Leads"),
        "url": "leads:lead-list",
        "icon": "users",
        "roles": ["sales", "marketing"],
        "under": ["/audiences/", "/imports/"],
    },
    {
        "label": _("Deals"),
        "url": "leads:deal-list",
        "icon": "kanban",
        "roles": ["sales", "manager", "admin", "finance"],
        "under": ["/registrations/"],
    },
    {"label": _("Pool"), "url": "leads:pool", "icon": "waves-horizontal", "roles": ["sales"], "level": 2},
    {"label": _("My numbers"), "url": "reports:mine", "icon": "gauge", "roles": ["sales"]},
    {
        "label": _("Dashboard"),
        "url": "reports:dashboard",
        "icon": "layout-dashboard",
        "roles": ["marketing"],
        "under": ["/exceptions/"],
    },
    {
        "label": _("Agreement"),
        "url": "leads:agreement",
        "icon": "handshake",
        "roles": ["manager"],
        "under": ["/disputes/", "/voice/"],
    },
    {
        "label": _("Teams"),
        "url": "accounts:team-list",
        "icon": "users-round",
        "roles": ["manager"],
        "under": ["/calendars/", "/people/", "/structure/"],
    },
    {
        "label": _("Set-up"),
        "url": "accounts:setup",
        "icon": "settings",
        "roles": ["admin"],
        "under": [
            "/agreement/",
            "/calendars/",
            "/engine/",
            "/imports/",
            "/moments/",
            "/organisation/",
            "/people/",
            "/products/",
            "/rates/",
            "/robots/",
            "/routing/",
            "/scoring/",
            "/start/",
            "/structure/",
            "/teams/",
            "/units/",
            "/voice/",
        ],
    },
]
