"""Protection: a warning before it ends, extensions as far as the agreement allows, and no second path of ownership."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from leads import capture, handoffs, ownership
from leads.models import Agreement, Handoff, HandoverRule, Lead, Notice
from leads.notices import texts
from leads.notices.sending import Told
from pipeline.stages import Stage
from tests.api import Api
from tests.cast import NOON, lead
from tests.leads.ready import accepted, fresh, ready

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def terms(db):
    Agreement.objects.update(around_the_clock=True, warning_days=4, extensions=2, extension_days=10)
    yield
    assert ownership.recount() == []


@pytest.fixture
def held(cast):
    return accepted(ready(by=cast.marketer))


def until(handoff):
    handoff.refresh_from_db()
    return handoff.protected_until


def test_the_holder_is_warned_once_before_the_protection_ends(held):
    assert handoffs.warn_due(at=NOON + 25 * DAY) == 0
    assert handoffs.warn_due(at=NOON + 26 * DAY) == 1
    assert handoffs.warn_due(at=NOON + 27 * DAY) == 0
    notice = Notice.objects.get(kind="fading")
    assert (notice.user, notice.path) == (held.rep, f"/leads/{held.lead_id}/")
    assert texts.text("fading", notice.facts).startswith("A lead leaves you on 10 Jul 2026")
    assert texts.together("fading", [Told(held.rep_id, 2, "", "", "", notice.facts)]).startswith(
        "2 leads leave you, the first on 10 Jul 2026"
    )
    assert handoffs.expire_due(at=NOON + 30 * DAY) == 1
    assert fresh(held.lead).stage == Stage.NURTURE


def test_a_follow_up_protects_anew_and_the_next_warning_is_another(held):
    handoffs.warn_due(at=NOON + 26 * DAY)
    capture.log_touch(held.lead.contact, "call", by=held.rep, at=NOON + 27 * DAY, outbound=True, reached=True)
    assert until(held) == NOON + 57 * DAY
    assert handoffs.warn_due(at=NOON + 52 * DAY) == 0
    assert handoffs.warn_due(at=NOON + 53 * DAY) == 1
    assert Notice.objects.filter(kind="fading").count() == 2


def test_who_has_a_deal_or_found_the_lead_is_not_warned(cast, held):
    Lead.objects.filter(pk=held.lead_id).update(stage=Stage.DEAL)
    found = lead(channel="sales_own")
    handoffs.own_find(found.pk, by=cast.rep, at=NOON)
    assert handoffs.warn_due(at=NOON + 26 * DAY) == 2
    assert handoffs.warn_due(at=NOON + 26 * DAY) == 0
    assert not Notice.objects.filter(kind="fading").exists()
    HandoverRule.objects.filter(event="own_find_idle").update(goes_to="like_others")
    Handoff.objects.update(warned_at=None)
    assert handoffs.warn_due(at=NOON + 26 * DAY) == 2
    assert Notice.objects.get(kind="fading").user == cast.rep


def test_the_shadow_week_warns_nobody(held):
    Organisation.objects.update(shadow=True)
    organisation.forget()
    assert handoffs.warn_due(at=NOON + 26 * DAY) == 0


def test_a_protection_is_extended_as_often_as_agreed(held):
    handoffs.warn_due(at=NOON + 26 * DAY)
    assert handoffs.extend(held.pk, at=NOON + 26 * DAY).protected_until == NOON + 40 * DAY
    assert handoffs.expire_due(at=NOON + 39 * DAY) == 0
    assert handoffs.warn_due(at=NOON + 36 * DAY) == 1
    handoffs.extend(held.pk, at=NOON + 36 * DAY)
    assert until(held) == NOON + 50 * DAY
    with pytest.raises(handoffs.Refused, match="as often as the agreement allows"):
        handoffs.extend(held.pk, at=NOON + 37 * DAY)
    assert (until(held), held.extended) == (NOON + 50 * DAY, 2)
    handoffs.expire_due(at=NOON + 51 * DAY)
    assert fresh(held.lead).stage == Stage.NURTURE


def test_only_what_a_rep_works_on_is_extended(cast, held):
    Lead.objects.filter(pk=held.lead_id).update(stage=Stage.DEAL)
    with pytest.raises(handoffs.Refused):
        handoffs.extend(held.pk, at=NOON)
    with pytest.raises(handoffs.AlreadyAnswered):
        handoffs.extend(404, at=NOON)


def test_the_rep_extends_on_the_page_and_by_the_api(client, cast, held):
    held.protected_until = NOON + 400 * DAY
    held.save()
    client.force_login(held.rep)
    page = client.get(f"/leads/{held.lead_id}/").content.decode()
    assert "Protect it for 10 more days" in page
    assert client.post(f"/handoffs/{held.pk}/extend/").url == f"/leads/{held.lead_id}/"
    assert until(held) == NOON + 410 * DAY
    other = next(user for user in (cast.teammate, cast.other_rep, cast.rep) if user.team != held.rep.team)
    assert Api(other).post(f"/handoffs/{held.pk}/extend/")[0] == 404
    rep = Api(held.rep)
    status, row = rep.post(f"/handoffs/{held.pk}/extend/")
    assert (status, row["extended"]) == (200, 2)
    assert rep.post(f"/handoffs/{held.pk}/extend/")[0] == 409
    assert "more days" not in client.get(f"/leads/{held.lead_id}/").content.decode()


def test_a_call_dated_ahead_counts_as_now(held):
    ahead = timezone.now() + 100 * DAY
    assert handoffs.contacted([held.lead.contact_id], ahead) == 1
    held.refresh_from_db()
    assert held.contacted_at < timezone.now()
    assert held.protected_until < ahead
