"""What is measured, by name: each room yields its figures of a World."""

from django.conf import settings
from django.test import override_settings

from bench import (
    api,
    dashboard,
    dedupe,
    imports,
    messages,
    pages,
    paint,
    returns,
    routing,
    scoring,
    search,
    sweeps,
    tabs,
    training,
)
from bench.filling import World

SIZES = {"small": 10_000, "medium": 100_000, "full": 1_000_000}
# Measured while the house grows tenfold (and a hundredfold, where it is large), beside the size before.
GROWING = {
    "dashboard": dashboard.measured,
    "tabs": tabs.measured,
    "sweep": sweeps.measured,
    "dedupe": dedupe.measured,
}
GROWN = {
    "list": api.listing,
    "create": api.creating,
    "depth": api.depth,
    "pages": pages.figures,
    "paint": paint.figures,
    "search": search.figures,
    "returns": returns.figures,
    "score": scoring.figures,
    "route": routing.figures,
    "celery": messages.figures,
    "train": training.figures,
}
# In this order: the import wants an empty house, and training closes every pass of a full one.
ROOMS = ("import", *GROWING, *GROWN)
# Names of static files without a collected manifest.
PLAIN = {
    "default": settings.STORAGES["default"],
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def measure(size, only=()):
    """Yield the figures of `size` as they come; `only` names the rooms that are wanted, else all are."""
    world = World(SIZES[size])
    wanted = set(only or ROOMS)
    with override_settings(ROOT_URLCONF="bench.urls", STORAGES=PLAIN):
        if "import" in wanted:
            yield from imports.figures(world)
        if wanted & set(GROWING):
            yield from growing(world, {name: room for name, room in GROWING.items() if name in wanted})
        for name, room in GROWN.items():
            if name in wanted:
                yield from room(world)


def growing(world, rooms):
    """The figures of `rooms` at each size, each beside the size before."""
    before = dict.fromkeys(rooms)
    for leads in [world.size // 100] * (world.size > 100_000) + [world.size // 10, world.size]:
        world.grow(leads)
        for name, room in rooms.items():
            told, before[name] = room(world, before[name])
            yield from told
