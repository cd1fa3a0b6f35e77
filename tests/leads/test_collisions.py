"""The collision guard: one track is warned of the other's contacts, against a naive reading of every touch."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads import collisions
from leads.models import Agreement, Touch
from pipeline.models import Step
from tests.api import Api
from tests.cast import NOON, company, contact, lead, touch
from tests.leads.ready import accepted, ready
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MAIL = {"kind": "mail", "outbound": True}


def naive(people, track, at, days):
    """{contact: (moment, same person)} by looking at every touch of every colleague."""
    found = {}
    for asked in people:
        near = []
        for one in Touch.objects.select_related("contact"):
            firm = one.contact.company_id
            same = one.contact_id == asked.pk
            alike = same or (firm is not None and firm == asked.company_id)
            ours = one.outbound and not one.automatic and one.track != track
            if alike and ours and at - timedelta(days=days) < one.at <= at:
                near.append((same, one.at))
        if near:
            same, when = max(near)
            found[asked.pk] = (when, same)
    return found


TOUCHES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(-6, 1),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["marketing", "sales"]),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(touches=TOUCHES, days=st.integers(0, 5))
def test_it_finds_what_a_naive_reader_finds(cast, touches, days):
    Touch.objects.all().delete()
    Agreement.objects.update(collision_days=days)
    firm = company()
    people = [contact(company=firm), contact(company=firm), contact(company=company()), contact(), contact()]
    for who, day, outbound, automatic, track in touches:
        touch(
            people[who],
            at=NOON + day * DAY - timedelta(hours=1),
            outbound=outbound,
            automatic=automatic,
            track=track,
        )
    for user, track in ((cast.rep, "sales"), (cast.marketer, "marketing")):
        found = collisions.of([one.pk for one in people], by=user, at=NOON)
        assert {pk: (one.at, one.same) for pk, one in found.items()} == naive(people, track, NOON, days)


def test_the_words_tell_who_when_and_how(cast):
    firm = company()
    ada, bob = contact(company=firm), contact(company=firm)
    touch(ada, at=NOON - DAY, track="marketing", actor=cast.marketer, **MAIL)
    found = collisions.of([ada.pk, bob.pk], by=cast.rep, at=NOON)
    for words in ("this person", "Mail", "Marketer"):
        assert words in found[ada.pk].words
    assert "the same company" in found[bob.pk].words
    assert collisions.of([ada.pk], by=cast.marketer, at=NOON) == {}


@pytest.fixture
def beside(cast):
    """An accepted lead whose contact marketing has just written to."""
    handoff = accepted(ready(by=cast.marketer))
    touch(
        handoff.lead.contact,
        at=timezone.now() - timedelta(hours=2),
        track="marketing",
        actor=cast.marketer,
        **MAIL,
    )
    return handoff


def test_the_rep_is_warned_wherever_a_contact_is_about_to_be_made(client, beside):
    words = "Marketing was in contact with this person lately"
    Step.objects.create(contact=beside.lead.contact, owner=beside.rep, what="Call", due_at=NOON)
    client.force_login(beside.rep)
    assert words in client.get(f"/leads/{beside.lead_id}/").content.decode()
    assert client.get("/my-day/").content.decode().count(words) == 2
    said = {"kind": "call", "outcome": "reached", "note": "hello"}
    page = client.post(f"/leads/{beside.lead_id}/touches/", said, follow=True)
    told = [str(message) for message in page.context["messages"]]
    assert told[0] == "Logged."
    assert told[1].startswith(words)
    assert Touch.objects.filter(contact=beside.lead.contact, track="sales").exists()
    again = client.post(f"/leads/{beside.lead_id}/again/", follow=True).context["messages"]
    assert [str(message).startswith(words) for message in again] == [False, True]
    who = beside.lead.contact
    assert words in client.get(f"/contacts/{who.pk}/briefing/").content.decode()
    assert words in client.get(f"/contacts/{who.pk}/beside/").content.decode()
    assert f"/contacts/{who.pk}/beside/" in client.get(f"/contacts/{who.pk}/").content.decode()


def test_a_program_is_told_as_well(client, cast, beside):
    api, who = Api(beside.rep), beside.lead.contact
    who.company = company("Sister")
    who.save()
    colleague = contact(company=who.company)
    told = api.get(f"/leads/{beside.lead_id}/")[1]["collision"]
    assert (told["kind"], told["same"], told["who"]) == ("mail", True, "Marketer")
    assert told["words"].startswith("Marketing was in contact with this person lately")
    assert api.get(f"/handoffs/{beside.pk}/")[1]["collision"] == told
    assert [row["collision"] for row in api.get("/handoffs/")[1]["results"]] == [told]
    call = {"kind": "call", "reached": False}
    assert api.post(f"/leads/{beside.lead_id}/touches/", call)[1]["collision"] == told
    assert api.post("/touches/", {"contact": who.pk, **call, "outbound": False})[1]["collision"] is None
    assert api.post("/touches/", {"contact": who.pk, **call})[1]["collision"] == told
    made = Touch.objects.filter(track="sales").order_by("pk").values_list("outbound", flat=True)
    assert list(made) == [True, False, True]
    asked = f"/collisions/?contact={who.pk}&contact={colleague.pk}&company={who.company_id}"
    assert len(api.get(asked)[1]["contacts"]) == 1, "a rep does not see the colleague"
    status, found = Api(cast.sales_head).get(asked)
    assert (status, [row["contact"] for row in found["contacts"]]) == (200, [who.pk, colleague.pk])
    assert [row["same"] for row in found["contacts"]] == [True, False]
    assert [(row["company"], row["who"]) for row in found["companies"]] == [(who.company_id, "Marketer")]
    client.force_login(beside.rep)
    page = client.get(f"/companies/{who.company_id}/beside/").content.decode()
    assert "Marketing was in contact with the same company lately" in page


def test_the_desk_is_warned_of_what_sales_did(client, cast):
    one = lead()
    touch(one.contact, at=timezone.now(), kind="call", outbound=True, track="sales", actor=cast.rep)
    client.force_login(cast.marketer)
    assert "Sales was in contact" in client.get(f"/leads/{one.pk}/").content.decode()
    assert "Sales was in contact" in client.get(f"/leads/{one.pk}/complete/").content.decode()


def test_nobody_is_warned_where_the_agreement_says_never(client, beside):
    Agreement.objects.update(collision_days=0)
    client.force_login(beside.rep)
    assert client.get(f"/leads/{beside.lead_id}/").context["collision"] is None
    assert Api(beside.rep).get(f"/leads/{beside.lead_id}/")[1]["collision"] is None
    page = client.get(f"/contacts/{beside.lead.contact_id}/beside/").content.decode()
    assert "The agreement names no days" in page


def test_my_day_asks_once_for_everybody(client, cast):
    client.force_login(cast.rep)
    for _ in range(2):
        Step.objects.create(contact=contact(), owner=cast.rep, what="Call", due_at=NOON)
    queries(client, "/my-day/")
    before = queries(client, "/my-day/")
    Step.objects.create(contact=contact(), owner=cast.rep, what="Call", due_at=NOON)
    assert queries(client, "/my-day/") == before
