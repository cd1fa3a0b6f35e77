"""What living audiences are interested in and answer to, against naive counts over houses by chance."""

import random
from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from leads import agreement
from leads.live import channels, interests, people
from leads.models import Handoff, Lead, ReturnReason, Touch
from pipeline.models import ConsentEvent, Contact, DealContact, DealStage, OutcomeReason, Product
from tests import cast as make
from tests.cast import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# -- a house by chance, for the oracles ----------------------------------------------------------------------
def furnish(cast, seed):
    """People, touches, deals, answers and consent by chance."""
    chance = random.Random(seed)
    goods = [Product.objects.create(code=f"p{seed}{n}", name=f"P {n}") for n in range(3)]
    drives = [make.campaign(f"Drive {n}", product=chance.choice([None, *goods])) for n in range(4)]
    lost, reasons = list(OutcomeReason.objects.filter(outcome="lost")), list(ReturnReason.objects.all())
    stage = DealStage.objects.get(outcome="lost")
    for _n in range(14):
        who = make.contact()
        lead = make.lead(
            contact=who, at=NOON - DAY * chance.randint(0, 120), product=chance.choice([None, *goods]),
            answers={"need": chance.choice(["Yes", "yes ", "no", ""])},
        )  # fmt: skip
        for _touch in range(chance.randint(0, 6)):
            make.touch(
                who, NOON - timedelta(hours=chance.randint(-5, 24 * 130)), outbound=chance.random() < 0.2,
                automatic=chance.random() < 0.1, campaign=chance.choice([None, *drives]), channel=chance.choice(["sem", "email"]),
            )  # fmt: skip
        if chance.random() < 0.6:
            deal = make.deal(
                at=NOON - DAY * chance.randint(0, 100), product=chance.choice(goods), stage=stage, outcome="lost",
                closed_at=NOON - DAY * chance.randint(0, 100), outcome_reason=chance.choice(lost[:2]),
            )  # fmt: skip
            DealContact.objects.create(deal=deal, contact=who)
        if chance.random() < 0.5:
            at = NOON - DAY * chance.randint(1, 100)
            Handoff.objects.create(
                lead=lead, rep=cast.rep, offered_at=at, answer_due_at=at, ended_at=at, end="returned",
                agreement=agreement.in_force(), reason=chance.choice(reasons[:2]),
            )  # fmt: skip
        for _word in range(chance.randint(0, 3)):
            ConsentEvent.objects.create(
                contact=who, purpose=chance.choice(["marketing", "marketing", "sales"]), channel=chance.choice(["", "email", "mobile"]),
                given=chance.random() < 0.5, at=NOON - DAY * chance.randint(1, 9),
            )  # fmt: skip


def signs():
    """{(contact, kind, what, day): moment} of all that anybody showed within the year."""
    found = {}

    def show(contact, kind, what, at):
        if what is not None and NOON - 365 * DAY < at <= NOON:
            key = (contact, kind, str(what), at.date())
            found[key] = max(at, found.get(key, at))

    for touch in Touch.objects.filter(outbound=False, automatic=False, campaign__isnull=False).select_related(
        "campaign"
    ):
        show(touch.contact_id, "product", touch.campaign.product_id, touch.at)
    for lead in Lead.objects.all():
        show(lead.contact_id, "product", lead.product_id, lead.captured_at)
        for code, answer in lead.answers.items():
            if answer.strip():
                show(lead.contact_id, "answer", f"{code}:{answer.strip().lower()}", lead.captured_at)
    for part in DealContact.objects.select_related("deal__outcome_reason"):
        show(part.contact_id, "product", part.deal.product_id, part.deal.opened_at)
        show(part.contact_id, "lost", part.deal.outcome_reason.code, part.deal.closed_at)
    for handoff in Handoff.objects.select_related("lead", "reason"):
        show(handoff.lead.contact_id, "returned", handoff.reason.code, handoff.ended_at)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_interests_agree_with_a_naive_count(cast, seed):
    furnish(cast, seed)
    naive = defaultdict(list)
    for (contact, kind, what, _day), at in signs().items():
        naive[kind, what].append((contact, NOON - at))
    found = interests.of({}, NOON)
    told = {
        (one.kind, one.what): (one.people, round(one.weight, 6), one.week, one.before)
        for rows in found.of_kind.values()
        for one in rows
    }
    shown = {key: rows for key, rows in naive.items() if len({who for who, _age in rows}) >= interests.FEWEST}
    assert told == {
        key: (
            len({who for who, _age in rows}),
            round(sum(2 ** -(age / (found.half_life * DAY)) for _who, age in rows), 6),
            sum(age < 7 * DAY for _who, age in rows),
            sum(7 * DAY <= age < 97 * DAY for _who, age in rows),
        )
        for key, rows in shown.items()
    }
    assert found.hidden == len(naive) - len(shown)
    for kind, what in naive:
        shows = people.PeopleFilters(
            {"interest": f"{kind}:{what}"}, Lead.objects.all(), conditions={}, at=NOON
        ).qs
        assert {lead.contact_id for lead in shows} == {who for who, _age in naive[kind, what]}


@pytest.mark.parametrize("seed", range(4))
def test_channels_and_consent_agree_with_a_naive_count(cast, seed):
    furnish(cast, seed)
    found = channels.of({}, NOON)
    by_channel, by_campaign = defaultdict(list), defaultdict(list)
    for touch in Touch.objects.filter(outbound=False, automatic=False):
        if NOON - 90 * DAY < touch.at <= NOON:
            by_channel[touch.channel].append(touch)
            by_campaign[touch.campaign_id].append(touch)
    by_campaign.pop(None, None)

    def figures(touches):
        late = sum(touch.at > NOON - 7 * DAY for touch in touches)
        return len({touch.contact_id for touch in touches}), len(touches), late

    assert {one.channel: (one.people, one.touches, one.week) for one in found.channels} == {
        key: figures(touches) for key, touches in by_channel.items()
    }
    assert {one.campaign: (one.people, one.touches, one.week) for one in found.campaigns} == {
        key: figures(touches) for key, touches in by_campaign.items()
    }
    words = list(ConsentEvent.objects.filter(purpose="marketing").order_by("at", "pk"))
    everybody = set(Contact.objects.values_list("pk", flat=True))
    for channel in {"", *(word.channel for word in words)}:
        last = {word.contact_id: word.given for word in words if not channel or word.channel in ("", channel)}
        counted = Counter(last.get(pk) for pk in everybody)
        (told,) = [one for one in found.consents if one.channel == channel]
        assert (told.given, told.silent, told.withdrawn) == (counted[True], counted[None], counted[False])
        for said, given in (("given", True), ("withdrawn", False), ("silent", None)):
            asked = {"consent": said, "over": channel}
            rows = people.PeopleFilters(asked, Lead.objects.all(), conditions={}, at=NOON).qs
            assert {row.contact_id for row in rows} == {pk for pk in everybody if last.get(pk) is given}
    withdrew = {word.contact_id: word.given for word in words}
    assert found.email == sum(withdrew.get(pk, True) for pk in everybody)
    assert found.people == len(everybody)
