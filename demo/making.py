"""Makes the demo: tells the story, loads it, and lets the engine draw its conclusions."""

from dataclasses import replace

from django.db import connections
from django.utils.translation import gettext

from accounts import organisation
from demo.hours import office, special_days
from demo.loading import load
from demo.models import Demo
from demo.rows import TABLES
from demo.standing import stand
from demo.story import FULL, SMALL, Story
from demo.world import CODES, world
from leads import scoring
from leads.models import Lead
from leads.reference import RETURN_REASONS
from pipeline.models import Campaign, Company, Contact, Deal
from pipeline.reference import OUTCOME_REASONS
from reports import rollups
from reports.attribution import learning

# What journals say for the code of a reason: its name in English, which pages translate.
REASONS = {code: name for code, name, *_ in (*RETURN_REASONS, *OUTCOME_REASONS)}


class NotHere(Exception):
    """The demo has no place in this database, with the reason in words."""


def make(*, language, seed, at, small=False, beside=False, say=lambda stage: None):
    """Make the demo in a database without one. Returns table → number of rows. Raises NotHere.

    `say` is told what is being done: telling, loading, counting.
    """
    if Demo.objects.exists():
        raise NotHere(gettext("There is a demo already; --remove takes it away."))
    if not beside and any(model.objects.exists() for model in (Campaign, Company, Contact, Deal, Lead)):
        raise NotHere(gettext("There is real data here; --beside puts the demo next to it."))
    words = beside_real(world(language)) if beside else world(language)
    calendars = [special_days(place.holidays, at, CODES[language]) for place in words.territories]
    say("telling")
    story = tell(words, seed, at, small, calendars)
    say("loading")
    demo, counts, keys = load(story, calendars, seed=seed, at=at, beside=beside)
    say("counting")
    conclude(at)
    stand(story.house, demo, keys, at, beside)
    return counts


def conclude(at):
    """Score and count what was loaded. Learned first, every deal is credited once, by what was learned."""
    with connections["owner"].cursor() as cursor:  # without it the planner takes full tables for empty ones
        cursor.execute(f"SET statement_timeout = 0; ANALYZE (SKIP_LOCKED) {', '.join(TABLES.values())}")
    for _ in scoring.rescore_all(at):
        pass
    learning.learn()
    rollups.rebuild()


def tell(words, seed, at, small, calendars):
    """The story of a world from a seed, up to `at`. Reads nothing from the database."""
    offices = [
        office(place, special, at) for place, special in zip(words.territories, calendars, strict=True)
    ]
    story = Story(words, seed, at, SMALL if small else FULL, offices, REASONS)
    story.tell()
    return story


def beside_real(words):
    """A world that keeps the books of the organisation that is there: its currency and zone, no other money."""
    ours = organisation.current()
    return replace(words, currency=ours.currency, zone=ours.zone, foreign=())
