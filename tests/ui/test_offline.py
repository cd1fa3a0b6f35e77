"""The installable app: manifest, service worker, the page without a connection."""

import json
import struct
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from ui.offline import keeper

STATIC = Path("static/ui")


def test_the_manifest_names_icons_that_exist_in_their_sizes():
    manifest = json.loads((STATIC / "manifest.webmanifest").read_text())
    assert (manifest["id"], manifest["scope"], manifest["start_url"]) == ("/", "/", "/")
    assert manifest["display"] == "standalone"
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        data = (STATIC / icon["src"]).read_bytes()
        if icon["type"] == "image/png":
            assert "{}x{}".format(*struct.unpack(">II", data[16:24])) == icon["sizes"]


def test_the_manifest_is_served_as_one(client, settings):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    answer = client.get("/static/ui/manifest.webmanifest")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/manifest+json")
    answer.close()


@pytest.mark.django_db
def test_the_worker_answers_for_the_whole_site_and_anybody_may_have_it(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    script = answer.content.decode()
    assert '"/logout/"' in script
    assert '"/ui/offline/?in=en"' in script
    russian = client.get("/sw.js", headers={"accept-language": "ru"}).content.decode()
    assert '"/ui/offline/?in=ru"' in russian
    assert "Нет связи" in client.get("/ui/offline/?in=ru").content.decode()
    assert "No connection" in client.get("/ui/offline/?in=xx").content.decode()
    assert "&" not in script.split("FILES =")[1].split("\n")[0]


@pytest.mark.django_db
def test_the_page_without_a_connection_names_nobody(client, cast):
    stranger = client.get("/ui/offline/").content
    client.force_login(cast.rep)
    assert b"Rep" not in stranger
    assert cast.rep.email.encode() not in client.get("/ui/offline/").content


def test_a_store_belongs_to_one_user(rf):
    assert keeper(AnonymousUser()) == ""
