"""Moving spend: months against a naive count, the page, keeping a decision, and the second look a quarter later."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from leads.models import Notice
from pipeline.models import Deal
from reports import shifting, shifts, simulating
from reports.histories import Month, histories
from reports.models import Lesson, Shift
from reports.periods import shifted
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.downloads import read_csv, read_tables
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
MOVE = "by=channel&source=sem&target=webinar&amount=50"


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tab."""
    Organisation.objects.update(level=3)
    organisation.forget()


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def history(count=15):
    """Months of two channels up to the last one that is over: search brings nothing more, webinars answer to spend."""
    now = timezone.now().date().replace(day=1)
    search, webinar = make.campaign("Search"), make.campaign("Webinar", channel="webinar")
    for at in range(count):
        month = shifted(now, at - count)
        spend(search, 100 + 20 * (at % 3), month=month)
        spend(webinar, 40 + 40 * (at % 3), month=month)
        for campaign, leads in ((search, 2), (webinar, 1 + at % 3)):
            for _lead in range(leads):
                make.lead(at=noon(month), campaign=campaign, channel=campaign.channel)
    contact = make.contact()
    make.touch(contact, noon(shifted(now, -1)), campaign=webinar)
    deal = win(600, [contact], signed_on=shifted(now, -1))
    Deal.objects.filter(pk=deal.pk).update(opened_at=noon(shifted(now, -2)))
    roll_all()
    return now


def test_months_are_those_of_a_naive_count():
    now = history(3)
    found = histories("channel", "linear", now)
    assert [(one.month, one.spend, one.leads, one.revenue) for one in found["webinar"]] == [
        (shifted(now, -3), 40, 1, 0),
        (shifted(now, -2), 80, 2, 0),
        (shifted(now, -1), 120, 3, 600),
    ]
    small = make.segment("small")
    company = make.company(segment=small)
    make.lead(at=noon(shifted(now, -1)), segment=small)
    win(70, company=company, signed_on=shifted(now, -1))
    spend(make.campaign(segment=small), 9, month=shifted(now, -2))
    roll_all()
    found = histories("segment", "linear", now)
    assert [(one.spend, one.leads, one.revenue) for one in found[str(small.pk)][-3:]] == [
        (0, 0, 0),
        (9, 0, 0),
        (0, 1, 70),
    ]
    assert [one.spend for one in found["0"]][-3:] == [140, 200, 260]


def test_the_month_in_which_records_begin_is_no_whole_one():
    now = history(3)
    lonely = make.campaign("Early", channel="referral")
    spend(lonely, 5_000, month=shifted(now, -5))
    spend(lonely, 4_000, month=shifted(now, -4))
    make.lead(at=noon(shifted(now, -4)) + timedelta(days=20), campaign=lonely, channel="referral")
    roll_all()
    for by in ("channel", "segment"):
        for months in histories(by, "linear", now).values():
            assert [one.month for one in months] == [shifted(now, -3), shifted(now, -2), shifted(now, -1)]
    make.lead(at=noon(shifted(now, -4)), campaign=lonely, channel="referral")
    roll_all()
    whole = histories("channel", "linear", now)["referral"]
    assert [(one.spend, one.leads) for one in whole] == [(4_000, 2), (0, 0), (0, 0), (0, 0)]
    Organisation.objects.update(live_on=shifted(now, -2) + timedelta(days=1))
    organisation.forget()
    roll_all()
    assert [one.month for one in histories("channel", "linear", now)["webinar"]] == [shifted(now, -1)]


