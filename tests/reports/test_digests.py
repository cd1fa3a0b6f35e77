"""Weekly digests: once a week, to whoever wants them, with the figures of the pages in the reader's language."""

from datetime import datetime, timedelta
from email import policy
from email.parser import BytesParser

import pytest
from django.test import override_settings

from accounts import organisation
from accounts.models import Organisation, User
from engine.mailing import send
from engine.models import Delivery, JobRun
from reports import digests
from reports.digests.sending import JOB, week_of
from reports.rollups import roll_all
from tests.cast import NOON
from tests.reports.attribution.test_credits import DAY, win

pytestmark = pytest.mark.django_db
MONDAY = NOON - 2 * DAY  # 8 June 2026, noon


@pytest.fixture(autouse=True)
def level_two():
    """A house in which digests are sent."""
    Organisation.objects.update(level=2)
    organisation.forget()


def owed():
    """{address: payload} of the digests that are owed."""
    return {one.payload["to"]: one.payload for one in Delivery.objects.filter(subject__startswith="digest:")}


def test_everybody_who_wants_it_gets_one_a_week(cast):
    User.objects.filter(pk=cast.teammate.pk).update(digest=False)
    User.objects.filter(pk=cast.other_rep.pk).update(is_active=False)
    count = digests.send_due(MONDAY)
    people = {
        user.email
        for name, user in cast.everybody().items()
        if name not in ("teammate", "other_rep", "service")
    }
    assert (set(owed()), count) == (people, len(people))
    assert JobRun.objects.get(job=JOB).result == {"mails": count}
    assert [digests.send_due(MONDAY + days * DAY) for days in (0, 1, 3)] == [0, 0, 0]
    assert digests.send_due(MONDAY + 7 * DAY) == count
    assert Delivery.objects.filter(subject__startswith="digest:").count() == 2 * count


def test_none_is_due_before_the_morning_nor_long_after_it_nor_in_a_small_house(cast):
    zone = organisation.zone()
    early = datetime(2026, 6, 8, 6, 59, tzinfo=zone)
    assert week_of(early) == datetime(2026, 6, 1, 7, tzinfo=zone)
    assert week_of(early + timedelta(minutes=1)) == datetime(2026, 6, 8, 7, tzinfo=zone)
    assert digests.send_due(early) == 0
    assert digests.send_due(MONDAY + 3 * DAY) == 0
    Organisation.objects.update(level=1)
    organisation.forget()
    assert digests.send_due(MONDAY) == 0


def test_it_says_what_the_pages_say(cast, client):
    win(120, owner=cast.rep, signed_on=(MONDAY - DAY).date())
    win(30, owner=cast.other_rep, signed_on=(MONDAY - DAY).date())
    roll_all()
    digests.send_due(MONDAY)
    rep, finance = owed()[cast.rep.email], owed()[cast.finance.email]
    assert "Won revenue: €120 (1 deal · in the period)" in rep["body"]
    assert "1 deal worth €120 was won; the week before 0, worth €0." in rep["body"]
    assert "€150" in finance["body"]
    assert "<b>€120</b>" in rep["html"]
    assert "/dashboard/behind/won/" in rep["html"]
    client.force_login(cast.rep)
    for _sentence, address in digests.digest(cast.rep, MONDAY).changes:
        assert client.get("/" + address.split("/", 3)[3]).status_code == 200
    now = digests.digest(cast.rep, NOON)
    tiles = client.get("/dashboard/mine/?from=2026-04&to=2026-06").context["tiles"]
    assert [figure[:3] for figure in now.figures] == [
        (tile["name"], tile["text"], " · ".join(filter(None, (tile["note"], str(tile["nature"])))))
        for tile in tiles
    ]
    assert client.get("/dashboard/digest/").context["digest"].post == "Rep"
    assert digests.digest(cast.service, NOON) is None


@pytest.mark.parametrize(
    "language, words",
    [("ru", "Что изменилось с прошлой недели"), ("zh-hans", "与上周相比的变化"), ("en", "What changed")],
)
def test_it_speaks_the_language_of_its_reader(cast, language, words):
    User.objects.filter(pk=cast.rep.pk).update(language=language)
    digests.send_due(MONDAY)
    assert words in owed()[cast.rep.email]["body"]
    assert f'lang="{language}"' in owed()[cast.rep.email]["html"]


def test_one_may_stop_it_in_the_profile(cast, client):
    client.force_login(cast.rep)
    page = client.get("/account/")
    assert page.context["form"].fields["digest"]
    values = {"full_name": "Rep", "language": "", "zone": ""}
    assert client.post("/account/", values).status_code == 302
    cast.rep.refresh_from_db()
    assert not cast.rep.digest
    assert "you have asked not to get it" in client.get("/dashboard/digest/").content.decode()


def test_a_mail_holds_both_kinds_of_text(cast, tmp_path):
    digests.send_due(MONDAY)
    one = Delivery.objects.get(payload__to=cast.admin.email)
    with override_settings(EMAIL_BACKEND="engine.mailing.FolderBackend", MAIL_DIR=tmp_path):
        send(one.payload, one.pk)
    (file,) = tmp_path.glob("*.eml")
    mail = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    assert mail.get_body(("plain",)).get_content().startswith(one.payload["subject"])
    assert "<table" in mail.get_body(("html",)).get_content()
