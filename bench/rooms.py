"""What is measured, by name: each room yields its figures of a World."""

from django.conf import settings
from django.test import override_settings

from bench import api, dashboard, imports
from bench.filling import World

SIZES = {"small": 10_000, "medium": 100_000, "full": 1_000_000}
# In this order: the import wants an empty house, the dashboard a growing one.
ROOMS = {
    "import": imports.figures,
    "dashboard": dashboard.figures,
    "list": api.listing,
    "create": api.creating,
    "depth": api.depth,
}
# Names of static files without a collected manifest.
PLAIN = {
    "default": settings.STORAGES["default"],
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def measure(size, only=()):
    """Yield the figures of `size` as they come; `only` names the rooms that are wanted, else all are."""
    world = World(SIZES[size])
    with override_settings(ROOT_URLCONF="bench.urls", STORAGES=PLAIN):
        for name, room in ROOMS.items():
            if not only or name in only:
                yield from room(world)