def test_the_month_in_which_a_channel_begins_is_no_whole_one():
    """Its campaign starts within it: of its months alone, whatever the house did before; a segment likewise."""
    now = history(4)
    late = make.campaign("Late", channel="seo", segment=make.segment("small"))
    spend(late, 0, month=shifted(now, -4))  # nothing yet
    for at in (-3, -2, -1):
        spend(late, 50, month=shifted(now, at))
    make.lead(
        at=noon(shifted(now, -3)) + timedelta(days=20), campaign=late, channel="seo", segment=late.segment
    )
    roll_all()
    for by, key, old in (("channel", "seo", "webinar"), ("segment", str(late.segment_id), "0")):
        for count in (36, 4, 3):
            found = histories(by, "linear", now, count)
            assert [one.whole for one in found[old]] == [True] * min(count, 4)
            assert [one.whole for one in found[key]][-3:] == [False, True, True]
        assert [one.whole for one in histories(by, "linear", now, 2)[key]] == [
            True,
            True,
        ]  # it was there before
    # Half of a month before the first whole one tells, too, who was there; who was not begins in it.
    Organisation.objects.update(live_on=shifted(now, -4) + timedelta(days=20))
    organisation.forget()
    roll_all()
    found = histories("channel", "linear", now)
    assert {key: [one.whole for one in of] for key, of in found.items()} == {
        "sem": [True] * 3, "webinar": [True] * 3, "seo": [False, True, True],
    }  # fmt: skip


def test_a_month_that_is_not_whole_is_not_fitted():
    months = [
        Month(shifted(date(2025, 1, 1), at), 40.0 + 20 * (at % 4), 9.0 + 4 * (at % 4), 90, 30)
        for at in range(15)
    ]
    broken = Month(date(2024, 12, 1), 900.0, 1.0, whole=False)
    plain, with_broken = ({"one": of, "other": of} for of in (months, [broken, *months]))
    found, same = (simulating.simulate(of, "one", "other", 10, 7) for of in (with_broken, plain))
    for part in ("before", "after", "change", "came"):
        assert getattr(found, part) == getattr(same, part)
    assert (found.source.months, found.source.most, same.source.most) == (15, 900, 100)
    few = [replace(one, whole=at > 3) for at, one in enumerate(months)]
    assert (simulating.obstacle(months), simulating.obstacle(few)) == ("", "months")
    assert simulating.ranked(with_broken) == simulating.ranked(plain) == ["one", "other"]


def test_the_page_simulates_without_a_script_and_says_when_the_history_is_too_short(client, cast):
    now = history()
    client.force_login(cast.marketer)
    page = client.get(f"/dashboard/shifts/?{MOVE}").content.decode()
    for words in ("Paid search", "Webinar", "Both together", "a quarter", "Keep the decision"):
        assert words in page
    tables = read_tables(client.get(f"/dashboard/shifts/?{MOVE}&format=csv"))
    change = client.get(f"/dashboard/shifts/?{MOVE}").context["found"].change
    assert [float(one) for one in tables[""][-1][3:]] == pytest.approx(
        [
            getattr(change[name], end)
            for name in ("leads", "pipeline", "revenue")
            for end in ("estimate", "low", "high")
        ],
        abs=0.01,
    )
    assert len(tables[""]) == 1 + 4 + 1
    assert len(tables["Decisions"]) == 1
    page = client.get("/dashboard/shifts/?by=channel&source=sem&target=webinar&amount=500").content.decode()
    assert "a month is spent there now" in page
    make.campaign("Fair", channel="exhibition")
    spend(make.campaign("Fair", channel="exhibition"), 9, month=shifted(now, -1))
    roll_all()
    page = client.get("/dashboard/shifts/?by=channel&source=sem&target=exhibition&amount=50").content.decode()
    assert "Exhibition: 0 whole months with spend so far; a curve needs 12." in page
    assert "Keep the decision" not in page
    client.force_login(cast.finance)
    assert "Keep the decision" not in client.get(f"/dashboard/shifts/?{MOVE}").content.decode()
    organisation.current()
    assert queries(client, f"/dashboard/shifts/?{MOVE}") <= 5 + 2
    assert client.get("/dashboard/shifts/?by=luck").status_code == 400
    client.force_login(cast.rep)
    assert client.get("/dashboard/shifts/").status_code == 403


