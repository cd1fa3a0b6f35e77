"""A periodic job runs once per period, however many clocks there are."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection

from engine.jobs import last_period, once_per
from engine.models import JobRun

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, tzinfo=UTC)


def test_second_clock_gets_nothing(db):
    with once_per("tidy", MONDAY) as first, once_per("tidy", MONDAY) as second:
        first.result = {"rows": 3}
    assert second is None
    run = JobRun.objects.get()
    assert run.finished_at is not None
    assert run.result == {"rows": 3}


def test_other_periods_and_jobs_have_their_own_run(db):
    for job, period in (("tidy", MONDAY), ("tidy", TUESDAY), ("close", MONDAY)):
        with once_per(job, period) as run:
            assert run is not None
    assert (last_period("tidy"), last_period("close"), last_period("other")) == (TUESDAY, MONDAY, None)


def test_failed_run_is_tried_again(transactional_db):
    with pytest.raises(ZeroDivisionError), once_per("tidy", MONDAY):
        1 / 0  # noqa: B018
    with once_per("tidy", MONDAY) as run:
        assert run is not None


def test_two_threads_make_one_run(transactional_db):
    won = []

    def tick():
        with once_per("tidy", MONDAY) as run:
            won.append(run is not None)
        connection.close()

    threads = [Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, False, False, True]
