"""All facts with dates, those of the floors above included."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.dated.facts import Fact


@cache
def facts() -> dict[str, Fact]:
    """{name: Fact}, in the order in which they are shown (settings.DATED)."""
    return {fact.name: fact for names in settings.DATED for fact in import_string(names)}


def of_subject(subject) -> list[Fact]:
    """Those told of a kind of subject ("app.Model")."""
    return [fact for fact in facts().values() if fact.subject == subject]
