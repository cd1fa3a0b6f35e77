"""Official figures of a region stay while regions become part of others; what people took along names the day."""

from datetime import date, datetime, timedelta
from random import Random

import pghistory
import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection

from accounts import dated
from accounts.models import Region
from pipeline.models import Deal
from reports.months import closing, listing
from reports.months.changes import changes
from reports.months.official import books
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.reports.attribution.test_credits import win
from tests.reports.test_months import JUNE, LATER, MAY, choose, lies, official
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db


def above(region):
    """The ids of a region and of all that it is part of."""
    parents, path = dict(Region.objects.values_list("pk", "parent_id")), [region]
    while parents[path[-1]]:
        path.append(parents[path[-1]])
    return path


def move(random, regions):
    """One region becomes part of another, or of none."""
    one, to = random.choice(regions), random.choice([None, *regions])
    if to is None or one.pk not in above(to.pk):
        Region.objects.filter(pk=one.pk).update(parent=to)


def scopes(regions):
    """{the query of a scope: the ids of its regions, as the records say now}; None is no region."""
    found = {"none": {None}}
    for region in regions:
        found[f"{region.pk}-own"] = {region.pk}
        for key in above(region.pk):
            found.setdefault(str(key), set()).add(region.pk)
    return found


def worth(within, month):
    """What was won in a month in some regions."""
    return sum(one.base_amount for one in Deal.objects.filter(signed_on__range=(month, month + timedelta(days=27)))
               if one.company.region_id in within)  # fmt: skip


def agree(regions, closed):
    """Every scope says of each closed month what it was worth to it at the close, what it is now, and lists the rest."""
    for scope, now in scopes(regions).items():
        found, choice, owed = official(region=scope), choose(region=scope), 0
        for month, (then, was) in closed.items():
            kept, live = was.get(scope, 0), worth(now, month)
            assert found.get(month, (0, 0, 0, 0)) == (kept, live, 0, live - kept), (scope, month)
            owed += live - kept
            shut = books(choice).shut[month]
            assert sum(row["worth"] for row in listing.frozen(shut, ("won",), "amount", choice)) == kept
            page = changes(shut, ("won",), choice, size=500)
            assert all((one.who, one.at) == (None, None) for one in page.rows)
            assert {(one.item, one.what, one.difference.amount) for one in page.rows} == {
                (
                    one.pk,
                    "regrouped",
                    one.base_amount if one.company.region_id in now else -one.base_amount,
                )
                for one in Deal.objects.filter(signed_on__range=(month, month + timedelta(days=27)))
                if (one.company.region_id in now) != (one.company.region_id in then.get(scope, ()))
            }, (scope, month)
        first_open = date(2026, 7, 1) if JUNE in closed else JUNE
        shut = books(choice).shut
        late = listing.counting(first_open, ("won",), "amount", choice, shut, late=True, size=500)
        assert sum(row["worth"] for row in late.rows) == owed == found[first_open][2], scope


@pytest.mark.parametrize("seed", range(2))
def test_no_move_of_regions_moves_what_was_official(cast, seed):
    random, closed = Random(seed), {}
    regions = [make.region(f"part{number}") for number in range(7)]
    for _number in range(9):
        move(random, regions)
    for number, region in enumerate([*regions, None]):
        company = make.company(region=region)
        for month in (MAY, JUNE):
            win(10**number % 9973, company=company, signed_on=month)
    for month, at in ((MAY, NOON + timedelta(days=1)), (JUNE, LATER)):
        closing.close(month, cast.finance, at)
        asked = scopes(regions)
        closed[month] = (asked, {scope: worth(within, month) for scope, within in asked.items()})
        for _number in range(5):
            move(random, regions)
        agree(regions, closed)
    assert lies() == []


def test_a_region_that_became_part_of_another_says_so(client, cast):
    north, south = make.region("north"), make.region("south")
    coast = make.region("coast")
    Region.objects.filter(pk=coast.pk).update(parent=north)
    won = win(100, company=make.company(region=coast), signed_on=MAY)
    paid = spend(make.campaign(region=coast), 30, month=MAY)
    closing.close(MAY, cast.finance, NOON)
    with pghistory.context(user=cast.admin.pk):
        Region.objects.filter(pk=coast.pk).update(parent=south)
    edited = LogEntry.objects.get(object_id=coast.pk).action_time
    told = {
        one: Api(cast.finance).get("/reports/months/2026-05/", region=one.pk)[1]
        for one in (north, south, coast)
    }
    assert {
        one.code: [body["figures"][name]["official"] for name in ("won", "spend")]
        for one, body in told.items()
    } == {"north": ["100", "30"], "south": ["0", "0"], "coast": ["100", "30"]}
    for one in (north, south):
        assert {(row["measure"], row["item"], row["what"], row["by"]) for row in told[one]["changes"]} == {
            (what, item, "regrouped", "Admin")
            for what, item in (("won", won.pk), ("credit", won.pk), ("paid", paid.pk))
        }
        assert {
            (datetime.fromisoformat(row["at"]), row["region"], row["region_was"], row["region_is"])
            for row in told[one]["changes"]
        } == {(edited, coast.name, north.name, south.name)}
    assert told[coast]["changes"] == []
    client.force_login(cast.finance)
    page = client.get("/dashboard/months/2026-05/behind/won/", {"region": south.pk, "side": "restated"})
    assert "changed region" in page.content.decode()
    assert f"{coast.name}: {north.name} → {south.name}" in page.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SELECT set_config('tandem.erasing', 'on', true)")
        cursor.execute(
            "UPDATE reports_frozenregion SET path = path || 7::bigint WHERE region = %s", [coast.pk]
        )
    assert [one.split(":")[0].split(", ")[1] for one in lies()] == [f"region {coast.pk})"]


def test_a_move_that_is_noted_late_names_its_day(cast):
    """Somebody went to another team before the close, and it was written down after it."""
    own = win(100, owner=cast.rep, signed_on=MAY)
    paid = spend(make.campaign(owner=cast.marketer), 30, month=MAY)
    left, came = {"team": str(cast.rep.team_id)}, {"team": str(cast.other_rep.team_id)}
    closing.close(MAY, cast.finance, NOON)
    since = NOON - timedelta(days=9)
    dated.note("team", cast.rep.pk, cast.other_rep.team_id, since, NOON + timedelta(days=1))
    crew = {"team": str(cast.marketer.team_id)}
    dated.note("team", cast.marketer.pk, None, since, NOON + timedelta(days=1))
    for asked, measure, item, change in (
        (left, "won", own, -100), (came, "won", own, 100), (crew, "paid", paid, -30),
    ):  # fmt: skip
        assert official(measure, **asked).get(MAY, (0,))[0] == (0 if change > 0 else -change)
        (row,) = changes(books(choose()).shut[MAY], (measure,), choose(**asked)).rows
        assert (row.item, row.what, row.difference.amount, row.who, row.at) == (
            item.pk,
            "handed",
            change,
            None,
            since,
        )
