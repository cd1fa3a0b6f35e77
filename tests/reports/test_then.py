"""Figures by the structure of that time are those of a naive walk day by day; page and API tell the same."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import dated, organisation
from accounts.models import DatedFact, Team
from reports import then
from reports.choice import axes, parse
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.pages import queries
from tests.reports.attribution.test_credits import win

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 1)
MARCH = {"period": "custom", "from": "2026-03", "to": "2026-03"}
DAY = st.integers(-5, 33).map(lambda n: FIRST + timedelta(days=n))


def march():
    asked = QueryDict(mutable=True)
    asked.update(MARCH)
    return parse(asked, axes(asked), timezone.now())


def naive(facts, subject, day, today):
    """What a fact was on a day: the last that had begun by its end, today's where none had."""
    so = [value for since, value in sorted(facts.get(subject, {}).items()) if since <= day]
    return so[-1] if so else today


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_counts_is_that_of_a_naive_walk_day_by_day(cast, data):
    with transaction.atomic():  # each example is rolled back
        people, teams = [cast.rep, cast.other_rep], list(Team.objects.order_by("pk"))
        heads = [cast.manager, cast.sales_head]
        DatedFact.objects.all().delete()
        told = {"team": {}, "head": {}}
        for what, subjects, values in (("team", people, [*teams, None]), ("head", teams, [*heads, None])):
            for one in subjects:
                for day in data.draw(st.lists(DAY, max_size=3, unique=True)):
                    value = data.draw(st.sampled_from(values))
                    told[what].setdefault(one.pk, {})[day] = value and value.pk
                    dated.note(what, one.pk, value and value.pk, organisation.midnight(day), timezone.now())
        deals = data.draw(st.lists(st.tuples(st.sampled_from(people), DAY, st.integers(1, 99)), max_size=6))
        for owner, day, amount in deals:
            win(str(amount), owner=owner, cost=0, signed_on=day)
        roll_all()
        team_now, head_now = (
            dated.facts()[what].now([one.pk for one in of])
            for what, of in (("team", people), ("head", teams))
        )
        wanted = {by: ({}, {}) for by in then.BY}
        for owner, day, amount in deals:
            if not FIRST <= day <= date(2026, 3, 31):
                continue
            team = naive(told["team"], owner.pk, day, team_now[owner.pk])
            head = naive(told["head"], team, day, head_now.get(team)) if team else None
            now = team_now[owner.pk]
            for by, was, is_now in (("team", team, now), ("head", head, head_now.get(now))):
                for counted, key in zip(wanted[by], (was, is_now), strict=True):
                    counted[key] = counted.get(key, 0) + amount
        for by in then.BY:
            found = then.then(march(), by, cast.sales_head, timezone.now())
            assert {one.key: one.then.amount for one in found if one.then.won} == wanted[by][0]
            assert {one.key: one.today.amount for one in found if one.today.won} == wanted[by][1]
            for one in found:
                assert sum((sums.amount for _name, sums in one.people.values()), Decimal()) == one.then.amount
        transaction.set_rollback(True)


def test_page_and_api_tell_it_to_whom_it_is_for(client, cast):
    north, south = cast.rep.team, cast.other_rep.team
    DatedFact.objects.of("team").update(since=organisation.midnight(FIRST))
    DatedFact.objects.of("head", north.pk).delete()
    dated.note("head", north.pk, cast.sales_head.pk, organisation.midnight(FIRST), timezone.now())
    dated.note("head", north.pk, cast.manager.pk, organisation.midnight(date(2026, 3, 20)), timezone.now())
    dated.note("team", cast.rep.pk, south.pk, organisation.midnight(date(2026, 3, 15)), timezone.now())
    lead = make.lead(owner=cast.rep, stage="sql", sql_at=organisation.midnight(date(2026, 3, 2)))
    for day, amount in ((10, 100), (20, 7)):
        win(str(amount), owner=cast.rep, cost=1, signed_on=date(2026, 3, day))
    win("30", owner=cast.teammate, cost=1, signed_on=date(2026, 3, 25))
    assert lead.owner == cast.rep
    roll_all()
    url = "/dashboard/structure/?from=2026-03&to=2026-03"
    client.force_login(cast.finance)
    rows = [
        (row["name"], row["person"], row["won"], row["amount"], row["sqls"])
        for row in client.get(url).context["table"].rows
    ]
    assert rows == [
        ("North", "all", 2, 130, 1), ("North", "Rep", 1, 100, 1), ("North", "Teammate", 1, 30, 0),
        ("South", "all", 1, 7, 0), ("South", "Rep", 1, 7, 0),
    ]  # fmt: skip
    rows = {
        row["name"]: (row["amount"], row["amount_today"])
        for row in client.get(f"{url}&by=head").context["table"].rows
        if row["person"] == "all"
    }
    assert rows == {"Sales Head": (100, 0), "Manager": (30, 30), "Other Manager": (7, 107)}
    (south_row,) = (
        row
        for row in client.get(url).context["table"].rows
        if row["name"] == "South" and row["person"] == "all"
    )
    today = [south_row[f"{name}_today"] for name in ("sqls", "won", "amount", "margin")]
    assert (today, south_row["currency"]) == ([1, 2, 107, 105], "EUR")
    assert client.get(f"{url}&format=csv").status_code == 200
    assert client.get(f"{url}&by=moon").status_code == 400
    organisation.current()
    assert queries(client, url) <= 5 + 2
    body = Api(cast.sales_head).get("/reports/structure/", by="head", **MARCH)[1]
    assert {one["name"]: one["then"]["won"] for one in body["results"]} == {
        "Sales Head": 1,
        "Manager": 1,
        "Other Manager": 1,
    }
    win("50", owner=cast.rep, signed_on=date(2026, 3, 26))  # nobody knows what it cost
    roll_all()
    page = client.get(url)
    told = {
        row["person"]: (row["margin"], row["uncosted"])
        for row in page.context["table"].rows
        if row["name"] == "South"
    }
    assert told == dict.fromkeys(("all", "Rep"), (6, "1 deal without a known cost is left out"))
    assert "€57" in page.content.decode()