def test_a_decision_is_kept_told_of_a_quarter_later_and_looked_at_again(client, cast):
    now = history()
    client.force_login(cast.marketer)
    body = {"by": "channel", "source": "sem", "target": "webinar", "amount": "50", "model": "linear",
            "starts_on": f"{now:%Y-%m}", "reason": "Webinars fill up"}  # fmt: skip
    assert client.post("/dashboard/shifts/keep/", body | {"reason": ""}).status_code == 422
    assert client.post("/dashboard/shifts/keep/", body | {"starts_on": "2020-01"}).status_code == 422
    assert not Shift.objects.exists()
    answer = client.post("/dashboard/shifts/keep/", body)
    kept = Shift.objects.get()
    assert answer["Location"] == f"/dashboard/shifts/{kept.pk}/"
    assert (kept.amount, kept.decided_by, kept.due_on) == (50, cast.marketer, shifted(now, 3))
    assert kept.expected["leads"]["after"][0] > 0
    client.post(f"/dashboard/shifts/{kept.pk}/look/", {"learned": "Too early"})
    assert shifts.remind_due(at=timezone.now()) == 0
    assert Shift.objects.get().looked_at is None
    client.post("/dashboard/shifts/keep/", body | {"reason": "A slip"})
    slip = Shift.objects.get(reason="A slip")
    assert "Take the decision back" in client.get(f"/dashboard/shifts/{slip.pk}/").content.decode()
    client.force_login(cast.finance)
    assert client.post(f"/dashboard/shifts/{slip.pk}/take-back/").status_code == 403
    client.force_login(cast.marketer)
    client.post(f"/dashboard/shifts/{slip.pk}/take-back/")
    page = client.get(f"/dashboard/shifts/{slip.pk}/").content.decode()
    assert "Taken back" in page
    assert "Take the decision back" not in page
    assert [one.pk for one in shifts.listed()] == [kept.pk, slip.pk]
    assert Api(cast.marketer).post(f"/reports/shifts/{slip.pk}/take-back/")[0] == 400

    Shift.objects.update(starts_on=shifted(now, -3), due_on=now)
    over, spent, outcomes = shifts.outcome(Shift.objects.get(pk=kept.pk), now)
    assert (over, spent) == (3, {"source": 360, "target": 240})
    assert {one.measure: one.actual for one in outcomes} == {"leads": 12, "pipeline": 0, "revenue": 600}
    for one in outcomes:
        estimate = kept.expected[one.measure]["after"][0]
        assert (one.expected[0], list(one.expected[1:])) == (estimate, kept.expected[one.measure]["came"][2])
        assert one.expected[1] <= estimate <= one.expected[2]
    former = Shift.objects.get(pk=kept.pk)
    for name in ("leads", "pipeline", "revenue"):
        del former.expected[name]["came"]
    for one in shifts.outcome(former, now)[2]:
        assert one.expected == pytest.approx(former.expected[one.measure]["after"])
    assert shifts.remind_due(at=timezone.now()) == 1
    assert shifts.remind_due(at=timezone.now()) == 0
    assert Notice.objects.get().path == f"/dashboard/shifts/{kept.pk}/"
    page = client.get(f"/dashboard/shifts/{kept.pk}/").content.decode()
    assert "Expected against actual" in page
    assert "to be looked at" in client.get("/dashboard/shifts/").content.decode()
    rows = read_csv(client.get("/dashboard/shifts/?format=csv"))
    assert (len(rows), rows[1][1], rows[1][-1]) == (3, "50.0000", "Webinars fill up")
    gain = kept.expected["revenue"]["after"][0] - kept.expected["revenue"]["before"]
    assert float(rows[1][6]) == pytest.approx(gain, abs=1e-6)
    assert client.post(f"/dashboard/shifts/{kept.pk}/look/", {"learned": ""}).status_code == 422
    client.post(f"/dashboard/shifts/{kept.pk}/look/", {"learned": "They did"})
    late = client.post(f"/dashboard/shifts/{kept.pk}/look/", {"learned": "And they said why"})
    assert late.status_code == 422  # and whoever was slower has the words still
    for words in ("They did", "And they said why", "somebody was faster"):
        assert words in late.content.decode()
    assert (Shift.objects.get(pk=kept.pk).learned, Shift.objects.get(pk=kept.pk).looked_by) == (
        "They did",
        cast.marketer,
    )
    learn = f"/dashboard/shifts/{kept.pk}/learn/"
    assert client.post(learn, {"text": " "}).status_code == 422
    for user in (cast.marketer, cast.finance):
        client.force_login(user)
        assert client.post(learn, {"text": f"{user} saw it last"}).status_code == 302
    page = client.get(f"/dashboard/shifts/{kept.pk}/").content.decode()
    assert page.index("Finance saw it last") < page.index("Marketer saw it last")
    told = Api(cast.finance).get(f"/reports/shifts/{kept.pk}/")[1]["lessons"]
    assert [one["text"] for one in told] == ["Marketer saw it last", "Finance saw it last"]
    client.post(f"/dashboard/shifts/{slip.pk}/learn/", {"text": "Of nothing"})
    assert set(Lesson.objects.values_list("shift", flat=True)) == {kept.pk}
    client.force_login(cast.rep)
    assert client.post(learn, {"text": "x"}).status_code == 403
    client.force_login(cast.finance)
    assert client.post("/dashboard/shifts/keep/", body).status_code == 403
    assert client.post(f"/dashboard/shifts/{kept.pk}/look/", {"learned": "x"}).status_code == 403


