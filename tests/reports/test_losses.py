"""Why deals are lost: every sum against a naive count, every list behind it, and what the reports see of a loss."""

import html
import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from leads import closing
from leads.models import Lead
from pipeline import rivals
from pipeline.models import Deal, DealStage, OutcomeReason
from reports import losses, titles
from reports.behind.losses import digest
from reports.choice import axes, parse
from reports.models import CountedDeal
from reports.periods import same_day_before, year_before
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_tables
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YEAR = {"period": "custom", "from": "2025-07", "to": "2026-06"}
URL = "/dashboard/losses/?period=custom&from=2025-07&to=2026-06"


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def choose(**data):
    asked = {**YEAR, **data}
    return parse(asked, axes(asked), NOON)


@pytest.fixture
def lost(cast):
    """Thirty deals lost in two years, each opened from a lead and moved a stage or two before."""
    dice = random.Random(3)
    reasons = list(OutcomeReason.objects.filter(outcome="lost").exclude(code="imported"))
    stages = list(DealStage.objects.open())
    for number in range(30):
        at = NOON - dice.randint(1, 700) * DAY
        deal = make.deal(
            at=at,
            company=make.company(segment=make.segment() if number % 2 else None, region=make.region()),
            owner=dice.choice([cast.rep, cast.teammate, cast.other_rep]),
            amount=(amount := None if number % 7 == 0 else dice.randint(1, 9) * 100),
            base_amount=amount,
        )
        Lead.objects.filter(pk=make.lead(at=at, channel=dice.choice(["sem", "webinar"])).pk).update(deal=deal)
        for stage in dice.sample(stages, dice.randint(0, 2)):
            closing.move(deal, stage, by=deal.owner, at=at, passing="so")
        closing.lose(deal, reason=dice.choice(reasons), by=deal.owner, at=at,
                     rival=dice.choice(["Acme", "Brücke GmbH", ""]), rival_price=dice.choice([None, 90]))  # fmt: skip
    make.deal(at=NOON - 800 * DAY)  # records reach back to all that is compared
    roll_all()
    return list(Deal.objects.filter(outcome="lost").select_related("company"))


def key_of(deal, by):
    """The key under which a deal stands on an axis; "" or "0" for nowhere."""
    if by == "stage":
        change = deal.changes.filter(field="stage", after="lost").latest("pk")
        return str(DealStage.objects.get(code=change.before).pk)
    return {
        "segment": lambda: str(deal.company.segment_id or 0),
        "region": lambda: str(deal.company.region_id or 0),
        "channel": lambda: deal.leads.get().channel,
        "rep": lambda: str(deal.owner_id),
        "rival": lambda: deal.rival,
    }[by]()


def summed(deals):
    """A naive Loss."""
    amounts = [deal.base_amount for deal in deals]
    return losses.Loss(len(deals), amounts.count(None), sum((one or 0 for one in amounts), Decimal()))


@pytest.mark.parametrize("by", losses.BY)
@pytest.mark.parametrize("asked", [{}, {"channel": "sem"}, {"period": "all"}])
def test_every_sum_is_that_of_a_naive_count(lost, by, asked):
    choice = choose(**asked)
    found = losses.losses(choice, by)
    mine = [deal for deal in lost if "channel" not in asked or key_of(deal, "channel") == "sem"]
    now = [deal for deal in mine if deal.closed_at.date() in choice.period]
    span = year_before(choice.period)
    then = [deal for deal in mine if span and span[0] <= deal.closed_at.date() < span[1]]
    assert (found.total, found.before) == (summed(now), summed(then) if span else None)
    reasons = {deal.outcome_reason_id for deal in (*now, *then)}
    assert {one.id: (one.now, one.before) for one in found.reasons} == {
        pk: (
            summed([deal for deal in now if deal.outcome_reason_id == pk]),
            summed([deal for deal in then if deal.outcome_reason_id == pk]) if span else None,
        )
        for pk in reasons
    }
    lines = defaultdict(lambda: defaultdict(list))
    for deal in now:
        lines[key_of(deal, by)][deal.outcome_reason_id].append(deal)
    assert {one.key: one.reasons for one in found.lines} == {
        key: {pk: summed(some) for pk, some in told.items()}
        for key, told in lines.items()
        if key not in ("", "0")
    }
    assert [one.all.deals for one in found.lines] == sorted(
        (one.all.deals for one in found.lines), reverse=True
    )


