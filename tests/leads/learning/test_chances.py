"""Learning from the organisation's own closed leads, and telling its running ones their chances."""

import json
import math
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts import organisation
from accounts.models import Organisation
from engine.models import JobRun
from leads.capture import Captured, capture
from leads.learning import captured, chances
from leads.models import Lead, LeadChance, WinModel
from pipeline.models import Company, Contact
from tests import cast as make
from tests.api import Api
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    chances.forget()
    yield
    chances.forget()


def closed(n=500, signal=True, seed=2):
    """Closed leads: whoever needs a crane is won more often; a note that only winners have."""
    chance = random.Random(seed)
    contacts = Contact.objects.bulk_create(Contact(full_name=f"Closed {number}") for number in range(n))
    leads = []
    for number, contact in enumerate(contacts):
        need = chance.choice(["crane", "truck", "lift"])
        won = chance.random() < ({"crane": 0.7, "truck": 0.2, "lift": 0.3}[need] if signal else 0.4)
        at = NOON - timedelta(days=n - number)
        ended = (
            {"stage": "won", "won_at": at, "ended_at": at}
            if won
            else {"stage": "disqualified", "ended_at": at}
        )
        attributes = {"need": need, "n": number % 7} | ({"invoice": f"I{number % 9}"} if won else {})
        attributes["land"] = chance.choice("AB") if number > 0.8 * n else "A"  # the same in all older rows
        if number > 0.75 * n and won:
            attributes["plate"] = f"P{number % 9}"  # known after the outcome, as the newest rows tell
        leads.append(
            Lead(contact=contact, captured_at=at, channel="sem", attributes=attributes, seq=1, **ended)
        )
    Lead.objects.bulk_create(leads)


def test_train_tells_running_leads_their_chances(tmp_path, capsys, cast, client):
    closed()
    crane, truck = (make.lead(attributes={"need": need}) for need in ("crane", "truck"))
    call_command("train", report=tmp_path / "card.json")
    card = json.loads((tmp_path / "card.json").read_text())
    assert (card["rows"], card["split"], card["time"], card["shown"]) == (500, "time", "captured_at", True)
    left_out = {one["column"]: one["why"] for one in card["left_out"]}
    assert {name: why for name, why in left_out.items() if name.startswith("attributes")} == {
        "attributes.invoice": "only_won", "attributes.land": "one_value", "attributes.plate": "only_won",
    }  # fmt: skip
    # the card speaks of the model that is used, whichever rows betrayed a column
    weighed = {one["column"] for one in WinModel.objects.get().learned["features"]}
    assert weighed == {one["column"] for one in card["used"]}
    assert "running leads judged: 2" in capsys.readouterr().out
    told = dict(LeadChance.objects.values_list("lead", "probability"))
    assert set(told) == {crane.pk, truck.pk}
    assert told[crane.pk] > 0.5 > told[truck.pk] > 0
    assert told[crane.pk] == pytest.approx(chances.of_lead(crane).probability)
    assert chances.of_lead(crane).reasons[0].label == "need"
    assert chances.of_lead(Lead.objects.filter(stage="won")[0]) is None
    assert chances.judge_due() == 0
    late = make.lead(attributes={"need": "lift"})
    assert chances.judge_due() == 1
    assert LeadChance.objects.filter(lead=late).exists()

    _status, row = Api(cast.marketer).get(f"/leads/{crane.pk}/")
    assert row["win_probability"] == pytest.approx(told[crane.pk])
    assert row["win_calibrated"] is True
    assert row["win_reasons"][0]["text"] == "crane"
    Organisation.objects.update(level=3)
    organisation.forget()
    client.force_login(cast.marketer)
    assert 'id="chance"' in client.get(f"/leads/{crane.pk}/").content.decode()
    page = client.get("/scoring/winning/").content.decode()
    assert f"{card['auc']:.3f}" in page
    assert "invoice" in page
    Organisation.objects.update(level=2)
    organisation.forget()
    assert 'id="chance"' not in client.get(f"/leads/{crane.pk}/").content.decode()


def test_no_signal_no_model(cast, client):
    closed(signal=False)
    one = make.lead(attributes={"need": "crane"})
    model = chances.train()
    assert not model.shown
    assert chances.of_lead(one) is None
    assert chances.judge_due() == 0
    client.force_login(cast.rep)
    assert "no better than chance" in client.get("/scoring/winning/").content.decode()


def closing_in_time(n=4000, seed=3):
    """Leads of two years of which 3 in 10 are won, whenever they came: wins take up to 200 days, losses ten. What is not over is open."""
    chance = random.Random(seed)
    contacts = Contact.objects.bulk_create(Contact(full_name=f"Timed {number}") for number in range(n))
    leads = []
    for number, contact in enumerate(contacts):
        at = NOON - timedelta(days=730 * (n - number) / n)
        need = chance.choice(["crane", "truck"])
        won = chance.random() < (0.45 if need == "crane" else 0.15)
        over = at + timedelta(days=chance.uniform(1, 200) if won else chance.uniform(0, 10))
        ended = {"stage": "won", "won_at": over} if won else {"stage": "disqualified"}
        ended = ended | {"ended_at": over} if over <= NOON else {"stage": "new"}
        leads.append(
            Lead(contact=contact, captured_at=at, channel="sem", attributes={"need": need}, seq=1, **ended)
        )
    return Lead.objects.bulk_create(leads)


