"""The order of the tests: the longest first, dealt to the workers of a run like cards."""

# What takes more than some ten seconds of a quiet machine, longest first: how node ids begin.
LONGEST = (
    "tests/ui/test_every_page.py::test_every_page_is_accessible_and_fits[chromium-admin-",
    "tests/integration/test_live_loop.py",
    "tests/engine/test_launcher.py::test_one_life",
    "tests/samples/test_learning.py::test_bank",
    "tests/engine/test_postgres15.py",
    "tests/ui/test_every_page.py::test_every_page_is_accessible_and_fits[chromium-rep-",
    "tests/stories/test_measures.py",
    "tests/ui/test_sent_twice.py::test_what_a_form_makes_it_makes_once",
    "tests/bench/test_rooms.py",
    "tests/leads/test_life.py",
    "tests/stories/test_loop.py",
    "tests/demo/test_making.py",
    "tests/demo/test_removal.py",
    "tests/demo/test_wishes.py::test_it_comes_and_goes",
    "tests/stories/test_first_run.py",
    "tests/reports/test_histories.py",
    "tests/leads/test_two_workers.py",
    "tests/leads/test_searching.py::test_every_place_that_is_offered_opens",
)
MARKS = ("integration", "pg15", "samples", "browser")  # as a rule longer than others


def dealt(items, hands):
    """The items in an order whose equal parts, one for each worker, begin with the longest tests, dealt in turn.

    Each part of the rest stays together as it came, so that what a module shares is made once.
    """
    rest = sorted(items, key=_rank)
    long = [item for item in rest if _rank(item) < len(LONGEST)]
    del rest[: len(long)]
    told = []
    for at in range(hands):
        mine = long[at::hands]
        more = (len(items) - len(told)) // (hands - at) - len(mine)
        told += mine + rest[:more]
        del rest[:more]
    return told


def _rank(item):
    """The place of an item among the long ones, then among the marked, else last."""
    for at, begin in enumerate(LONGEST):
        if item.nodeid.startswith(begin):
            return at
    marked = (at for at, mark in enumerate(MARKS) if item.get_closest_marker(mark))
    return len(LONGEST) + next(marked, len(MARKS))
