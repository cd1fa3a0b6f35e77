"""The house that the bench measures on is one that the product itself could have come to."""

import pytest

from bench.filling import World
from reports import verify

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_grow(owner):
    world = World(120)
    with owner("owner"):
        world.grow(40)
        world.grow()
    found = verify.verify().found
    # heat is drawn, not scored
    assert {name for name, differences in found.items() if differences} == {"scores"}
    assert world.browser.get("/dashboard/")[0] == 200
