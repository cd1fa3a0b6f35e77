"""Time and conversion by source: every figure against a naive count, every list behind it, and the verdict on marketing's help."""

import random
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

import numpy
import pytest

from accounts import organisation
from leads.models import Lead
from pipeline.models import Campaign
from reports import origins
from reports.brought import side_of
from reports.choice import axes, parse
from reports.models import CountedDeal
from reports.rollups import roll_all
from reports.velocity import Histogram, medians_apart
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win

pytestmark = pytest.mark.django_db
URL = "/dashboard/sources/?period=all"
JUNE = {"period": "custom", "from": "2026-05", "to": "2026-06"}
ON = {"new": "captured_at", "mql": "mql_at", "sql": "sql_at", "deal": "deal_at", "won": "won_at"}


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def choose(**data):
    return parse({"period": "all", **data} if "period" not in data else data, axes(), NOON)


@pytest.fixture
def passes(cast):
    """Forty passes of some campaigns of both tracks and of none, as far as the dice say."""
    dice = random.Random(11)
    campaigns = [make.campaign("Fair"), make.campaign("Dinner", track="sales"), None]
    for _number in range(40):
        at = NOON - dice.randint(0, 90) * DAY
        campaign = dice.choice(campaigns)
        lead = make.lead(
            at=at, campaign=campaign, channel=dice.choice(["sem", "sales_own", "referral"]), owner=cast.rep
        )
        far = dice.randint(0, 5)
        moments = [at]
        for _step in range(far):
            moments.append(moments[-1] + dice.randint(0, 20) * DAY)
        names = ["mql_at", "ready_at", "sql_at", "deal_at", "won_at"]
        Lead.objects.filter(pk=lead.pk).update(**dict(zip(names, moments[1:], strict=False)))
    roll_all()


def keys(by):
    """The key of a pass on an axis."""
    return {
        "source": lambda lead: side_of(lead.campaign.track if lead.campaign else None, lead.channel),
        "channel": lambda lead: lead.channel,
        "campaign": lambda lead: str(lead.campaign_id) if lead.campaign_id else None,
    }[by]


def naive(leads, choice, step):
    """(entered, reached, sorted days, ids that went on) of a step."""
    since, until = (ON[one] for one in step.split("_"))
    entered = [lead for lead in leads if (at := getattr(lead, since)) and at.date() in choice.period]
    on = [lead for lead in entered if getattr(lead, until)]
    days = sorted((getattr(lead, until).date() - getattr(lead, since).date()).days for lead in on)
    return len(entered), len(on), days, {lead.pk for lead in on}


@pytest.mark.parametrize("by", origins.BY)
@pytest.mark.parametrize("asked", [{}, JUNE])
def test_each_step_is_that_of_a_naive_count(passes, by, asked):
    choice = choose(**asked)
    found = origins.origins(choice, by)
    groups = defaultdict(list)
    for lead in Lead.objects.select_related("campaign"):
        groups[keys(by)(lead)].append(lead)
        groups["house"].append(lead)
    groups.pop(None, None)
    leads = {
        key: sum(lead.captured_at.date() in choice.period for lead in some) for key, some in groups.items()
    }
    told = {
        key for key, some in groups.items() if any(naive(some, choice, step)[0] for step in origins.STEPS)
    } - {"house"}
    assert {one.key: one.leads for one in found.lines} == {key: leads[key] for key in told}
    assert all(one.leads >= other.leads for one, other in pairwise(found.lines))
    for one in (found.house, *found.lines):
        for step, passage in one.steps.items():
            entered, reached, days, _ids = naive(groups[one.key or "house"], choice, step)
            assert (passage.entered, passage.reached) == (entered, reached)
            assert [day for day, count in passage.days.bins for _ in range(count)] == days
            assert passage.rate == (Decimal(reached) / entered if entered else None)
            if days:
                assert float(passage.days.median()) == numpy.median(days)


@pytest.mark.parametrize("by", origins.BY)
def test_each_figure_opens_the_passes_that_it_counts(client, cast, passes, by):
    client.force_login(cast.marketer)
    rows = client.get(f"{URL}&by={by}").context["table"].rows
    assert len(rows) > 2
    leads = list(Lead.objects.select_related("campaign"))
    found = origins.origins(choose(), by)
    for row, one in zip(rows, (found.house, *found.lines), strict=True):
        theirs = [lead for lead in leads if one.key in (None, keys(by)(lead))]
        assert _listed(client, row["leads_href"]) == {lead.pk for lead in theirs}
        for step in origins.STEPS:
            wanted = naive(theirs, choose(), step)[3]
            assert (_listed(client, row[f"{step}_href"]) if wanted else set()) == wanted