@pytest.mark.parametrize("by", losses.BY)
def test_every_cell_opens_the_deals_that_it_counts(client, cast, lost, by):
    client.force_login(cast.sales_head)
    context = client.get(f"{URL}&by={by}").context
    now = [deal for deal in lost if deal.closed_at.date() in choose().period]
    for row, one in zip(context["reasons"].rows, losses.losses(choose(), by).reasons, strict=True):
        wanted = {deal.pk for deal in now if deal.outcome_reason_id == one.id}
        assert _listed(client, row["href"]) == wanted
        assert row["deals"] == len(wanted)
    for row, one in zip(context["lines"].rows, losses.losses(choose(), by).lines, strict=True):
        theirs = [deal for deal in now if key_of(deal, by) == one.key]
        assert _listed(client, row["href"]) == {deal.pk for deal in theirs}
        for pk in one.reasons:
            if href := row.get(f"r{pk}_href"):
                assert _listed(client, href) == {deal.pk for deal in theirs if deal.outcome_reason_id == pk}


def test_a_list_says_which_stage_or_rival_it_holds(client, cast, lost):
    client.force_login(cast.sales_head)
    deal = next(deal for deal in lost if deal.rival == "Acme")
    reason, stage = deal.outcome_reason, DealStage.objects.get(pk=key_of(deal, "stage"))
    for name, title in (
        (f"lost-{reason.pk}", f"Lost deals: {reason}"),
        (f"lost-{reason.pk}-at-{stage.pk}", f"Lost deals: {reason} · {stage}"),
        (f"lost-all-at-{stage.pk}", f"Lost deals: {stage}"),
        (f"lost-all-to-{digest('Acme')}", "Lost deals: Acme"),
        (f"lost-all-to-{digest('Nobody')}", "Lost deals"),
        ("lost-all", "Lost deals"),
    ):
        assert titles.title(name) == title
        assert title in html.unescape(client.get(f"/dashboard/behind/{name}/?period=all").content.decode())


def dealt(cast, day, reason, **more):
    """A deal lost on a day."""
    at = datetime.combine(day, time(9), UTC)
    return make.deal(owner=cast.rep, at=at, outcome="lost", closed_at=at, outcome_reason=reason, **more)


def test_nothing_is_held_against_months_that_no_records_reach(client, cast):
    reason = OutcomeReason.objects.filter(outcome="lost").exclude(code="imported").first()
    dealt(cast, date(2026, 3, 5), reason)
    dealt(cast, date(2025, 6, 5), reason)
    roll_all()
    client.force_login(cast.sales_head)

    def columns(**asked):
        context = client.get("/dashboard/losses/", asked).context
        return {column.name for column in context["reasons"].columns}, context["found"].before

    spring = {"from": "2026-03", "to": "2026-05"}
    names, before = columns(**spring)
    assert ({"before", "change"} & names, before) == (set(), None)
    make.deal(owner=cast.rep, at=datetime(2025, 3, 1, tzinfo=UTC))
    roll_all()
    assert columns(**spring)[1] == losses.Loss()
    Organisation.objects.update(live_on=date(2025, 9, 1))
    organisation.forget()
    assert columns(**spring)[1] is None
    body = Api(cast.sales_head).get("/reports/losses/", **spring)[1]
    assert [one["before"] for one in body["reasons"]] == [None]
    Organisation.objects.update(live_on=date(2025, 3, 31))
    organisation.forget()
    assert columns(**spring)[1] == losses.Loss()


def test_a_running_period_stands_beside_a_whole_one_and_changes_nothing_yet(client, cast):
    today = timezone.now().date()
    reason = OutcomeReason.objects.filter(outcome="lost").exclude(code="imported").first()
    for years in (1, 2):
        dealt(cast, same_day_before(today) if years == 1 else date(today.year - 2, 1, 5), reason)
    roll_all()
    client.force_login(cast.sales_head)
    whole = {"from": f"{today.year}-01", "to": f"{today.year + 1}-12"}  # long: it is never nearly over
    table = client.get("/dashboard/losses/", whole).context["reasons"]
    labels = {column.name: str(column.label) for column in table.columns}
    assert (labels["before"], "change" in labels) == ("A year before, the whole period", False)
    assert Api(cast.sales_head).get("/reports/losses/", **whole)[1]["running"] is True
    (head, *_rows) = read_tables(client.get("/dashboard/losses/", whole | {"format": "csv"}))[""]
    assert "A year before, the whole period" in head
    assert "Change" not in head
    assert Api(cast.sales_head).get("/reports/losses/", **YEAR)[1]["running"] is False


def test_a_reason_of_neither_span_is_no_row(client, cast):
    now, between = OutcomeReason.objects.filter(outcome="lost").exclude(code="imported")[:2]
    for day, reason in ((date(2024, 1, 5), now), (date(2026, 5, 5), now), (date(2025, 12, 5), between)):
        dealt(cast, day, reason)
    roll_all()
    found = losses.losses(choose(**{"from": "2026-04", "to": "2026-06"}), "rep")
    assert [(one.id, one.now.deals, one.before) for one in found.reasons] == [(now.pk, 1, losses.Loss())]


