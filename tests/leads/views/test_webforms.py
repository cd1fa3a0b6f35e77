"""Capture forms in the browser's terms: made by marketing, shown to strangers, held posts looked at."""

from datetime import timedelta

import pytest

from leads.models import Lead, Question, Submission, WebForm
from tests import cast as make
from tests.api import Api
from tests.pages import queries, same_queries

pytestmark = pytest.mark.django_db
EDITED = {
    "title": "Talk to us",
    "kind": "quote_request",
    "asks-full_name": "must",
    "asks-email": "ask",
    "asks-answer-need": "ask",
    "consent_must": "on",
    "active": "on",
    "hosts": "www.acme.example/contact\nhttp://localhost:3000",
}


@pytest.fixture
def marketer(client, cast):
    client.force_login(cast.marketer)
    return client


@pytest.fixture
def form(cast):
    return WebForm.objects.create(campaign=make.campaign("Fair"), title="Talk to us")


def held(form, n=1, **data):
    return [
        Submission.objects.create(
            form=form,
            nonce=f"h{Submission.objects.count()}",
            at=make.NOON,
            reasons=["trap"],
            data={"full_name": "Ada", "email": f"ada{Submission.objects.count()}@a.example", **data},
        )
        for _one in range(n)
    ]


def test_a_form_is_made_for_a_campaign_and_changed(marketer):
    campaign = make.campaign("Fair")
    answer = marketer.post(f"/campaigns/{campaign.pk}/forms/new/", EDITED)
    form = WebForm.objects.get()
    assert answer.url == f"/forms/{form.pk}/"
    assert form.asked == {"full_name": "must", "email": "ask", "answer-need": "ask"}
    assert form.hosts.split() == ["https://www.acme.example", "http://localhost:3000"]
    page = marketer.get(f"/forms/{form.pk}/").content.decode()
    assert f"/f/{form.key}/embed/" in page
    marketer.post(f"/forms/{form.pk}/edit/", {**EDITED, "consent_text": "Call me."})
    marketer.post(f"/forms/{form.pk}/edit/", {**EDITED, "consent_text": "Call me.", "title": "Write"})
    form.refresh_from_db()
    assert (form.title, form.consent_version) == ("Write", 2)


@pytest.mark.parametrize(
    "wrong", [{"asks-email": ""}, {"title": ""}, {"hosts": "no site"}, {"kind": "click"}, {"asks-email": "x"}]
)
def test_a_form_that_brings_nobody_back_is_refused(marketer, wrong):
    campaign = make.campaign()
    assert marketer.post(f"/campaigns/{campaign.pk}/forms/new/", EDITED | wrong).status_code == 422
    assert not WebForm.objects.exists()


@pytest.mark.parametrize(
    "who, sees, makes",
    [("marketer", 200, 200), ("rep", 200, 403), ("finance", 200, 403), ("admin", 200, 200)],
)
def test_who_may(client, cast, form, who, sees, makes):
    client.force_login(getattr(cast, who))
    assert client.get(f"/forms/{form.pk}/").status_code == sees
    assert client.get(f"/forms/{form.pk}/qr.svg").status_code == sees
    assert client.get(f"/forms/{form.pk}/edit/").status_code == makes
    assert client.get(f"/campaigns/{form.campaign_id}/forms/new/").status_code == makes
    assert client.get("/held/").status_code == makes


def test_the_qr_code_is_an_svg_without_styles(marketer, form):
    drawn = marketer.get(f"/forms/{form.pk}/qr.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert b"<svg" in drawn.content
    assert b"style=" not in drawn.content


# -- what strangers see ----------------------------------------------------------------------------------
def test_the_page_keeps_where_the_visitor_came_from(client, form):
    page = client.get(
        f"/f/{form.key}/?utm_source=news&gclid=1&lang=ru", headers={"referer": "https://a.example/x"}
    )
    body = page.content.decode()
    assert page.headers["Content-Language"] == "ru"
    assert all(f'value="{value}"' in body for value in ("news", "1", "https://a.example/x"))
    assert 'lang="ru"' in body
    assert queries(client, f"/f/{form.key}/") <= 3


def test_only_named_sites_may_embed_it(client, form):
    path = f"/f/{form.key}/embed/"
    assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]
    WebForm.objects.update(hosts="https://acme.example\nhttps://b.example")
    shown = client.get(path)
    assert (
        "frame-ancestors https://acme.example https://b.example" in shown.headers["Content-Security-Policy"]
    )
    assert "X-Frame-Options" not in shown.headers
    assert client.get(f"/f/{form.key}/").headers["X-Frame-Options"] == "DENY"


