"""The API: a list beside the least that a list can be, one lead created, a page far down."""

import orjson

from bench import web
from bench.figures import Figure, alternate, speed, times

WHERE = {"stage": "new", "channel": "seo"}
PATH = "/api/v1/leads/"
DEPTH = 100_000


def listing(world):
    """The newest 50 leads of a stage and channel."""
    world.grow()
    browser = world.browser
    ours, bare = alternate(
        lambda: web.cost(lambda: browser.get(PATH, **WHERE), world.often(60)),
        lambda: web.cost(lambda: browser.get("/bench/leads/", **WHERE), world.often(60)),
    )
    yield speed("API list of 50 leads against a bare view", ours, bare, "≥ 0.40", 1e3, "ms CPU")
    taken = web.statements(lambda: browser.get(PATH, **WHERE))
    yield Figure("API list: statements besides session and user", taken, 2, goal="≤ 2")


def creating(world):
    """One lead of a person and a company that nobody knows."""
    world.grow()
    numbers = iter(range(10**9))

    def send():
        number = next(numbers)
        body = {
            "full_name": f"New {number}",
            "email": f"new{number}@new.example",
            "company": f"New {number}",
            "campaign": "bench-1",
        }
        status, answer = world.browser.post(PATH, body)
        assert status == 201, answer
        return status, answer

    yield Figure("API create one lead: statements", web.statements(send), 8, goal="≤ 8")


def depth(world):
    """A page far down beside page one."""
    world.grow()
    browser, cursor, down = world.browser, "", 0
    while down < DEPTH:
        page = orjson.loads(browser.get(PATH, limit=200, cursor=cursor)[1])
        if not page["older"]:
            break
        cursor, down = page["older"], down + 200
    deep, first = alternate(
        lambda: web.cost(lambda: browser.get(PATH, cursor=cursor), world.often(40)),
        lambda: web.cost(lambda: browser.get(PATH), world.often(40)),
    )
    yield times(f"API page at depth {down:,} against page one", deep, first, "≤ 1.5", 1e3, "ms CPU")
