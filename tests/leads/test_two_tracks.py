"""Two tracks without crossing: who contacts whom as agreed, crossings counted, and sales' talks left out of mailings."""

import random
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from leads import collisions, contacting, crossings, drafting, links, talking
from leads.models import (
    Agreement,
    Audience,
    AudienceMember,
    Handoff,
    Inclusion,
    StageChange,
    Touch,
    TrackingLink,
)
from leads.models.contacting import PHASE_OF, Way, default_contact_rules
from leads.terms import in_force
from pipeline.models import Contact, Deal, Identity
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import accepted, ready
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATE = datetime(2040, 6, 12, 12, tzinfo=UTC)  # the preset has signed by then


def agree(days=3, **changed):
    """Change the rules in force: agree(sales={"call": ("marketing", "free")})."""
    rules = default_contact_rules()
    for phase, ways in changed.items():
        rules[phase] |= {way: {"track": track, "other": other} for way, (track, other) in ways.items()}
    Agreement.objects.update(contact_rules=rules, collision_days=days)
    return rules


# -- crossings ---------------------------------------------------------------------------------------------
def naive(since, until, days, rules):
    """{touch: (phase, way)} of the crossings."""
    found, touches = {}, list(Touch.objects.select_related("contact"))
    for touch in touches:
        human = {
            "call": "call",
            "meeting": "meeting",
            "service_visit": "meeting",
            "mail": "mail",
            "chat": "mail",
        }.get(touch.kind)
        way = human if not touch.automatic else "mailing" if touch.kind == "mail" else None
        steps = StageChange.objects.filter(lead__contact=touch.contact, at__lte=touch.at)
        last = max(steps, key=lambda step: (step.at, step.seq), default=None)
        if not (touch.outbound and since <= touch.at < until and way and last):
            continue
        phase = PHASE_OF[last.to_stage]
        rule = rules[phase][way]
        lately = any(
            other.outbound and not other.automatic and other.track == rule["track"]
            and touch.at - days * DAY < other.at <= touch.at
            and (other.contact_id == touch.contact_id or other.contact.company_id == touch.contact.company_id is not None)
            for other in touches
        )  # fmt: skip
        if rule["track"] != touch.track and (rule["other"] == "not" or (rule["other"] == "tell" and lately)):
            found[touch.pk] = (phase, way)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_crossings_agree_with_a_naive_count(cast, seed):
    chance = random.Random(seed)
    rules = default_contact_rules()
    for ways in rules.values():
        for way in ways:
            ways[way] = {
                "track": chance.choice(["marketing", "sales"]),
                "other": chance.choice(["free", "tell", "not"]),
            }
    Agreement.objects.update(contact_rules=rules, collision_days=chance.choice([0, 2, 5]))
    firm = make.company()
    for _n in range(6):
        lead = make.lead(contact=make.contact(company=chance.choice([None, firm])), at=LATE - 20 * DAY)
        StageChange.objects.create(lead=lead, seq=2, from_stage="new", to_stage="mql", at=LATE - 9 * DAY)
        StageChange.objects.create(lead=lead, seq=3, from_stage="mql", to_stage="nurture", at=LATE - 4 * DAY)
        for _touch in range(6):
            make.touch(
                lead.contact, LATE - timedelta(hours=chance.randint(0, 24 * 24)), chance.choice(["call", "mail", "meeting", "chat", "visit"]),
                outbound=chance.random() < 0.8, automatic=chance.random() < 0.2, track=chance.choice(["marketing", "sales"]),
            )  # fmt: skip
    since, until = LATE - 12 * DAY, LATE
    days = in_force().collision_days
    found = crossings.between(since, until)
    assert {one.touch: (one.phase, one.way) for one in found} == naive(since, until, days, rules)
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)


def test_nothing_was_crossed_before_anything_was_agreed(cast):
    agree(before={"call": ("marketing", "not")})
    lead = make.lead(at=NOON - 2000 * DAY)
    make.touch(lead.contact, NOON - 1900 * DAY, "call", outbound=True, track="sales")
    assert crossings.between(NOON - 1950 * DAY, NOON - 1800 * DAY) == []