def test_the_same_in_the_api(cast):
    now = history()
    api = Api(cast.marketer)
    move = {"by": "channel", "source": "sem", "target": "webinar", "amount": "50"}
    status, body = api.get("/reports/reallocation/", **move)
    assert (status, body["source"]["then"]) == (200, pytest.approx(body["source"]["now"] - 50))
    assert body["change"]["revenue"]["low"] <= body["change"]["revenue"]["high"]
    assert api.get("/reports/reallocation/", **move | {"source": "luck"})[0] == 400
    assert api.get("/reports/reallocation/", **move | {"region": "1"})[0] == 400
    wish = move | {"starts_on": f"{now}", "reason": "Webinars fill up"}
    status, kept = api.post("/reports/shifts/", wish)
    assert (status, Decimal(kept["amount"]), kept["starts_on"]) == (201, 50, f"{now}")
    assert api.post("/reports/shifts/", wish | {"starts_on": f"{date(2020, 1, 1)}"})[0] == 400
    spend(make.campaign("Letters", channel="direct_mail"), 40, month=shifted(now, -1))
    roll_all()
    status, body = api.post("/reports/shifts/", wish | {"target": "direct_mail"})
    assert (status, list(body["errors"])) == (400, ["target"])
    assert "Direct mail: 0 whole months with spend so far" in str(body["errors"]["target"])
    assert [one["id"] for one in api.get("/reports/shifts/")[1]] == [kept["id"]]
    assert api.post(f"/reports/shifts/{kept['id']}/", {"learned": "x"})[0] == 400
    Shift.objects.update(starts_on=shifted(now, -3), due_on=now)
    status, body = api.post(f"/reports/shifts/{kept['id']}/", {"learned": "They did"})
    assert (status, body["learned"], len(body["outcomes"])) == (200, "They did", 3)
    assert Api(cast.rep).get("/reports/shifts/")[0] == 403
    assert Api(cast.finance).post("/reports/shifts/", wish)[0] == 403


@pytest.mark.parametrize(
    ("pipeline", "revenue", "tone", "words"),
    [
        ((-28, -50, -9), (-7, -18, 2), "warn", "Less pipeline is to be expected"),
        ((28, 9, 50), (7, -2, 18), "", "More pipeline is to be expected"),
        ((28, -9, 50), (7, -2, 18), "", "The history cannot tell a gain from a loss"),
        ((28, -9, 50), (7, 2, 18), "ok", "A gain is to be expected"),
        ((-28, -50, -9), (-7, -18, -2), "warn", "A loss is to be expected"),
    ],
)
def test_each_of_both_is_told_as_far_as_it_is_known(pipeline, revenue, tone, words):
    side = simulating.Side("sem", 1, 1, 1, 12)
    change = {"pipeline": simulating.Range(*pipeline), "revenue": simulating.Range(*revenue)}
    found = simulating.Simulation(side, side, 1, change=change)
    told = shifting.verdict(found, "EUR")
    assert (told[0], words in told[1]) == (tone, True)