@pytest.mark.parametrize("by", origins.BY)
def test_what_was_captured_before_and_went_on_in_the_period_is_told(cast, by):
    fair = make.campaign("Fair", channel="exhibition")
    lead = make.lead(at=NOON - 60 * DAY, campaign=fair, channel="exhibition", owner=cast.rep)
    Lead.objects.filter(pk=lead.pk).update(mql_at=NOON - 50 * DAY, sql_at=NOON, deal_at=NOON)
    roll_all()
    found = origins.origins(choose(**{"period": "custom", "from": "2026-06", "to": "2026-06"}), by)
    for one in (found.house, *found.lines):
        entered = {step: passage.entered for step, passage in one.steps.items()}
        assert (one.leads, entered) == (0, dict.fromkeys(origins.STEPS, 0) | {"sql_deal": 1, "deal_won": 1})
    assert len(found.lines) == 1


def _listed(client, href):
    answer = client.get(href)
    assert answer.status_code == 200, href
    return {row["lead_id"] for row in answer.context["table"].rows}


def test_a_campaign_of_another_track_moves_its_passes(passes):
    before = {one.key: one.leads for one in origins.origins(choose(), "source").lines}
    Campaign.objects.filter(name="Dinner").update(track="marketing")
    roll_all()
    after = {one.key: one.leads for one in origins.origins(choose(), "source").lines}
    dinners = Lead.objects.filter(campaign__name="Dinner").count()
    assert after["marketing"] == before["marketing"] + dinners


def test_the_verdict_is_of_the_deals_won_in_the_period_without_renewals(cast):
    fair = make.campaign("Fair")
    for number in range(48):
        lead = make.lead(at=NOON - 90 * DAY, campaign=fair if number % 2 else None)
        days = 10 + number % 7 if number % 2 else 40 + number % 11
        deal = win("10", [lead.contact], opened_at=NOON - (days + 5) * DAY, signed_on=(NOON - 5 * DAY).date())
        Lead.objects.filter(pk=lead.pk).update(deal=deal)
        if number > 43:
            type(deal).objects.filter(pk=deal.pk).update(kind="renewal")
    roll_all()
    found = origins.origins(choose(**JUNE), "source")
    wanted = defaultdict(list)
    for one in CountedDeal.objects.exclude(kind="renewal"):
        wanted[one.source == "marketing"].append((one.closed_on - one.opened_on).days)
    assert found.sourced.those.total == len(wanted[True]) == 22
    assert found.sourced.rest == Histogram.of((day, 1) for day in wanted[False])
    effect = found.sourced.effect
    assert effect.estimate == numpy.median(wanted[True]) - numpy.median(wanted[False])
    assert effect.low < effect.estimate < effect.high < 0
    assert found.influenced.too_few  # nobody's touch
    assert found.influenced.effect is None


def test_the_interval_of_two_medians_holds_the_truth_in_about_19_of_20_cases():
    dice, held, rounds = numpy.random.default_rng(5), 0, 300
    for _ in range(rounds):
        ours, theirs = (dice.gamma(2, scale, 60).astype(int) for scale in (20, 30))
        effect = medians_apart(*(Histogram.of((int(day), 1) for day in days) for days in (ours, theirs)))
        held += effect.low <= 1.678 * (20 - 30) <= effect.high
    assert held / rounds > 0.92


def test_the_page_its_file_and_the_api(client, cast, passes):
    client.force_login(cast.rep)
    page = client.get(URL).content.decode()
    for words in (
        "Does marketing shorten the sale?",
        "Too few to say",
        "Marketing (campaigns)",
        "The whole house",
    ):
        assert words in page
    assert client.get(f"{URL}&by=shoe").status_code == 400
    assert client.get(f"{URL}&format=csv").status_code == 403
    client.force_login(cast.marketer)
    head, house, *rows = read_csv(client.get(f"{URL}&by=channel&format=csv"))
    assert head[:4] == ["Channel", "Leads", "Lead → MQL: entered", "Lead → MQL: by today"]
    assert (house[0], int(house[1])) == ("The whole house", sum(int(row[1]) for row in rows))
    body = Api(cast.rep).get("/reports/sources/", period="all", by="channel")[1]
    found = origins.origins(choose(), "channel")
    assert {one["key"]: one["leads"] for one in body["sources"]} == {
        one.key: one.leads for one in found.lines
    }
    told = {one["step"]: one["median"] for one in body["house"]["steps"]}
    assert told == {
        step: None if (days := passage.days.median()) is None else float(days)
        for step, passage in found.house.steps.items()
    }
    assert body["sourced"]["difference"] is None
    organisation.current()
    assert queries(client, URL) <= 5 + 2
    client.force_login(cast.service)
    assert client.get(URL).status_code == 403


def test_nothing_yet(client, cast):
    client.force_login(cast.marketer)
    assert len(client.get(URL).context["table"].rows) == 1
