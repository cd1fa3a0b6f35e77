"""What marketing owes of a month follows the time in which each version was in force, wherever it is told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from accounts import organisation
from leads import owing, standing
from leads.models import Agreement, AgreementSignature, Handoff
from leads.terms import in_force_at
from reports.choice import axes, parse
from reports.rollups import roll_all
from reports.scorecard.figures import scorecard
from reports.sides import sides
from tests import cast as make
from tests.api import Api

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
HOURS = 30 * 24


@pytest.fixture
def signed(db):
    """Sign a version of so many a month at a moment, by marketing some hours earlier."""
    organisation.forget()

    def sign(number, at, owed):
        found = Agreement.objects.create(version=number, owed_sqls=owed)
        for track, before in (("marketing", 5 * HOUR), ("sales", 0 * HOUR)):
            AgreementSignature.objects.create(agreement=found, track=track, at=at - before)

    return sign


def on_the_way(cast, at):
    """An offer: from its month on something is owed."""
    Handoff.objects.create(
        lead=make.lead(at=at),
        rep=cast.rep,
        agreement=Agreement.objects.earliest("version"),
        offered_at=at,
        grade="A",
    )
    roll_all()


def test_a_signature_on_the_last_day_changes_what_is_owed_from_then_on(signed, cast, client):
    segment = make.segment("big")
    zone = organisation.zone()
    start = datetime(2026, 5, 1, tzinfo=zone)
    Agreement.objects.update(owed_sqls=40, owed_by_segment={"big": 10})
    signed(2, start + 30 * DAY, 400)
    end = datetime(2026, 6, 1, tzinfo=zone)
    rows = {one.key: one.owed for one in standing.owed(end, start.date())}
    assert rows == {
        "": pytest.approx(40 * 30 / 31 + 400 / 31),
        str(segment.pk): pytest.approx(10 * 30 / 31),
    }
    on_the_way(cast, start + DAY)
    choice = parse({"from": "2026-05", "to": "2026-05"}, axes({}), end)
    accounts = {one.segment: one.owed for one in sides(choice, end).of("marketing") if not one.is_clock}
    assert accounts == {None: 52, segment.pk: 10}
    card = scorecard(choice, end, {})
    assert next(one.agreed for one in card.scores if one.name == "good_sqls") == 52
    client.force_login(cast.marketer)
    page = client.get("/agreement/?month=2026-05")
    assert [one.version.number for one in page.context["spells"]] == [1, 2]
    assert "What is owed follows the time" in page.content.decode()
    assert "What is owed follows the time" not in client.get("/agreement/?month=2026-06").content.decode()
    told = Api(cast.marketer).get("/standing/", month="2026-05-01")[1]
    assert [one["version"] for one in told["versions"]] == [1, 2]
    assert told["marketing"][0]["owed"] == pytest.approx(rows[""])


@given(
    some.lists(some.tuples(some.integers(-200, HOURS + 200), some.integers(0, 90)), max_size=5),
    some.integers(0, HOURS),
)
def test_each_hour_owes_by_the_version_in_force(versions, passed):
    rows = [{"version": 1, "at": None, "owed": 40, "by_segment": {"a": 5}}] + [
        {"version": n, "at": (START + HOUR * hour).isoformat(), "owed": owed, "by_segment": {"b": owed}}
        for n, (hour, owed) in enumerate(versions, 2)
    ]

    def at_hour(hour):
        held = [row for row in rows if row["at"] and datetime.fromisoformat(row["at"]) <= START + HOUR * hour]
        return max(held, key=lambda row: row["version"]) if held else rows[0]

    found = owing.owed(owing.in_turn(rows), START, END, START + HOUR * passed)
    told = [at_hour(hour) for hour in range(passed)]
    assert found[""] == pytest.approx(sum(row["owed"] for row in told) / HOURS)
    for code in "ab":
        assert found[code] == pytest.approx(sum(row["by_segment"].get(code, 0) for row in told) / HOURS)


def test_the_versions_are_those_that_were_in_force(signed):
    first = START - 300 * DAY
    signed(3, first + 100 * DAY, 50)
    signed(2, first + 200 * DAY, 60)  # too late: a newer one holds
    half = Agreement.objects.create(version=4, owed_sqls=70)
    AgreementSignature.objects.create(agreement=half, track="sales", at=first + 210 * DAY)
    signed(5, first + 220 * DAY, 80)
    held = owing.versions()
    assert [(one.number, one.owed) for one in held] == [
        (1, Agreement.objects.earliest("version").owed_sqls),
        (3, 50),
        (5, 80),
    ]
    for one in held[1:]:
        assert in_force_at(one.since).version == one.number
        assert in_force_at(one.since - HOUR).version < one.number