def _listed(client, href):
    if not href:
        return set()
    answer = client.get(href)
    assert answer.status_code == 200, href
    return {row["deal_id"] for row in answer.context["table"].rows}


def test_a_loss_that_is_told_otherwise_moves(lost):
    one = next(deal for deal in lost if deal.rival == "Acme")
    Deal.objects.filter(pk=one.pk).update(rival="Other")
    roll_all()
    assert CountedDeal.objects.get(deal=one.pk).rival == "Other"
    closing.reopen(one, reason="They came back", by=one.owner, at=NOON)
    one.refresh_from_db()
    assert (one.rival, one.rival_price) == ("", None)
    roll_all()
    counted = CountedDeal.objects.get(deal=one.pk)
    assert (counted.reason, counted.lost_at, counted.rival) == (0, 0, "")


def test_a_rep_sees_the_lines_of_the_own_team_and_no_amounts(client, cast, lost):
    client.force_login(cast.rep)
    context = client.get(f"{URL}&by=rep").context
    assert {row["name"] for row in context["lines"].rows} <= {cast.rep.full_name, cast.teammate.full_name}
    assert "amount" not in {column.name for column in context["reasons"].columns}
    assert client.get(f"{URL}&format=csv").status_code == 403
    body = Api(cast.rep).get("/reports/losses/", by="rep", **YEAR)[1]
    assert body["total"]["amount"] is None
    assert {int(one["key"]) for one in body["lines"]} <= {cast.rep.pk, cast.teammate.pk}


def test_the_page_its_file_and_the_api(client, cast, lost):
    client.force_login(cast.sales_head)
    page = client.get(URL).content.decode()
    assert "Why deals are lost" in page
    tables = read_tables(client.get(f"{URL}&by=rival&format=csv"))
    found = losses.losses(choose(), "rival")
    assert [row[0] for row in tables[""][1:]] == [one.name for one in found.reasons]
    assert [row[0] for row in tables["By reason and where"][1:]] == [one.key for one in found.lines]
    body = Api(cast.sales_head).get("/reports/losses/", by="rival", **YEAR)[1]
    assert Decimal(body["total"]["amount"]) == found.total.amount
    assert {one["key"]: one["all"]["deals"] for one in body["lines"]} == {
        one.key: one.all.deals for one in found.lines
    }
    organisation.current()
    assert queries(client, URL) <= 5 + 2
    assert client.get(f"{URL}&by=shoe").status_code == 400
    assert client.get(f"/dashboard/behind/lost-all-to-{digest('Acme')}/?period=all").status_code == 200
    assert client.get("/dashboard/behind/lost-x/").status_code == 404


def test_deals_are_narrowed_to_why_they_were_lost(client, cast, lost):
    reasons = Counter(deal.outcome_reason.code for deal in lost)
    (code, count), *_rest = reasons.most_common()
    client.force_login(cast.sales_head)
    rows = (
        client.get(f"/deals/?reason={code}&columns=outcome_reason__name&columns=rival").context["table"].rows
    )
    assert len(rows) == count
    assert len(Api(cast.sales_head).get("/deals/", reason=code, limit=100)[1]["results"]) == count
    rivals = Counter(deal.rival for deal in lost)
    assert len(Api(cast.sales_head).get("/deals/", rival="acme", limit=100)[1]["results"]) == rivals["Acme"]


def test_who_got_it_instead_is_asked_where_a_deal_is_lost(client, cast):
    deal = make.deal(owner=cast.rep, amount=100, base_amount=100, company=make.company())
    reason = OutcomeReason.objects.get(code="competitor")
    client.force_login(cast.rep)
    url = f"/deals/{deal.pk}/lose/"
    assert "Who got it instead" in client.get(url).content.decode()
    sent = {"reason": reason.pk, "note": "", "rival": " Acme ", "rival_price": "90"}
    assert client.post(url, {**sent, "rival_price": "-1"}).status_code == 422
    assert client.post(url, sent).status_code == 302
    deal.refresh_from_db()
    assert (deal.outcome, deal.rival, deal.rival_price) == ("lost", "Acme", 90)
    assert "Acme" in client.get(f"/deals/{deal.pk}/").content.decode()


def test_a_rival_has_one_spelling_and_is_offered_to_the_next(client, cast):
    reason = OutcomeReason.objects.get(code="competitor")
    for name in ("Acme  Works", "ACME works", "Other"):
        lost = make.deal(owner=cast.rep, amount=100, base_amount=100)
        closing.lose(lost, reason=reason, rival=name, by=cast.rep, at=NOON)
    assert rivals.known() == ["Acme Works", "Other"]
    client.force_login(cast.rep)
    deal = make.deal(owner=cast.rep, amount=100, base_amount=100)
    assert '<option value="Acme Works">' in client.get(f"/deals/{deal.pk}/lose/").content.decode()
