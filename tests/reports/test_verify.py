"""`manage.py verify` is clean after honest work and names every lie."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import RepProfile
from leads.models import Lead, LeadScore
from leads.scoring import score_due
from pipeline.models import Spend
from reports.rollups import roll_all
from reports.verify import Report, differences, verify
from tests import cast as make
from tests.cast import NOON
from tests.reports.attribution.test_credits import DAY, win

pytestmark = pytest.mark.django_db


def lies():
    """Every difference as text, by check, where there is one."""
    with connection.cursor() as cursor:
        found = differences(cursor).found
    return {name: list(map(str, some)) for name, some in found.items() if some}


@pytest.fixture
def firm(cast):
    """A lead with touches, a win, a spend; everything scored and rolled up."""
    lead = make.lead(contact=make.contact())
    campaign = make.campaign()
    make.touch(lead.contact, NOON - DAY, campaign=campaign)
    win("10", [lead.contact], company=make.company())
    Spend.objects.create(campaign=campaign, month="2026-06-01", on="2026-06-01", amount=5, base_amount=5)
    while score_due(at=NOON):
        pass
    roll_all()
    return lead


def test_honest_work_is_clean(firm):
    assert lies() == {}


def test_a_heat_that_no_touch_explains_is_named(firm):
    LeadScore.objects.update(heat=12345)
    (found,) = lies()["scores"]
    assert found.startswith(f"Heat (lead {firm.pk}): stored 12345.0, the source says ")


def test_a_stage_that_the_history_does_not_end_in_is_named(firm):
    Lead.objects.filter(pk=firm.pk).update(stage="won", seq=7, sql_at=NOON)
    roll_all()
    assert [found.split(":")[0] for found in lies()["history"]] == [f"History (lead {firm.pk})"]


def test_a_counter_that_is_not_the_recount_is_named(firm, cast):
    RepProfile.objects.filter(user=cast.rep).update(open_n=3)
    assert lies()["handoffs"] == [f"Handoffs (rep {cast.rep.pk}): stored open_n 3, the source says open_n 0"]


LIES = [
    ("credit", "amount = amount + 1"),
    ("creditmonth", "revenue = revenue + 1"),
    ("creditmonth", "pipeline = pipeline + 1"),
    ("campaignmonth", "paid = paid + 1"),
    ("campaignmonth", "leads = leads + 1"),
    ("countedpass", "channel = 'pr'"),
    ("funnelmonth", "leads = leads + 1"),
    ("counteddeal", "amount = 1"),
    ("dealmonth", "won = won + 1"),
    ("countedcustomer", "kept = NOT kept"),
    ("customermonth", "customers = customers + 1"),
    ("campaignsegment", "leads = leads + 1"),
    ("campaignplace", "leads = leads + 1"),
    ("campaignplace", "won_amount = won_amount + 1"),
    ("creditplace", "revenue = revenue + 1"),
]


def test_a_rollup_that_its_source_does_not_give_is_named(firm):
    for table, lie in LIES:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE reports_{table} SET {lie}")
            assert lies()["rollups"], (table, lie)
            transaction.set_rollback(True)


def test_marks_of_the_moment_are_worked_off_in_the_snapshot(firm):
    make.lead()
    assert lies() == {}


@pytest.mark.django_db(transaction=True)
def test_the_command_answers_by_its_exit_code(capsys):
    make.lead()
    call_command("verify")
    assert "Everything agrees" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_funnelmonth SET leads = 7")
    with pytest.raises(SystemExit) as left:
        call_command("verify")
    assert left.value.code == 1
    assert "stored leads 7, the source says leads 1" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_rollups_go_on_while_a_snapshot_without_marks_is_looked_at(monkeypatch):
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"

    def looks(cursor):
        cursor.execute(held)
        return [cursor.fetchone()[0]]

    monkeypatch.setattr("reports.verify.CHECKS", {"held": looks})
    make.lead()
    assert verify() == Report({"held": [1]}, 2)
    with connection.cursor() as cursor:
        assert looks(cursor) == [0]
    assert verify(roll=True) == Report({"held": [0]}, 0)


@pytest.mark.django_db(transaction=True)
def test_verify_leaves_everything_as_it_was():
    make.lead()
    report = verify()
    assert report.clean
    assert report.pending > 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM reports_dirtykey), (SELECT count(*) FROM reports_countedpass)"
        )
        assert cursor.fetchone()[0] > 0
