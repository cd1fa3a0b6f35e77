"""Fragments and caches; what happens to somebody whose session has ended."""

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from tests import cast as make
from ui.htmx import nothing_to_show, redirect, toast, wants_fragment
from ui.middleware import FragmentCacheMiddleware


def answered(view, **headers):
    stack = HtmxMiddleware(FragmentCacheMiddleware(view))
    return stack(RequestFactory().get("/rows/", headers=headers))


def test_html_is_kept_apart_by_fragment_and_person():
    response = answered(lambda request: HttpResponse("<p>"))
    assert response["Vary"] == "HX-Request, Cookie"
    assert response["Cache-Control"] == "private, no-cache"


def test_a_page_may_be_stricter():
    response = answered(lambda request: HttpResponse("", headers={"Cache-Control": "no-store"}))
    assert response["Cache-Control"] == "no-store"


def test_json_is_left_alone():
    assert "Vary" not in answered(lambda request: JsonResponse({}))


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(client):
    response = client.get("/ui/gallery/")
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/ui/gallery/")


@pytest.mark.django_db
def test_a_strangers_fragment_sends_the_whole_page_to_sign_in(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/leads/?q=x#top"}
    response = client.get("/ui/gallery/", headers=headers)
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/login/?next=/leads/%3Fq%3Dx"


@pytest.mark.django_db
def test_whoever_was_signed_out_comes_back_to_where_the_form_stood(client):
    sent = client.post("/leads/7/touches/", headers={"referer": "http://testserver/leads/7/?x=1#log"})
    assert (sent.status_code, sent["Location"]) == (302, "/login/?next=/leads/7/%3Fx%3D1%23unsent")
    assert "was not saved" in client.get(sent["Location"]).content.decode()
    assert "was not saved" not in client.get("/login/?next=/leads/7/").content.decode()
    foreign = client.post("/leads/7/touches/", headers={"referer": "https://evil.example/leads/"})
    assert foreign["Location"] == "/login/?next=/%23unsent"
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/leads/7/"}
    assert (
        client.post("/leads/7/touches/", headers=headers)["HX-Redirect"] == "/login/?next=/leads/7/%23unsent"
    )


@pytest.mark.django_db
def test_an_address_for_forms_only_leads_on(client, cast):
    client.force_login(cast.marketer)
    for path, above in (
        ("/campaigns/32/spend/", "/campaigns/32/"),
        ("/desk/many/", "/desk/"),
        ("/logout/", "/"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer["Allow"]) == (405, "POST"), path
        assert f'class="button primary" href="{above}"' in answer.content.decode()
        assert answer["Content-Security-Policy"]
    campaign = make.campaign()
    wrong = client.post(
        f"/campaigns/{campaign.pk}/spend/", {"amount": "abc"},
        headers={"referer": f"http://testserver/campaigns/{campaign.pk}/"},
    )  # fmt: skip
    assert wrong.status_code == 422
    assert f'name="next" value="http://testserver/campaigns/{campaign.pk}/"' in " ".join(
        wrong.content.decode().split()
    )


@pytest.mark.django_db
def test_a_foreign_page_is_not_returned_to(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/leads/"}
    assert client.get("/ui/gallery/", headers=headers)["HX-Redirect"] == "/login/?next=/"


def test_a_boosted_or_restored_page_is_whole():
    seen = []
    for headers in (
        {},
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Boosted": "true"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    ):
        answered(lambda request: seen.append(wants_fragment(request)) or HttpResponse(), **headers)
    assert seen == [False, True, False, False]


def test_redirects_reach_the_whole_page():
    plain = answered(lambda request: redirect(request, "/deals/"))
    htmx = answered(lambda request: redirect(request, "/deals/"), **{"HX-Request": "true"})
    assert (plain.status_code, plain["Location"]) == (302, "/deals/")
    assert (htmx.status_code, htmx["HX-Redirect"]) == (200, "/deals/")


def test_a_toast_travels_in_a_header_of_any_language():
    response = toast(nothing_to_show(), "Сохранено 已保存", undo="/undo/")
    assert response["HX-Trigger-After-Swap"].isascii()
    assert '"undo": "/undo/"' in response["HX-Trigger-After-Swap"]
    with pytest.raises(ValueError, match="A toast is one of"):
        toast(nothing_to_show(), "", kind="loud")
