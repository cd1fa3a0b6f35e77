"""The demo from the page: asked for once, made in the background, told step by step, taken away again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import User
from demo import wishes
from demo.models import Demo, DemoWish
from pipeline.models import Company
from tests import cast as make


@pytest.fixture
def admin(client, db):
    """The only person of an empty system."""
    user = User.objects.create_superuser("first@example.com", "correct horse battery", full_name="First")
    client.force_login(user)
    return client


def test_a_wish_is_kept_once_and_shown_while_it_waits(admin):
    assert "There is no demo" in admin.get("/demo/").content.decode()
    assert admin.post("/demo/").url == "/demo/"
    assert not wishes.ask(at=timezone.now())
    page = admin.get("/demo/").content.decode()
    assert "<progress" in page
    assert 'hx-trigger="every 2s"' in page
    part = admin.get("/demo/", headers={"hx-request": "true"}).content.decode()
    assert part.strip().startswith('<div id="wish"')
    assert "<html" not in part


@pytest.mark.parametrize(
    "stage, spent, here, left",
    [
        ("waiting", 0, 3, None),
        ("telling", 0, 5, 40),  # 10 of its own 15, then 12 and 18
        ("loading", 30, 4, 56),  # twice as slow as usual: 20 of 24, then 36
        ("counting", 27, 40, 0),  # later than anybody thought
    ],
)
def test_the_time_left_follows_the_pace_of_the_stages_behind(stage, spent, here, left):
    began = timezone.now()
    stage_at = began + timedelta(seconds=spent)
    wish = DemoWish(stage=stage, started_at=began, stage_at=stage_at, asked_at=began)
    told = wishes.progress(wish, stage_at + timedelta(seconds=here))
    assert told.left == (left if left is None else pytest.approx(left))
    assert 0 <= told.done <= 100


def test_real_data_is_not_mixed_with_a_demo(admin):
    make.company()
    wishes.ask(at=timezone.now(), small=True)
    assert wishes.fulfil_due() == 1
    assert "real data" in DemoWish.objects.get().error
    assert "real data" in admin.get("/demo/").content.decode()
    assert not Demo.objects.exists()
    assert wishes.fulfil_due() == 0


def test_only_administrators_ask(client, cast):
    for user in (cast.marketer, cast.sales_head, cast.finance):
        client.force_login(user)
        assert client.post("/demo/").status_code == 403


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_it_comes_and_goes(owner):
    wishes.ask(at=timezone.now(), small=True)
    with owner("owner"):
        assert wishes.fulfil_due() == 1
    assert Company.objects.exists()
    assert organisation.current().demo
    wishes.ask(at=timezone.now(), remove=True)
    with owner("owner"):
        assert wishes.fulfil_due() == 1
    assert not Company.objects.exists()
    assert not Demo.objects.exists()