def test_both_sides_count_crossings_and_open_their_list(client, cast):
    agree(before={"call": ("marketing", "not")})
    at = timezone.now()
    mine, far = make.lead(owner=cast.rep, at=at - DAY), make.lead(owner=cast.other_rep, at=at - DAY)
    for lead in (mine, far):
        make.touch(lead.contact, at, "call", outbound=True, track="sales", actor=cast.rep)
    client.force_login(cast.marketer)
    page = client.get("/dashboard/agreement/")
    href = page.context["crossings"]
    assert f'href="{href.replace("&", "&amp;")}"' in page.content.decode()
    assert client.get(f"{href}&count=1").content == b"2"
    listed = client.get(href).context
    assert (listed["all"], {row["name"] for row in listed["table"].rows}) == (
        2,
        {str(mine.contact), str(far.contact)},
    )
    told = Api(cast.marketer).get("/reports/sides/")[1]
    assert (told["crossings"], told["looked_at"]) == (2, 2)
    client.force_login(cast.rep)
    assert {row["name"] for row in client.get(href).context["table"].rows} == {str(mine.contact)}
    assert client.get("/agreement/crossings/", {"since": "x"}).status_code == 400
    one = queries(client, "/agreement/crossings/")
    make.touch(mine.contact, at, "call", outbound=True, track="sales", actor=cast.teammate)
    assert queries(client, "/agreement/crossings/") == one


# -- the terms ---------------------------------------------------------------------------------------------
def test_the_warning_tells_what_was_agreed(cast):
    agree(sales={"call": ("sales", "not")})
    lead = make.lead(stage="sql")
    make.touch(lead.contact, NOON - DAY, "call", outbound=True, track="sales", actor=cast.rep)
    (found,) = collisions.of([lead.contact_id], by=cast.marketer, at=NOON).values()
    assert found.agreed == (
        "Agreed for “With sales”: not by Marketing: Call. Agreed for “With sales”: Marketing tells first: Meeting, Personal mail or chat."
    )
    assert found.words.endswith(found.agreed)
    make.touch(lead.contact, NOON - DAY, "mail", outbound=True, track="marketing")
    (found,) = collisions.of([lead.contact_id], by=cast.rep, at=NOON).values()
    assert found.agreed == ""
    agree(sales=dict.fromkeys(("call", "meeting", "mail"), ("sales", "free")))
    assert collisions.of([lead.contact_id], by=cast.marketer, at=NOON) == {}
    assert set(collisions.of([lead.contact_id], by=cast.rep, at=NOON)) == {lead.contact_id}


def test_a_draft_says_who_contacts_whom_and_the_heads_read_what_changes(client, cast):
    client.force_login(cast.sales_head)
    page = client.get("/agreement/new/")
    form = page.context["form"]
    data = {name: form[name].initial for name in form.fields if form[name].initial is not None}
    data |= {"contact_sales_call_other": "not", "talk_days": 10, "required_fields": []}
    address = client.post("/agreement/new/", data).url
    draft = Agreement.objects.latest("version")
    wanted = deepcopy(default_contact_rules())
    wanted["sales"]["call"]["other"] = "not"
    assert (draft.contact_rules, draft.talk_days) == (wanted, 10)
    changed = {(label, was, becomes) for label, was, becomes in client.get(address).context["changes"]}
    assert ("With sales: Call", "Sales (tells first)", "Sales (does not)") in changed
    assert len(changed) == 2
    assert "Personal mail" in client.get("/agreement/").content.decode()
    assert client.post(address + "edit/", data | {"contact_sales_call_other": "never"}).status_code == 422


def test_the_api_drafts_who_contacts_whom(cast):
    api, rules = Api(cast.sales_head), default_contact_rules()
    rules["deal"]["mail"] = {"track": "sales", "other": "free"}
    status, row = api.post("/agreements/", {"contact_rules": rules})
    assert (status, row["contact_rules"]) == (201, rules)
    for wrong in (
        {},
        [],
        {**rules, "deal": {}},
        {**rules, "deal": {**rules["deal"], "mail": {"track": "x", "other": "free"}}},
    ):
        assert api.post("/agreements/", {"contact_rules": wrong})[0] == 400
    assert contacting.wrong(rules) == ""
    assert set(rules["deal"]) == set(Way.values)
    assert [name for name, *_ in drafting.changes(Agreement.objects.latest("version"), in_force())] == [
        "contact_rules"
    ]


