"""The scorecard of the chiefs: the same figures as on their own pages, how they stand, and what each chief says."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from pipeline.models import Spend
from reports import budget, locks, sides, targets
from reports.choice import axes, parse
from reports.models import Chief, ChiefWord, Measure
from reports.months.closing import Refused
from reports.rollups import roll_all
from reports.rounds import deciding
from reports.scorecard import figures, saying
from reports.scorecard.figures import ANSWERED, Score, scorecard
from reports.scorecard.forms import WordForm
from reports.standing import gone
from reports.targets import promise
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_tables
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.index.worlds import agree as agree_index
from ui.standing import Standing

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/scorecard/"
WORD = {"satisfied": "4", "text": "Good leads, late answers."}


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


@pytest.fixture
def firm(cast):
    """Wins, targets, spend and an index of this quarter of the real day."""
    at = timezone.now()
    choice = parse({"period": "quarter"}, axes(), at)
    agree_index(cast, {"leads": (60, 2), "awareness": (40, 50)}, first=date(2020, 1, 1))
    campaign = make.campaign("Fair", budget=100, currency="EUR")
    for kind, amount in (("planned", 100), ("paid", 40), ("committed", 80)):
        Spend.objects.create(
            campaign=campaign, kind=kind, month=choice.period.first, on=choice.period.first, amount=amount,
            currency="EUR", base_amount=amount, entered_by=cast.finance,
        )  # fmt: skip
    win("70", signed_on=choice.period.first)
    promise(Measure.WON, choice.period, {(0, 0): Decimal(60)}, cast.sales_head, at)
    promise(Measure.SQLS, choice.period, {(0, 0): Decimal(9)}, cast.sales_head, at)
    roll_all()
    return choice


def test_each_figure_is_the_one_of_its_own_page(cast, firm):
    at, known = timezone.now(), axes()
    found = {one.name: one for one in scorecard(firm, at, known.locks).scores}
    for measure in Measure.values:
        total = targets.matrix(measure, firm.period, firm.today, 1).total
        assert (found[measure].agreed, found[measure].actual) == (total.target, total.attained)
    money = budget.budget(firm).total
    left = found["left"]
    assert (left.agreed, left.actual) == (money.budget, money.to_date.spend) == (100, 120)
    for one in sides.sides(firm, at).accounts:
        if one.side == "sales" and one.name in found:
            assert found[one.name].actual == (one.share and Decimal(one.given) / one.owed)
        elif not one.name:
            assert (found["good_sqls"].agreed or 0, found["good_sqls"].actual) == (one.owed, one.given)
    assert set(found) <= set(ANSWERED)
    assert found["won"].standing == Standing.REACHED
    assert found["left"].standing == Standing.BEHIND
    assert found["sqls"].standing == Standing.BEHIND
    assert found["margin"].standing is None
    assert found["joint_index"].agreed == 100


def agree(cast, found):
    """Every side signs a round."""
    for head in (cast.sales_head, cast.marketing_head, cast.finance):
        deciding.sign(found.pk, by=head, at=NOON)


@pytest.mark.parametrize(
    ("name", "agreed", "actual", "due", "standing"),
    [
        ("won", 100, 100, "0.5", Standing.REACHED),
        ("won", 100, 45, "0.5", Standing.ON_THE_WAY),
        ("won", 100, 44, "0.5", Standing.BEHIND),
        ("answer", 1, "0.9", "1", Standing.ON_THE_WAY),
        ("answer", 1, "0.89", "1", Standing.BEHIND),
        ("left", 100, 101, "0.5", Standing.BEHIND),
        ("left", 100, 100, "0.5", Standing.ON_THE_WAY),
        ("left", 100, 100, "1", Standing.REACHED),
        ("won", None, 100, "1", None),
        ("joint_index", 100, None, "1", None),
    ],
)
def test_standing_by_the_rule_that_the_page_tells(name, agreed, actual, due, standing):
    amounts = [None if one is None else Decimal(one) for one in (agreed, actual)]
    assert Score(name, *amounts, Decimal(due)).standing == standing


def test_what_is_due_grows_with_the_days():
    period = parse({"from": "2026-04", "to": "2026-06"}, axes(), NOON).period
    assert gone(period, date(2026, 3, 31)) == 0
    assert gone(period, date(2026, 4, 1)) == Decimal(1) / 91
    assert gone(period, date(2026, 7, 1)) == 1


def test_a_budget_is_reached_only_once_the_period_is_over(firm):
    Spend.objects.filter(kind="committed").update(amount=50, base_amount=50)
    roll_all()
    known = axes()

    def left(today):
        found = scorecard(replace(firm, today=today), timezone.now(), known.locks).scores
        return next(one.standing for one in found if one.name == "left")

    assert left(firm.period.until - timedelta(days=1)) == Standing.ON_THE_WAY
    assert left(firm.period.until) == Standing.REACHED


def test_the_page_tells_all_and_opens_what_is_behind(client, cast, firm):
    client.force_login(cast.finance)
    shown = client.get(PAGE)
    rows = shown.context["table"].rows
    assert {row["name"] for row in rows} >= {
        "Won revenue",
        "Accepted SQLs",
        "Paid and committed of the budgets, to date",
        "Joint index",
    }
    for row in rows:
        for name in ("href", "agreed_href"):
            assert client.get(row[name]).status_code == 200, row
    won = next(row for row in rows if row["name"] == "Won revenue")
    assert (won["agreed"], won["actual"], won["standing"], won["chiefs"]) == (
        "€60",
        "€70",
        "reached",
        "CEO · Head of sales",
    )
    assert won["source"] == "set, agreed by nobody"
    first = locks.year_of(firm.period.first)
    found = deciding.propose(first, why="w", asked_by="", by=cast.admin, at=NOON)
    agree(cast, found)
    rows = client.get(PAGE).context["table"].rows
    assert next(row for row in rows if row["name"] == "Won revenue")["source"] == "agreed in round 1"
    agree(cast, *promise(Measure.WON, firm.period, {(0, 0): Decimal(80)}, cast.sales_head, NOON, why="more"))
    sources = {row["name"]: row["source"] for row in client.get(PAGE).context["table"].rows}
    assert (sources["Won revenue"], sources["Accepted SQLs"]) == ("agreed in round 2", "agreed in round 1")
    tables = read_tables(client.get(f"{PAGE}?format=csv"))
    assert ["Won revenue", "CEO · Head of sales", "80.0000"] in [row[:3] for row in tables[""]]
    for user, status in ((cast.marketer, 200), (cast.manager, 200), (cast.rep, 403), (cast.service, 403)):
        client.force_login(user)
        assert client.get(PAGE).status_code == status
        assert client.post(PAGE, WORD).status_code == 403
    client.force_login(cast.admin)
    organisation.current()
    assert queries(client, PAGE) <= 5 + 2


def test_chiefs_say_how_satisfied_they_are(client, cast, firm):
    month = firm.today.replace(day=1)
    client.force_login(cast.sales_head)
    assert client.post(PAGE, WORD).status_code == 422
    assert client.get(PAGE).context["word_form"]["satisfied"].initial is None
    assert next(iter(WordForm(firm.today).fields["satisfied"].choices)) == ("", "–")
    assert client.post(PAGE, WORD | {"month": f"{month:%Y-%m}", "satisfied": ""}).status_code == 422
    assert client.post(PAGE, WORD | {"month": f"{month:%Y-%m}", "satisfied": "6"}).status_code == 422
    assert client.post(PAGE, WORD | {"month": f"{month:%Y-%m}"}).status_code == 302
    saying.say(month, 2, "Too little margin.", by=cast.finance, at=timezone.now())
    saying.say(month, 3, "Better.", by=cast.finance, at=timezone.now())
    page = client.get(PAGE).content.decode()
    assert all(word in page for word in ("Good leads, late answers.", "Better.", "3 of 5", "4 of 5"))
    assert "Too little margin." not in page
    said = saying.latest(month)
    assert {chief: word and word.satisfied for chief, word in said.items()} == {
        Chief.CEO: None, Chief.MARKETING: None, Chief.SALES: 4, Chief.FINANCE: 3,
    }  # fmt: skip
    pack = client.get(f"/dashboard/months/{month:%Y-%m}/pack/").content.decode()
    assert "Better." in pack
    with pytest.raises(Refused):
        saying.say(month + timedelta(days=32), 3, "Later.", by=cast.admin, at=timezone.now())
    old = [saying.periods.shifted(month, -back) for back in (3, 4)]
    assert put(cast.finance, month=f"{old[1]:%Y-%m}")[0] == 409  # the page does not offer it
    with pytest.raises(Refused, match="too long ago"):
        saying.say(old[1], 3, "Long ago.", by=cast.finance, at=timezone.now())
    with pytest.raises(ValueError, match="only chiefs"):
        saying.say(month, 3, "No chief.", by=cast.rep, at=timezone.now())
    assert ChiefWord.objects.count() == 3


def test_a_house_that_speaks_of_it_asks_each_chief(cast):
    at = make.datetime(2026, 6, 10, 12, tzinfo=make.UTC)
    assert list(saying.needs(cast.sales_head, at)) == []
    saying.say(date(2026, 4, 1), 4, "Fine.", by=cast.admin, at=at)
    asked = {name for name, user in cast.everybody().items() if list(saying.needs(user, at))}
    assert asked == {"marketing_head", "sales_head", "finance", "admin"}
    saying.say(date(2026, 5, 1), 4, "Fine.", by=cast.sales_head, at=at)
    assert list(saying.needs(cast.sales_head, at)) == []
    assert saying.asked_month(date(2026, 5, 25)) == date(2026, 5, 1)


def put(user, **more):
    """Say a word through the API."""
    api = Api(user)
    return api._send(api.client.put, "/reports/scorecard/word/", WORD | more, {})


def test_the_scorecard_in_the_api(cast, firm):
    month = firm.today.replace(day=1)
    status, said = put(cast.finance, month=f"{month:%Y-%m-%d}")
    assert (status, said["chiefs"]) == (200, ["finance"])
    status, body = Api(cast.marketer).get("/reports/scorecard/")
    assert status == 200
    found = {one["name"]: one for one in body["results"]}
    assert (found["won"]["agreed"], found["won"]["actual"], found["won"]["standing"]) == (
        "60",
        "70",
        "reached",
    )
    assert [(one["chief"], one["satisfied"]) for one in body["words"]] == [("finance", 4)]
    assert put(cast.marketer, month="2026-01")[0] == 403
    assert Api(cast.rep).get("/reports/scorecard/")[0] == 403
    assert figures.MONTHS == 6
