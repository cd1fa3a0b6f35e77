"""Official figures of a programme, a marketer and a team of marketing stay while campaigns go from one to another."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection

from accounts.models import DatedFact, Role, Team, Track
from pipeline.models import Campaign, Spend
from reports.models import FrozenCampaign
from reports.months import closing, listing
from reports.months.changes import changes
from reports.months.official import books
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.reports.test_months import JUNE, LATER, MAY, choose, lies, official
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
CAPTURED = datetime(2026, 5, 9, 9, tzinfo=NOON.tzinfo)


class World:
    """Campaigns with what counts of them in May and June, as a naive reader keeps them."""

    def __init__(self, random, cast):
        self.random = random
        other = Team.objects.create(name="Events", track=Track.MARKETING)
        self.teams = [cast.marketer.team, other]
        self.people = [
            cast.marketer,
            cast.marketing_head,
            *(make.person(f"hand{number}", Role.MARKETING, team=self.random.choice(self.teams)) for number in range(2)),
        ]  # fmt: skip
        self.campaigns = [make.campaign(owner=self.random.choice(self.people)) for _number in range(8)]
        for _number in range(10):
            self.move()
        for number, campaign in enumerate([*self.campaigns, None]):
            for month in (MAY, JUNE):
                spend(campaign, 10**number % 9973, month=month)
            make.lead(at=CAPTURED, campaign=campaign)

    def above(self, campaign):
        """The ids of a campaign and of all programmes above it."""
        parents = dict(Campaign.objects.values_list("pk", "parent_id"))
        path = [campaign]
        while parents[path[-1]]:
            path.append(parents[path[-1]])
        return path

    def move(self):
        """One campaign goes to another programme or owner, or an owner to another team."""
        what, one = (
            self.random.choice(("parent", "parent", "owner", "team")),
            self.random.choice(self.campaigns),
        )
        if what == "team":
            who = self.random.choice(self.people)
            who.team = self.random.choice(self.teams)
            who.save()
        elif what == "owner":
            Campaign.objects.filter(pk=one.pk).update(owner=self.random.choice(self.people))
        else:
            to = self.random.choice([None, *self.campaigns])
            if to is None or one.pk not in self.above(to.pk):
                Campaign.objects.filter(pk=one.pk).update(parent=to)

    def scopes(self):
        """{the query of a scope: the ids of its campaigns, as the records say now}; None is no campaign."""
        found = {("campaign", "none"): {None}}
        for campaign in Campaign.objects.select_related("owner"):
            found.setdefault(("campaign", f"{campaign.pk}-own"), set()).add(campaign.pk)
            for key in self.above(campaign.pk):
                found.setdefault(("campaign", str(key)), set()).add(campaign.pk)
            found.setdefault(("rep", str(campaign.owner_id)), set()).add(campaign.pk)
            found.setdefault(("team", str(campaign.owner.team_id)), set()).add(campaign.pk)
        asked = [("rep", str(one.pk)) for one in self.people] + [("team", str(one.pk)) for one in self.teams]
        return {scope: found.get(scope, set()) for scope in (*found, *asked)}


def worth(within, month):
    """What of the spends of a month belongs to some campaigns."""
    return sum(one.base_amount for one in Spend.objects.filter(month=month) if one.campaign_id in within)


def agree(world, closed):
    """Every scope says of each closed month what it was worth to it at the close, what it is now, and lists the rest."""
    today = world.scopes()
    for scope, now in today.items():
        asked = dict([scope])
        found, leads = official("paid", **asked), official("leads", "n", **asked)
        for month, (then, was) in closed.items():
            kept, live = was.get(scope, 0), worth(now, month)
            assert found.get(month, (0, 0, 0, 0)) == (kept, live, 0, live - kept), (scope, month)
            if month == MAY:
                counts = len(then.get(scope, ())), len(now)
                assert leads.get(MAY, (0, 0))[:2] == counts, (scope, "leads")
            choice = choose(**asked)
            shut = books(choice).shut[month]
            listed = [row["worth"] for row in listing.frozen(shut, ("paid",), "amount", choice)]
            assert sum(listed) == kept
            page = changes(shut, ("paid",), choice, size=500)
            assert all(one.who is None and one.at for one in page.rows)  # by nobody who was signed in
            hands = Spend.objects.filter(month=month)
            assert {(one.item, one.what, one.difference.amount) for one in page.rows} == {
                (one.pk, "handed", one.base_amount if one.campaign_id in now else -one.base_amount)
                for one in hands
                if (one.campaign_id in now) != (one.campaign_id in then.get(scope, ()))
            }, (scope, month)


@pytest.mark.parametrize("seed", range(3))
def test_no_move_of_campaigns_owners_and_teams_moves_what_was_official(cast, seed):
    world, closed = World(Random(seed), cast), {}
    for month, at in ((MAY, NOON + timedelta(days=1)), (JUNE, LATER)):
        closing.close(month, cast.finance, at)
        scopes = world.scopes()
        closed[month] = (scopes, {scope: worth(within, month) for scope, within in scopes.items()})
        for _number in range(5):
            world.move()
        agree(world, closed)
        first_open = date(2026, 7, 1) if JUNE in closed else JUNE
        for scope, now in world.scopes().items():
            owed = sum(worth(now, one) - was.get(scope, 0) for one, (_then, was) in closed.items())
            choice = choose(**dict([scope]))
            late = listing.counting(
                first_open, ("paid",), "amount", choice, books(choice).shut, late=True, size=500
            )
            assert (owed, owed) == (
                official("paid", **dict([scope]))[first_open][2],
                sum(row["worth"] for row in late.rows),
            )
    assert official("paid")[MAY][0] == worth({None, *(one.pk for one in world.campaigns)}, MAY)
    assert lies() == []


def test_what_left_a_programme_is_told_with_who_moved_it_and_when(client, cast):
    old, new = make.campaign("Old"), make.campaign("New")
    middle = make.campaign("Middle", parent=old)
    fair = make.campaign("Fair", parent=middle, owner=cast.marketer)
    paid, own = spend(fair, 100, month=MAY), spend(old, 5, month=MAY)
    closing.close(MAY, cast.finance, NOON)
    alone = {"campaign": f"{middle.pk}-own"}
    assert official("paid", **alone)[MAY] == (0, 0, 0, 0)
    assert Api(cast.marketing_head).patch(f"/campaigns/{middle.pk}/", {"parent": new.pk})[0] == 200
    Campaign.objects.filter(pk=middle.pk).update(name="Renamed since")
    cast.marketer.team = None
    cast.marketer.save()
    api, asked = Api(cast.finance), {"from": "2026-05", "to": "2026-05"}
    told = [
        api.get("/reports/months/", campaign=one.pk, **asked)[1]["results"][0]["figures"]["spend"]
        for one in (old, new)
    ]
    assert [[one[side] for side in ("official", "live", "restated")] for one in told] == [
        ["105", "5", "-100"],
        ["0", "100", "100"],
    ]
    behind = "/reports/months/2026-05/behind/spend/"
    (row,) = api.get(behind, campaign=old.pk, side="restated")[1]["results"]
    assert (row["item"], row["counts"], row["what"], row["by"]) == (
        paid.pk,
        "-100",
        "handed",
        "Marketing Head",
    )
    assert row["at"] is not None
    assert {one["item"] for one in api.get(behind, campaign=old.pk)[1]["results"]} == {paid.pk, own.pk}
    (row,) = api.get(behind, team=cast.marketing_head.team_id, side="restated")[1]["results"]
    joined = DatedFact.objects.of("team", cast.marketer.pk).latest("since").since
    assert (row["counts"], row["by"], datetime.fromisoformat(row["at"])) == ("-100", None, joined)
    client.force_login(cast.finance)
    page = client.get("/dashboard/months/2026-05/behind/spend/", {"campaign": new.pk, "side": "restated"})
    assert "changed hands" in page.content.decode()
    one = client.get("/dashboard/", {"campaign": old.pk, **asked})
    page = client.get(one.context["shut_note"][1])  # the way to what was official of it
    (line,) = [line for line in page.context["lines"] if line["name"] == "spend"]
    assert (line["official"], line["live"], line["restated"]) == ("€105.00", "€5.00", "−€100.00")
    assert f'campaign: Old · <a href="{page.wsgi_request.path}"' in " ".join(page.content.decode().split())
    assert [row["what"] for row in page.context["table"].rows] == ["changed hands"]
    for link in ("/dashboard/months/?", "/dashboard/months/2026-04/?", "/dashboard/months/2026-05/pack/?"):
        assert f"{link}model=linear&amp;campaign={old.pk}" in page.content.decode()
    pack = client.get("/dashboard/months/2026-05/pack/", {"campaign": old.pk})
    assert "Not narrowed by campaign: the joint pack is of the whole house." in pack.content.decode()
    assert f"/dashboard/months/2026-05/?model=linear&amp;campaign={old.pk}" in pack.content.decode()
    for one, was in ((old, "105"), (new, "0")):
        body = api.get("/reports/months/2026-05/", campaign=one.pk)[1]
        assert body["figures"]["spend"]["official"] == was
        assert [(row["item"], row["what"]) for row in body["changes"]] == [(paid.pk, "handed")]
    for path in (
        "months/2026-05/",
        "months/2026-05/pack/",
        "months/2026-05/behind/spend/",
        "locks/",
        "shifts/",
    ):
        assert (
            api.get(f"/reports/{path}", period="all")[0] == api.get(f"/reports/{path}", foo="1")[0] == 400
        ), path
    assert api.get("/reports/months/2026-05/")[1]["changes"] == []  # of the whole house nothing was restated
    Campaign.objects.filter(pk=fair.pk).update(parent=None)
    # alone it had nothing then, though nothing is under it now
    assert official("paid", **alone)[MAY] == (0, 0, 0, 0)
    assert [str(one.path) for one in FrozenCampaign.objects.filter(campaign=fair.pk)] == [
        str([fair.pk, middle.pk, old.pk])
    ]
    # what is taken back in a later month of a campaign that is gone by then belongs where it last stood
    Spend.objects.filter(pk=paid.pk).update(campaign=None)
    fair.delete()
    closing.close(JUNE, cast.finance, LATER)
    assert official("paid", campaign=str(old.pk))[JUNE] == (-100, 0, -100, 0)
    assert lies() == []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SELECT set_config('tandem.erasing', 'on', true)")
        lie = "UPDATE reports_frozencampaign SET {} WHERE campaign = %s AND close_id = (SELECT max(close_id) FROM reports_frozencampaign)"
        cursor.execute(lie.format("owner = 7"), [old.pk])
        cursor.execute(lie.format("path = path || 7::bigint"), [middle.pk])
    journal, broken = (one.split(":")[0] for one in lies())
    assert journal == f"Closed month 2026-06, campaigns (campaign {old.pk})"
    assert broken.endswith(f", campaign {middle.pk})")