# -- with whom sales is talking ----------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(4))
def test_whom_sales_talks_with_agrees_with_a_naive_look(cast, seed):
    chance = random.Random(seed)
    Agreement.objects.update(talk_days=20)
    firms = [make.company() for _n in range(5)]
    people = [make.contact(company=chance.choice([None, *firms])) for _n in range(12)]
    for who in people:
        make.lead(contact=who)
        if chance.random() < 0.5:
            at = NOON - DAY * chance.randint(1, 60)
            make.touch(
                who,
                at,
                "call",
                outbound=True,
                automatic=chance.random() < 0.3,
                track=chance.choice(["sales", "marketing"]),
            )
    for firm in firms:
        if chance.random() < 0.7:
            make.deal(company=firm, at=NOON - DAY * chance.randint(1, 60))

    def talks(who):
        spoken = Touch.objects.filter(contact__company=who.company_id, track="sales", automatic=False)
        late = any(NOON - 20 * DAY < touch.at <= NOON for touch in spoken)
        deals = Deal.objects.filter(company=who.company_id, outcome="open") if who.company_id else []
        return any(deal.opened_at > NOON - 20 * DAY or late for deal in deals)

    found = set(Contact.objects.filter(talking.with_sales(NOON)))
    assert found == {who for who in people if talks(who)}
    Agreement.objects.update(talk_days=0)
    assert not Contact.objects.filter(talking.with_sales(NOON)).exists()


@pytest.fixture
def mailing(cast):
    """A campaign that brought somebody whom a rep holds and somebody else, both in its lot."""
    handoff = accepted(ready(by=cast.marketer))
    held, drive = handoff.lead, make.campaign("Drive")
    held.campaign = drive
    held.save()
    other = make.lead(campaign=drive)
    for lead in (held, other):
        if not Identity.objects.filter(contact=lead.contact, kind="email").exists():
            Identity.objects.create(contact=lead.contact, kind="email", value=f"p{lead.pk}@example.com")
    lot = Audience.objects.create(campaign=drive)
    AudienceMember.objects.bulk_create(
        AudienceMember(audience=lot, contact=one.contact, held=False) for one in (held, other)
    )
    return drive, held.contact, other.contact


def test_marketings_lists_leave_out_whom_sales_talks_with(client, cast, mailing):
    drive, held, other = mailing
    link = TrackingLink.objects.create(campaign=drive, name="Mail", target="https://acme.example/")
    client.force_login(cast.marketer)

    def mailed():
        copies = {name for name, _email, _key in links.personal(link, timezone.now())}
        page = client.get(f"/campaigns/{drive.pk}/audience/")
        assert {row["full_name"] for row in page.context["table"].rows} == copies
        return copies, page.content.decode()

    copies, text = mailed()
    assert copies == {other.full_name}
    assert "1 with whom sales is talking is left out" in " ".join(text.split())
    assert "is left out" in client.get(f"/links/{link.pk}/").content.decode()
    address = f"/campaigns/{drive.pk}/talking/"
    assert [row["name"] for row in client.get(address).context["table"].rows] == [held.full_name]
    assert client.post(address, {"reason": " "}, follow=True).context["included"] is None
    client.post(address, {"reason": "A safety notice"})
    copies, text = mailed()
    assert copies == {held.full_name, other.full_name}
    assert "A safety notice" in text
    client.post(address, {"leave_out": "1"})
    assert mailed()[0] == {other.full_name}
    assert [(one.reason, one.by) for one in Inclusion.objects.order_by("pk")] == [
        ("A safety notice", cast.marketer),
        ("", cast.marketer),
    ]
    held_in = Handoff.objects.get(lead__contact=held, ended_at=None).rep.team
    client.force_login(cast.rep if held_in == cast.other_rep.team else cast.other_rep)
    assert client.post(address, {"reason": "x"}).status_code == 403
    assert client.get(address).context["table"].rows == []
