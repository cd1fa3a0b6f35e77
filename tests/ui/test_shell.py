"""Theme, language, menu and error pages."""

import re
from itertools import product

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import get_resolver, resolve
from django.utils import translation

from accounts import organisation
from accounts.models import Organisation
from leads.models import WebForm
from tests import cast as make
from tests.ui.test_every_page import patterns
from ui import menu
from ui.context import theme

ERRORS = ["400", "403", "403_csrf", "404", "500", "503"]


@pytest.mark.django_db
def test_the_theme_is_kept_in_a_cookie(client):
    response = client.post("/ui/theme/", {"theme": "dark", "next": "/account/"})
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert response.cookies["theme"].value == "dark"
    assert client.post("/ui/theme/", {"theme": "auto"}).cookies["theme"].value == ""
    assert client.post("/ui/theme/", {"theme": "pink"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_to_a_stranger(client, target):
    assert client.post("/ui/theme/", {"theme": "dark", "next": target})["Location"] == "/"


@pytest.mark.django_db
def test_the_language_is_kept_with_the_person(client, cast):
    client.force_login(cast.rep)
    client.post("/ui/language/", {"language": "ru"})
    cast.rep.refresh_from_db()
    assert cast.rep.language == "ru"
    assert client.post("/ui/language/", {"language": "tlh"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hung", "kept"),
    [
        ("utm_source=mail&utm_campaign=x&gclid=1", ""),
        ("stage=mql&utm_source=mail&stage=sql&yclid=", "stage=mql&stage=sql"),
        ("q=%D0%B0+b&from=singlemessage&isappinstalled=0", "q=%D0%B0+b"),
    ],
)
def test_what_mail_tools_hang_onto_a_link_is_left_out(client, cast, hung, kept):
    client.force_login(cast.marketer)
    answer = client.get(f"/leads/?{hung}")
    assert (answer.status_code, answer["Location"]) == (302, f"?{kept}" if kept else "/leads/")
    assert client.get(f"/dashboard/?{hung}")["Location"].endswith(kept)
    assert client.get(f"/leads/?{kept}").status_code == 200
    assert client.get("/leads/?from=tuesday").status_code == 400, "what nobody knows is refused as ever"
    assert client.get(f"/api/v1/leads/?{hung}").status_code == 400, "a program says what it means"
    form = WebForm.objects.create(campaign=make.campaign(), title="x")
    assert client.get(f"/f/{form.key}/?utm_source=mail").status_code == 200, "visitors' links keep theirs"


@pytest.mark.django_db
def test_a_stranger_may_choose_a_language_too(client):
    response = client.post("/ui/language/", {"language": "zh-hans"})
    assert response.cookies["django_language"].value == "zh-hans"


@pytest.mark.parametrize("chosen, expected", [("dark", "dark"), ("", ""), ('"><script>', "")])
def test_only_known_themes_reach_the_page(chosen, expected):
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = chosen
    assert theme(request) == expected


ENTRIES = [
    {"label": "Home", "url": "home", "icon": "sun"},
    {"label": "Gallery", "url": "ui:gallery", "icon": "users", "roles": ["admin"]},
    {"label": "Later", "url": "ui:not-built-yet", "icon": "users"},
    {"label": "Account", "url": "accounts:profile", "icon": "user", "level": 2},
]


@pytest.mark.parametrize(
    "role, path, expected",
    [
        ("admin", "/ui/gallery/", [("Home", False), ("Gallery", True), ("Account", False)]),
        ("sales", "/ui/gallery/", [("Home", False), ("Account", False)]),
        ("sales", "/account/password/", [("Home", False), ("Account", True)]),
        ("sales", "/", [("Home", True), ("Account", False)]),
    ],
)
def test_the_menu_shows_what_there_is_for_a_role(settings, role, path, expected):
    settings.MENU = ENTRIES
    assert [(entry.label, entry.current) for entry in menu.entries(role, path)] == expected


@pytest.mark.parametrize(
    "role, path, expected",
    [
        ("admin", "/people/3/", ["Set-up"]),
        ("admin", "/teams/", ["Set-up"]),
        ("admin", "/leads/7/", ["Lead desk"]),
        ("admin", "/campaigns/7/", ["Campaigns"]),
        ("manager", "/people/3/edit/", ["Teams"]),
        ("manager", "/exceptions/", ["Dashboard"]),
        ("marketing", "/leads/7/", ["Leads"]),
        ("marketing", "/held/", ["Lead desk"]),
        ("marketing", "/people/3/", []),
        ("sales", "/leads/7/", ["Leads"]),
        ("sales", "/registrations/", ["Deals"]),
    ],
)
def test_a_page_marks_the_entry_that_it_belongs_to(role, path, expected):
    assert [str(entry.label) for entry in menu.entries(role, path) if entry.current] == expected


def test_what_stands_under_an_entry_begins_the_addresses_of_pages():
    routes = [f"/{route}" for route in patterns(get_resolver())]
    under = {begin for line in settings.MENU for begin in line.get("under", ())}
    assert {begin for begin in under if not any(route.startswith(begin) for route in routes)} == set()


@pytest.mark.parametrize("role", ["marketing", "sales", "manager", "admin", "finance"])
def test_nobody_gets_more_than_five_entries(settings, role):
    assert len([line for line in settings.MENU if role in line.get("roles", [role])]) <= 5


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_neither_request_nor_database(name):
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert 'href="' in html


@pytest.mark.django_db
def test_the_gallery_is_for_administrators(client, cast):
    client.force_login(cast.rep)
    assert client.get("/ui/gallery/").status_code == 404
    client.force_login(cast.admin)
    assert client.get("/ui/gallery/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["ui/side.html", "ui/tabbar.html", "ui/finder.html", "ui/files.html"])
def test_a_kept_part_is_what_it_would_be_for_each_person_page_and_language(cast, part):
    """Asked twice for everybody, so that the second time the part is the kept one."""
    for person, path, code in 2 * [
        *product((cast.rep, cast.marketer), ("/leads/", "/deals/?q=<a>"), ("en", "ru"))
    ]:
        request = RequestFactory().get(path)
        request.user, request.session, request.csp_nonce = person, {}, ""
        request.resolver_match = resolve(request.path)
        with translation.override(code):
            kept = engines["django"].from_string('{% load ui %}{% kept "' + part + '" %}').render({}, request)
            plain = render_to_string(part, {}, request)
        assert unmasked(kept) == unmasked(plain)


def unmasked(html):
    """The token differs each time it is told."""
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w{64}"', r"\1", html)


@pytest.mark.django_db
def test_the_menu_of_the_person_opens_the_list_of_keys(client, cast):
    client.force_login(cast.marketer)
    for address in ("/leads/", "/desk/"):
        page = client.get(address).content.decode()
        assert page.count('data-dialog="keys"') == 1
        assert page.count('<dialog id="keys"') == 1


def test_every_failure_that_the_script_names_has_its_own_sentence():
    script = (settings.BASE_DIR / "static/ui/toasts.js").read_text()
    kinds = set(re.findall(r'\d{3}: "(\w+)"', script)) | {"server", "failed", "offline"}
    for language in ("en", "ru", "zh-hans"):
        with translation.override(language):
            shown = dict(re.findall(r'data-(\w+)="([^"]+)"', render_to_string("ui/toasts.html")))
        said = [shown[kind] for kind in sorted(kinds)]
        assert len(set(said)) == len(kinds) == 7


@pytest.mark.django_db
def test_every_page_of_a_demo_says_that_it_is_one(client, cast):
    form = WebForm.objects.create(campaign=make.campaign(), title="Fair")
    Organisation.objects.update(demo=True)
    organisation.forget()
    pages = {"/login/": 200, f"/f/{form.key}/": 200}
    told = {path: client.get(path) for path in pages}
    client.force_login(cast.marketer)
    pages |= {"/nowhere/": 404, "/setup/people/nobody/": 404, "/leads/": 200}
    told |= {path: client.get(path) for path in pages.keys() - told.keys()}
    assert {path: answer.status_code for path, answer in told.items()} == pages
    assert {
        path for path, answer in told.items() if "everything here is invented" not in answer.content.decode()
    } == set()


@pytest.mark.django_db
def test_a_stranger_reads_of_no_work_that_is_hidden(client, cast):
    said = client.get("/nowhere/").content.decode()
    assert "There is no such page" in said
    assert "people whose work" not in said
    client.force_login(cast.rep)
    assert "people whose work" in client.get("/nowhere/").content.decode()


@pytest.mark.django_db
def test_no_search_engine_lists_anything(client):
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
