"""Tracking links: they lead where they were told to, count people apart from robots, and know a contact again."""

from datetime import timedelta

import pytest

from leads import links
from leads.models import LinkClick, PersonalLink, Touch, TrackingLink
from tests import cast as make
from tests.cast import NOON
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"


@pytest.fixture
def link(cast):
    fair = make.campaign("Fair", channel="email")
    return TrackingLink.objects.create(
        campaign=fair,
        name="Mail of March",
        target="https://acme.example/p?a=1&a=2&utm_medium=own",
        source="mail",
    )


def follow(client, key, agent=BROWSER, **query):
    return client.get(f"/t/{key}/", query, headers={"user-agent": agent})


def test_a_link_leads_where_it_is_stored_with_the_campaign_named(client, link):
    answer = follow(client, link.key, gclid="g1", utm_medium="x", to="https://evil.example")
    code = link.campaign.code
    assert answer.status_code == 302
    assert (
        answer.url
        == f"https://acme.example/p?a=1&a=2&utm_medium=own&utm_campaign={code}&utm_source=mail&gclid=g1"
    )
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get("/t/nothing/").status_code == 404


@pytest.mark.parametrize(
    "agent, robot",
    [(BROWSER, False), ("", True), ("Googlebot/2.1", True), ("curl/8", True), ("WeChat preview", True)],
)
def test_robots_are_counted_apart(client, link, agent, robot):
    follow(client, link.key, agent)
    client.head(f"/t/{link.key}/", headers={"user-agent": BROWSER})
    found = links.counted(TrackingLink.objects.all()).get()
    assert (found.people, found.robots) == ((0, 2) if robot else (1, 1))
    assert (found.last_at is None) == robot


def test_a_personal_copy_touches_its_contact_once_a_day(client, link, cast):
    ada = make.lead(campaign=link.campaign).contact
    make.lead()
    rows = links.personal(link, NOON)
    assert [(name, email) for name, email, _key in rows] == [(ada.full_name, ada.identities.get().value)]
    assert links.personal(link, NOON) == rows
    key = PersonalLink.objects.get().key
    assert key == rows[0][2]
    _link, contact = links.find(key)
    for at, robot in ((NOON, False), (NOON, False), (NOON, True), (NOON + timedelta(days=1), False)):
        links.follow(link, contact, robot=robot, at=at)
    touches = Touch.objects.values_list("contact", "kind", "campaign", "channel", "note").order_by("at")
    assert list(touches) == [(ada.pk, "click", link.campaign_id, "email", "Mail of March")] * 2
    assert LinkClick.objects.filter(robot=False).count() == 3
    assert follow(client, key).status_code == 302


def test_links_are_made_and_changed_by_marketing(client, cast, link):
    client.force_login(cast.marketer)
    said = {"name": "Poster", "target": "https://acme.example/", "source": "poster"}
    assert client.post(f"/campaigns/{link.campaign_id}/links/new/", said).status_code == 302
    poster = TrackingLink.objects.get(name="Poster")
    client.post(f"/links/{poster.pk}/", said | {"name": "Big poster"})
    assert TrackingLink.objects.get(pk=poster.pk).name == "Big poster"
    wrong = client.post(f"/links/{poster.pk}/", said | {"target": "javascript:alert(1)"})
    assert wrong.status_code == 422
    make.lead(campaign=link.campaign, contact=make.contact("=cmd", "c@a.example"))
    copies = client.post(f"/links/{link.pk}/copies/").content.decode()
    assert "'=cmd,c@a.example,http" in copies
    client.force_login(cast.rep)
    assert client.get(f"/campaigns/{link.campaign_id}/links/").status_code == 200
    assert client.post(f"/links/{link.pk}/copies/").status_code == 403


def test_the_panel_costs_the_same_with_more(client, cast, link):
    client.force_login(cast.marketer)

    def add():
        made = TrackingLink.objects.create(campaign=link.campaign, name="x", target="https://a.example/")
        LinkClick.objects.create(link=made, at=NOON)

    same_queries(client, f"/campaigns/{link.campaign_id}/links/", add)
