"""Campaigns whose stored links lead in a ring, from before there was a guard, are named, and lost by no page."""

from random import Random

import pytest

from accounts import organisation
from accounts.models import Organisation
from pipeline.models import Campaign
from reports.budget import budget
from reports.months import closing
from reports.programmes import above
from reports.returns import returns
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.reports.test_months import MAY, choose, lies, official
from tests.reports.test_returns import spend


def round_and_round(parents, one):
    """Every ring's members that lie above `one` or are it, found by walking as long as there could be anything new."""
    way = [one]
    for _step in parents:
        way.append(parents.get(way[-1]))
    return {step for step in way if step is not None and way.count(step) > 1}


@pytest.mark.parametrize("seed", range(30))
def test_a_ring_is_opened_at_its_oldest_and_nothing_else_is_moved(seed):
    random = Random(seed)
    parents = {one: random.choice([None, 99, *range(1, 13)]) for one in range(1, 13)}
    found = above(parents)
    for one, parent in parents.items():
        ring = round_and_round(parents, one)
        opened = one in ring and one == min(ring)
        assert found[one] == (None if opened or parent == 99 else parent), (parents, one)
        assert not round_and_round(found, one)


@pytest.mark.django_db
def test_a_ring_is_named_and_loses_nobody(client, cast):
    Organisation.objects.update(level=2)
    organisation.forget()
    first, second, third = (make.campaign(name, owner=cast.marketer) for name in ("First", "Second", "Third"))
    beneath, apart = make.campaign("Beneath", parent=third), make.campaign("Apart")
    everybody = (first, second, third, beneath, apart)
    for number, one in enumerate(everybody):
        spend(one, 10**number, month=MAY)
    for one, parent in ((first, second), (second, third), (third, first)):
        Campaign.objects.filter(pk=one.pk).update(parent=parent)
    roll_all()
    assert lies() == [
        f"Campaign {first.pk} is part of itself: stored {first.pk} → {second.pk} → {third.pk} → {first.pk}, "
        "the source says no campaign is: give one of them another programme"
    ]
    for tree in (returns(choose()).tree(), budget(choose()).lines):
        assert [(line.name, line.depth) for line in sorted(tree, key=lambda one: one.campaign)] == [
            ("First", 0), ("Second", 2), ("Third", 1), ("Beneath", 2), ("Apart", 0),
        ]  # fmt: skip
    assert budget(choose()).total.paid == 11111
    closing.close(MAY, cast.finance, NOON)
    for one, worth in ((first, 1111), (second, 1111), (beneath, 1000), (apart, 10000)):
        assert official("paid", campaign=str(one.pk))[MAY] == (worth, worth, 0, 0)
    assert len(lies()) == 1
    client.force_login(cast.marketing_head)
    for path in ("campaigns/", "budget/", "", "models/", "months/"):
        page = client.get(f"/dashboard/{path}?from=2026-05&to=2026-05&campaign={second.pk}")
        assert page.status_code == 200, path
    for path in (f"/campaigns/{second.pk}/", f"/campaigns/{second.pk}/edit/", "/campaigns/"):
        assert client.get(path).status_code == 200, path
    page = client.get("/dashboard/budget/?from=2026-05&to=2026-05").content.decode()
    assert all(one.name in page for one in everybody)
    api = Api(cast.marketing_head)
    assert len(api.get("/reports/campaigns/", period="all")[1]["results"]) == 5
    assert api.patch(f"/campaigns/{third.pk}/", {"parent": None})[0] == 200  # the way out of it
    assert lies() == []