def test_a_closed_form_says_so_and_an_unknown_one_is_none(client, form):
    WebForm.objects.update(active=False)
    assert client.get(f"/f/{form.key}/").status_code == 410
    assert client.post(f"/f/{form.key}/", {"full_name": "Ada"}).status_code == 410
    assert client.get("/f/nothing/").status_code == 404


# -- what is held ----------------------------------------------------------------------------------------
def test_held_posts_are_released_dropped_and_taken_back(marketer, form):
    one, two, three = held(form, 3)
    Submission.objects.filter(pk=three.pk).update(data={"phone": "+49 170 1234567"})  # nothing else was told
    page = marketer.get("/held/").content.decode()
    assert "ada0@a.example" in page
    assert '<b translate="no">+49 170 1234567</b>' in page
    marketer.post("/held/many/", {"verb": "release", "pick": [one.pk]})
    marketer.post("/held/many/", {"verb": "drop", "pick": [two.pk]})
    states = dict(Submission.objects.values_list("pk", "state"))
    assert states == {one.pk: "taken", two.pk: "dropped", three.pk: "held"}
    page = marketer.post("/held/many/", {"verb": "drop", "pick": [two.pk, three.pk]}, follow=True)
    assert 'formaction="/held/undo/"' in page.content.decode()
    marketer.post("/held/undo/")  # only what this drop set aside
    assert sorted(Submission.objects.filter(state="held").values_list("pk", flat=True)) == [three.pk]
    marketer.post("/held/many/", {"verb": "restore", "pick": [two.pk]})
    answer = marketer.post(f"/held/{two.pk}/release/", {"sure": 1})
    assert answer.url == f"/leads/{Submission.objects.get(pk=two.pk).lead_id}/"
    assert Lead.objects.count() == 2
    assert marketer.post("/held/many/", {"verb": "drop"}).status_code == 302


def test_a_held_post_shows_all_that_one_judges_by(marketer, cast, form):
    need = Question.objects.get(code="need")
    form.asked |= {"answer-need": "ask"}
    form.save()
    (earlier,) = held(form)
    Submission.objects.update(address="a" * 64, at=make.NOON - timedelta(minutes=59))
    (later,) = held(
        form, **{"answer-need": "a pump", "answer-gone": "spring"},
        website="http://spam.example", utm_source="mail", gclid="g-1", page="https://a.example/pumps", news=True,
    )  # fmt: skip
    Submission.objects.filter(pk=later.pk).update(
        address="a" * 64, origin="https://a.example", agent="Curl/8", language="ru"
    )
    found = {row.pk: row for row in marketer.get("/held/").context["page"].rows}
    assert [row for row in found[later.pk].said if row[0] not in ("E-mail", "Name")] == [
        (str(need), "a pump"),
        ("gone", "spring"),
        ("Consent to be contacted", "No"),
        ("Consent to news", "Yes"),
        ("In the field that people do not see", "http://spam.example"),
    ]
    assert found[later.pk].came == [
        ("utm_source", "mail"),
        ("gclid", "g-1"),
        ("Page", "https://a.example/pumps"),
        ("Site", "https://a.example"),
        ("Browser", "Curl/8"),
        ("Language", "Russian"),
        ("Posts from its address in the hour before", 1),
    ]
    assert found[earlier.pk].came == [("Posts from its address in the hour before", 0)]
    page = marketer.get("/held/").content.decode()
    assert all(text in page for text in ("http://spam.example", "a pump", "g-1"))
    row = Api(cast.marketer).get(f"/submissions/{later.pk}/")[1]
    assert (row["before"], row["agent"], row["data"]["website"]) == (1, "Curl/8", "http://spam.example")


def test_releasing_many_is_shown_first(marketer, form):
    posts = held(form, 2)
    ticked = {"verb": "release", "pick": [one.pk for one in posts]}
    page = marketer.post("/held/many/", ticked).content.decode()
    assert "2 posts become leads" in page
    assert Lead.objects.count() == 0
    marketer.post("/held/many/", {**ticked, "sure": "1"})
    assert Lead.objects.count() == 2


def test_what_cannot_be_released_says_why_and_stays(marketer, form):
    make.contact(email="a@a.example").identities.create(kind="wechat", value="other-1")
    make.contact(email="b@a.example").identities.create(kind="wechat", value="wxid_2")
    (one,) = held(form, email="a@a.example", wechat="wxid_2")
    page = marketer.post(f"/held/{one.pk}/release/", {"sure": 1}, follow=True).content.decode()
    assert "belong to different people" in page
    assert Submission.objects.get().state == "held"


def test_the_list_costs_the_same_with_more(marketer, form):
    same_queries(marketer, "/held/", lambda: held(form))