def test_what_is_too_young_to_be_won_teaches_no_low_chances():
    leads = closing_in_time()
    took = sorted(one.won_at - one.captured_at for one in leads if one.stage == "won")
    ripe = captured.ripe(NOON)
    assert ripe.after == took[math.ceil(0.9 * len(took)) - 1]
    assert ripe.until == NOON - ripe.after
    young = [one for one in leads if one.ended_at and one.captured_at > ripe.until]
    older = [one for one in leads if one.ended_at and one.captured_at <= ripe.until]
    card = chances.train(NOON).card
    told = (card["young"], card["ripe_days"], card["rows"], card["won"])
    assert told == (len(young), ripe.after.days, len(older), sum(one.stage == "won" for one in older))
    assert sum(one.stage == "won" for one in young) / len(young) < 0.25  # these would have taught too little
    predicted = sum(predicted * rows for predicted, _won, rows in card["bins"]) / card["judged"]
    came = sum(won * rows for _predicted, won, rows in card["bins"]) / card["judged"]
    assert predicted == pytest.approx(came, abs=0.03)
    assert card["intercept"] == pytest.approx(0, abs=0.25)
    assert chances.judge_due() == sum(one.ended_at is None for one in leads)
    for need, chance in (("crane", 0.45), ("truck", 0.15)):
        said = LeadChance.objects.filter(lead__attributes__need=need).values_list("probability", flat=True)
        assert sum(said) / len(said) == pytest.approx(chance, abs=0.05)


def test_trains_once_a_week_when_there_is_history():
    assert chances.train_due(NOON) == 0
    closed()
    assert [chances.train_due(NOON), chances.train_due(NOON + timedelta(days=1))] == [1, 0]
    assert chances.train_due(NOON + timedelta(days=7)) == 1
    assert (
        WinModel.objects.count() == JobRun.objects.filter(job="train", finished_at__isnull=False).count() == 2
    )


def test_too_little_history_of_one_outcome_waits_a_week():
    closed()
    Lead.objects.update(won_at=None)
    assert chances.train_due(NOON) == 1
    assert "Too little history" in JobRun.objects.get(job="train").result["why"]
    with pytest.raises(CommandError, match="Too little history"):
        call_command("train")


def test_only_what_was_known_at_capture_is_learned_from():
    company = Company.objects.create(name="Acme", key="acme", industry="")
    contact = make.contact(company=company, job_title="")
    one = make.lead(contact=contact, attributes={"ok": True, "list": [1], "n": 2})
    Lead.objects.update(created_at=NOON)  # everything in this test happens in one transaction, at one moment
    contact.job_title = "Buyer"
    contact.save()
    company.industry = "Steel"
    company.save()
    company.industry = "Wood"
    company.save()
    record = captured.of_leads([one.pk])[one.pk]
    assert (record["contact.job_title"], record["company.industry"]) == ("", "")
    assert {name: text for name, text in record.items() if name.startswith("attributes.")} == {
        "attributes.ok": "true",
        "attributes.n": "2",
    }
    assert record[captured.OUTCOME] is None


def test_attributes_are_learned_from_as_they_were_captured(cast):
    """Whoever changes them later: another capture of the pass, the desk, a statement over many."""
    someone = Captured(
        kind="form", channel="sem", full_name="Anna", email="anna@acme.example", attributes={"need": "crane"}
    )
    lead = capture(someone, by=cast.marketer, at=NOON)
    again = replace(someone, attributes={"need": "lift", "budget": "80000"})
    assert capture(again, by=cast.marketer, at=NOON + timedelta(days=1)).pk == lead.pk
    lead.refresh_from_db()
    assert lead.attributes == {"need": "crane", "budget": "80000"}
    lead.attributes |= {"need": "truck"}
    lead.save()
    Lead.objects.update(attributes={})
    other = make.lead(attributes={"need": "lift"})
    known = captured.of_leads([lead.pk, other.pk])
    facts = {
        pk: {key: text for key, text in record.items() if key.startswith("attributes.")}
        for pk, record in known.items()
    }
    assert facts == {lead.pk: {"attributes.need": "crane"}, other.pk: {"attributes.need": "lift"}}


@pytest.mark.parametrize("who, status", [("marketer", 200), ("rep", 200), ("finance", 403), ("service", 403)])
def test_who_reads_the_card(client, cast, who, status):
    client.force_login(getattr(cast, who))
    assert client.get("/scoring/winning/").status_code == status
