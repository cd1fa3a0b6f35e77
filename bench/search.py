"""Search: what a look takes in the database, for names of three languages."""

from django.db import connection

from bench import web
from bench.figures import Figure
from bench.web import DatabaseTime
from pipeline.models import Contact

LOOKS, MILLISECONDS = 40, 40
LANGUAGES = {"English": "^[A-Z]", "Russian": "^[А-Я]", "Chinese": "^[一-龥]"}


def figures(world):
    """The 95th percentile of whole names and of single words, taken from all over the table."""
    world.grow()
    web.statements(lambda: world.browser.get("/search/", q="nobody"))
    for language, pattern in LANGUAGES.items():
        taken = sorted(_look(world.browser, text) for text in _texts(pattern))
        late = taken[int(len(taken) * 0.95)] * 1e3
        yield Figure(
            f"search in {world.leads:,} contacts, {language}: 95th percentile in the database", late, MILLISECONDS, "ms CPU",
            goal=f"≤ {MILLISECONDS}",
        )  # fmt: skip


def _texts(pattern):
    """Names to look for: whole ones, and the last word of every other one."""
    found = (
        Contact.objects.filter(full_name__regex=pattern).order_by("-pk").values_list("full_name", flat=True)
    )
    names = list(found[: LOOKS * 37 : 37])
    return [name.split()[-1] if n % 2 else name for n, name in enumerate(names)]


def _look(browser, text):
    timer = DatabaseTime()
    with connection.execute_wrapper(timer):
        status, _body = browser.get("/search/", q=text)
    assert status == 200, status
    return timer.spent
