"""Runs: chunks that are committed with their count, leases, and what goes on after a worker is gone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from leads.importing import create, run_due, runs, start, told
from leads.importing import mapping as mappings
from leads.importing.runs import Runner, TakenOver, claim
from leads.models import ImportKeys, ImportReject, ImportRun, Lead, Touch
from tests.cast import NOON
from tests.leads.importing.running import finish, rejects

pytestmark = pytest.mark.django_db

MAPPING = {"kind": "leads", "source": "crm", "columns": {"id": "external_id", "email": "email"}}
ROWS = "id,email\n" + "".join(f"{number},p{number}@x.de\n" for number in range(1, 8)) + "8,nowhere\n"


@pytest.fixture
def draft(tmp_path, monkeypatch):
    """A draft of eight rows, in chunks of three."""
    monkeypatch.setattr(runs, "CHUNK", 3)
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return create(path, mappings.from_spec(MAPPING), by=None)


def test_a_killed_run_goes_on_where_it_was(draft):
    start(draft)
    runner = Runner(claim(NOON, draft.pk))
    assert runner.step(NOON)  # then its worker is gone
    assert (Lead.objects.count(), ImportRun.objects.get().rows_done) == (3, 3)
    assert claim(NOON + timedelta(seconds=60), draft.pk) is None
    again = claim(NOON + timedelta(minutes=3), draft.pk)
    while Runner(again).step(NOON):
        again.refresh_from_db()
    again.refresh_from_db()
    assert (again.state, again.rows_done, again.rows) == ("done", 8, 8)
    assert (Lead.objects.count(), Touch.objects.count(), ImportReject.objects.count()) == (7, 7, 1)
    assert [again.counts[key] for key in ("leads", "rejected")] == [7, 1]
    assert told(again)[0] == ("Leads", 7)


def test_two_workers_do_no_row_twice(draft):
    start(draft)
    slow = Runner(claim(NOON, draft.pk))
    slow.read()
    fast = Runner(ImportRun.objects.get())
    assert fast.step(NOON)
    assert not Runner(draft).step(NOON)  # sees that its count is not the run's any more
    with pytest.raises(TakenOver):
        slow.load([(1, 2, ["1", "p1@x.de"], "")], NOON)
    assert Lead.objects.count() == 3


def test_due_runs_are_found_by_looking(draft):
    assert run_due() == 0  # a draft waits for its person
    assert start(draft)
    assert not start(draft)
    done = 0
    while some := run_due(seconds=0):
        done += some
        ImportRun.objects.filter(state="running").update(lease_until=timezone.now() - timedelta(seconds=1))
    assert Lead.objects.count() == 7
    assert done >= 8


@pytest.mark.django_db(transaction=True)
def test_a_message_delivered_twice_does_no_row_twice(draft):
    start(draft)

    def look(_number):
        try:
            return run_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(look, range(6)))
    assert ImportRun.objects.get().state == "done"
    assert (Lead.objects.count(), Touch.objects.count(), ImportReject.objects.count()) == (7, 7, 1)


def test_a_file_that_is_gone_or_unreadable_fails_its_run(draft):
    ImportRun.objects.update(encoding="nonsense")
    draft.refresh_from_db()
    start(draft)
    run = finish(draft)
    assert run.state == "failed"
    assert "nonsense" in run.error


REPEATED = "id,name\n1,Ada\n2,Bob\n3,Cy\n4,Di\n1,Eve\n2,Bob\n7,Flo\n8,Gus\n4,Hal\n"


@pytest.mark.parametrize("chunk", [3, 4, 100])
def test_a_key_comes_once_in_a_file_however_long_it_is(load, monkeypatch, chunk):
    monkeypatch.setattr(runs, "CHUNK", chunk)
    spec = {"kind": "leads", "source": "crm", "columns": {"id": "external_id", "name": "full_name"}}
    run = load(REPEATED, spec)
    assert rejects(run) == [
        (6, "id", "1", "line 2 is the same record"),
        (10, "id", "4", "line 5 is the same record"),
    ]
    assert [run.counts.get(name, 0) for name in ("leads", "unchanged", "updated", "rejected")] == [6, 1, 0, 2]
    assert set(Lead.objects.values_list("contact__full_name", flat=True)) == {
        "Ada", "Bob", "Cy", "Di", "Flo", "Gus",
    }  # fmt: skip
    assert not ImportKeys.objects.exists()


def test_a_name_comes_once_in_a_file_of_campaigns(load, monkeypatch):
    monkeypatch.setattr(runs, "CHUNK", 2)
    run = load("name,day\nA,2026-01-01\nB,\nC,\nA,2026-02-02\n", {
        "kind": "campaigns", "columns": {"name": "name", "day": "starts_on"}})  # fmt: skip
    assert rejects(run) == [(5, "name", "A", "line 2 is the same record")]
