"""Both sides of the agreement over months: credits and debits, returns by reason, the same as the agreement's page."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts import organisation
from leads import capture, handoffs, standing
from leads.models import Agreement, AgreementSignature, Handoff, ReturnReason
from reports.charting import bin_list
from reports.choice import axes, parse
from reports.rollups import roll_all
from reports.rollups.events import beyond
from reports.sides import sides
from reports.siding import account_table
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_tables
from tests.leads.ready import accepted, offered, ready
from tests.pages import queries

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


@pytest.fixture
def offers(cast):
    """Offers of May and June: accepted in and out of time, returned for two reasons, expired; grades A to C; a segment."""
    segment = make.segment("big")
    agreement = Agreement.objects.get()
    agreement.owed_sqls, agreement.owed_by_segment = 6, {"big": 2}
    agreement.save()
    reasons = list(ReturnReason.objects.order_by("id")[:2])
    for number in range(12):
        at = NOON - timedelta(days=4 * number, hours=3)  # the first contact of the newest is not due yet
        lead = make.lead(at=at - HOUR, segment=segment if number % 2 else None)
        fields = {
            "lead": lead,
            "rep": cast.rep,
            "agreement": agreement,
            "offered_at": at,
            "answer_due_at": at + HOUR,
        }
        if number % 4 == 3:
            fields |= {"end": "returned", "ended_at": at + HOUR / 2, "reason": reasons[number // 8]}
        else:
            fields |= {"accepted_at": at + HOUR * (0.5 if number % 3 else 2), "contact_due_at": at + 5 * HOUR}
            fields |= {"contacted_at": at + 3 * HOUR} if number % 2 else {}
        Handoff.objects.create(grade="ABC"[number % 3], **fields)
    roll_all()
    return reasons


def choose(**data):
    """June, or what is asked for."""
    data = data or {"period": "month"}
    return parse(data, axes(data), NOON)


def test_a_month_is_told_as_on_the_agreements_own_page(offers):
    found = sides(choose(), NOON)
    start, end, _passed = standing.month_of(NOON)
    kept = {one.name: (one.due, one.kept) for one in standing.kept(start, end, NOON)}
    assert {one.name: (one.owed, one.given) for one in found.of("sales")} == kept
    owed = standing.owed(NOON)
    assert [(one.name, one.owed, one.given) for one in found.of("marketing")] == [
        *((one.segment, round(one.owed), one.accepted) for one in owed if round(one.owed) or one.accepted),
        ("desk", 0, 0),
    ]


def test_months_add_up_to_credits_and_debits(offers):
    choice = choose(**{"from": "2026-05", "to": "2026-06"})
    passed = standing.month_of(NOON)[2]
    to_come = sides(choose(**{"from": "2026-07", "to": "2026-09"}), NOON).of("marketing")
    assert not any(one.owed for one in to_come)
    good = [one for one in Handoff.objects.exclude(accepted_at=None) if one.grade in "AB"]
    since = datetime(2026, 5, 1, tzinfo=UTC)
    given = sum(since <= one.accepted_at < NOON for one in good)
    found = sides(choice, NOON)
    account, *parts = (one for one in found.of("marketing") if not one.is_clock)
    assert sum(one.given for one in parts) == account.given
    assert (account.given, account.owed, account.balance) == (
        given,
        round(6 * (1 + passed)),
        given - round(6 * (1 + passed)),
    )
    due = [one for one in Handoff.objects.all() if since <= one.answer_due_at < NOON]
    in_time = sum((one.accepted_at or one.ended_at) <= one.answer_due_at for one in due)
    answered = found.of("sales")[0]
    assert (answered.name, answered.owed, answered.given) == ("answer", len(due), in_time)
    assert sum(one.offers for one in found.reasons) == sum(
        one.end == "returned" and one.offered_at >= since for one in Handoff.objects.all()
    )
    assert {one.name for one in found.reasons} <= {reason.name for reason in offers}


def test_nothing_is_owed_before_there_is_an_agreement_or_a_delivery(offers, cast, client):
    """The first delivery was in May; a version is signed by one head in March of the year before, by the other in February."""
    client.force_login(cast.admin)
    ever, passed = choose(period="all"), standing.month_of(NOON)[2]
    choices = (ever, choose(**{"from": "2024-01", "to": "2026-06"}))
    preset = max(AgreementSignature.objects.values_list("at", flat=True))

    def owed():
        return [
            [one.owed for one in sides(choice, NOON).of("marketing") if not one.is_clock]
            for choice in choices
        ]

    months = passed + max(1, (2026 - preset.year) * 12 + 6 - preset.month)
    assert owed() == [[round(6 * months), round(2 * months), 0]] * 2
    second = Agreement.objects.create(version=2, owed_sqls=7, owed_by_segment={"big": 3})
    AgreementSignature.objects.create(agreement=second, track="sales", at=datetime(2025, 3, 2, tzinfo=UTC))
    assert owed() == [[round(6 * months), round(2 * months), 0]] * 2
    AgreementSignature.objects.create(
        agreement=second, track="marketing", at=datetime(2026, 2, 27, tzinfo=UTC)
    )
    february = 26 / 28  # the first version held until then: the month counts in part for each
    months, before = 4 + passed - february, february
    assert owed() == [[round(7 * months + 6 * before), round(3 * months + 2 * before), 0]] * 2
    assert not any(one.owed for one in sides(choose(**{"from": "2025-01", "to": "2025-12"}), NOON).accounts)
    found = sides(ever, NOON)
    row = account_table(found, "marketing", ever).rows[0]
    months = parse_qs(urlsplit(row["href"]).query)
    assert (months["month"], months["to"]) == (["2026-02"], ["2026-06"])
    good = {one.lead_id for one in Handoff.objects.all() if one.grade in "AB"}
    assert {lead.pk for lead in client.get(row["href"]).context["page"].rows} == good
    rest = client.get(account_table(found, "marketing", ever).rows[2]["href"]).context["page"].rows
    assert {lead.pk for lead in rest} == {lead.pk for lead in rest if lead.segment_id is None} != set()


def test_each_count_opens_its_offers(offers, cast, client):
    client.force_login(cast.sales_head)

    def counted(href):
        return len(client.get(href).context["table"].rows)

    page = client.get("/dashboard/agreement/?from=2026-05&to=2026-06").context
    for row in page["sales"].rows:
        assert (counted(row["owed_href"]), counted(row["href"])) == (row["owed"], row["given"]), row["name"]
    other = Handoff.objects.filter(end="returned").latest("offered_at")
    Handoff.objects.filter(pk=other.pk).update(
        reason=ReturnReason.objects.order_by("-id")[0], ended_at=other.ended_at - HOUR / 9
    )
    roll_all()
    page = client.get("/dashboard/agreement/?from=2026-05&to=2026-06").context
    assert len(page["reasons"].rows) == 2
    for row in page["reasons"].rows:
        assert counted(row["href"]) == row["offers"], row["name"]
        assert row["name"] in client.get(row["href"]).content.decode()
    label, text, href = page["facts"][0]
    assert str(counted(href)) == text, label
    choice = choose(**{"from": "2026-05", "to": "2026-06"})
    bins = [(bin_list(low, high), count) for low, high, count in sides(choice, NOON).answers.bins()]
    assert sum(count for _name, count in bins) > 3
    for name, count in bins:
        assert counted(f"/dashboard/behind/{name}/?{choice.query()}") == count, name
    for kept in range(700):  # what is kept of a minute lies beyond a limit from there on
        for limit in (30, 60, 120, 240, 480):
            assert (held(kept) > limit) == (kept >= beyond(limit)), (kept, limit)
    assert client.get("/dashboard/behind/returned-x/").status_code == 404


def test_attempts_are_owed_of_what_was_given_up_unreached(cast, client):
    """Let run out or sent to rest; not of what is wrong, and not once somebody of sales has reached the person."""
    at, reasons = NOON - timedelta(days=2), {one.code: one for one in ReturnReason.objects.all()}
    given = (  # (calls made: reached or not; reason), due, kept
        ([], "not_ready", 1, 0),
        ([False], "no_budget", 1, 0),
        ([False] * 12, "not_ready", 1, 1),
        ([False, True], "not_ready", 0, 0),
        ([], "wrong_region", 0, 0),
        ([], "bad_data", 0, 0),
    )
    for calls, code, _due, _kept in given:
        handoff = accepted(ready(by=cast.marketer, at=at), at)
        for place, met in enumerate(calls):
            called = at + HOUR * (place + 1) / 2
            capture.log_touch(
                handoff.lead.contact, "call", by=handoff.rep, at=called, outbound=True, reached=met
            )
        handoffs.return_lead(handoff.pk, reason=reasons[code], by=handoff.rep, at=at + 20 * HOUR)
    unasked = offered(ready(by=cast.marketer, at=at), at)  # returned without accepting it: that is an answer
    handoffs.return_lead(unasked.pk, reason=reasons["not_ready"], by=unasked.rep, at=at + HOUR)
    roll_all()
    due, made = (sum(row[place] for row in given) for place in (2, 3))
    start, end, _passed = standing.month_of(NOON)
    persistence = next(one for one in standing.kept(start, end, NOON) if one.name == "persistence")
    assert (persistence.due, persistence.kept) == (due, made) == (3, 1)
    account = next(one for one in sides(choose(), NOON).of("sales") if one.name == "persistence")
    assert (account.owed, account.given) == (due, made)
    client.force_login(cast.sales_head)
    for name, count in (("due_persistence", due), ("kept_persistence", made)):
        assert len(client.get(f"/dashboard/behind/{name}/?period=all").context["table"].rows) == count


def held(minutes):
    """A minute as AnswerMinutes keeps it."""
    for most, step in ((60, 1), (240, 5), (600, 15)):
        if minutes <= most:
            return minutes // step * step
    return minutes // 60 * 60


def test_the_page_its_file_and_the_api(offers, cast, client):
    client.force_login(cast.marketer)
    url = "/dashboard/agreement/?from=2026-05&to=2026-06"
    page = client.get(url).content.decode()
    for words in ("BIG", "Attempts owed before letting go", "Returns by reason"):
        assert words in page
    tables = read_tables(client.get(f"{url}&format=csv"))
    assert len(tables[""]) == 1 + 4 + 3
    assert list(tables)[1:] == ["Returns by reason", "What became of the offers, by month"]
    organisation.current()
    one = queries(client, url)
    assert one <= 5 + 2
    make.segment("small")
    organisation.current()
    assert queries(client, url) == one
    status, body = Api(cast.rep).get("/reports/sides/", **{"from": "2026-05", "to": "2026-06"})
    assert (status, body["version"], len(body["accounts"])) == (200, 1, 7)
    client.force_login(cast.service)
    assert client.get(url).status_code == 403
