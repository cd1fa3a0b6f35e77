"""Errands: asked for as a row, claimed once, told of while they are at work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from leads import importing
from leads.importing import TooLate, dry, errands
from leads.importing import mapping as mappings
from leads.models import ErrandKind, ImportErrand, ImportRun, Lead
from tests.leads.importing.running import load

MAPPING = {"kind": "leads", "source": "crm", "columns": {"id": "external_id", "email": "email"}}
ROWS = "id,email\n" + "".join(f"{number},p{number}@x.de\n" for number in range(1, 8)) + "8,nowhere\n"
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "aside"])


@pytest.fixture
def draft(tmp_path, monkeypatch):
    """A draft of eight rows, looked at three at a time."""
    monkeypatch.setattr(dry, "AT_ONCE", 3)
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return importing.create(path, mappings.from_spec(MAPPING), by=None)


def test_a_look_tells_how_far_it_is_and_keeps_nothing_but_its_figures(draft, monkeypatch):
    heard = []

    def tell(errand, done, rows, using):
        real(errand, done, rows, using)
        heard.append(
            (*ImportErrand.objects.using(using).values_list("done", "rows").get(), Lead.objects.count())
        )

    real = errands.tell
    monkeypatch.setattr(errands, "tell", tell)
    importing.ask_look(draft)
    assert importing.look_due() == 1
    assert heard == [(3, 8, 3), (6, 8, 6), (8, 8, 7)]
    kept = importing.errand_of(draft, ErrandKind.LOOK)
    forecast = importing.Forecast(draft.kind, **kept.result)
    assert (forecast.line, forecast.looked_at, forecast.more) == ("would create 7 leads", 8, False)
    assert forecast.why() == ["line 9, column “email”, “nowhere”: is not an e-mail address"]
    assert (Lead.objects.count(), ImportRun.objects.count(), importing.look_due()) == (0, 1, 0)


def test_nobody_waits_for_a_draft_that_is_looked_at(draft, monkeypatch):
    def start(*args, **more):
        ImportRun.objects.using("aside").filter(pk=draft.pk).update(state="queued")

    monkeypatch.setattr(errands, "tell", start)
    importing.ask_look(draft)
    importing.look_due()
    assert ImportRun.objects.get().state == "queued"


def test_one_errand_is_done_once_and_again_when_its_worker_is_gone(draft):
    importing.ask_look(draft)
    now = timezone.now()
    assert errands.claim(ErrandKind.LOOK, now).attempts == 1
    assert errands.claim(ErrandKind.LOOK, now) is None
    assert errands.claim(ErrandKind.LOOK, now + timedelta(minutes=6)).attempts == 2
    ImportErrand.objects.update(lease_until=None, attempts=errands.ATTEMPTS)
    assert importing.look_due() == 1
    assert "several times" in importing.errand_of(draft, ErrandKind.LOOK).error
    Organisation.objects.update(language="ru")  # a worker speaks the house's language to whoever chose none
    organisation.forget()
    ImportErrand.objects.update(lease_until=None, finished_at=None)
    assert importing.look_due() == 1
    assert "Несколько раз" in importing.errand_of(draft, ErrandKind.LOOK).error


def test_an_answer_to_an_older_question_is_not_kept(draft):
    importing.ask_look(draft)
    old = errands.claim(ErrandKind.LOOK, timezone.now())
    importing.ask_look(draft)
    errands.tell(old, 5, 8, "aside")
    assert importing.errand_of(draft, ErrandKind.LOOK).done == 0


def test_one_who_lost_the_lease_is_not_heard(draft):
    importing.ask_look(draft)
    now = timezone.now()
    old = errands.claim(ErrandKind.LOOK, now)
    new = errands.claim(ErrandKind.LOOK, now + timedelta(minutes=6))
    errands.tell(old, 5, 8, "aside")
    assert importing.errand_of(draft, ErrandKind.LOOK).done == 0
    errands.tell(new, 6, 8, "aside")
    kept = importing.errand_of(draft, ErrandKind.LOOK)
    assert (kept.done, kept.lease_until > timezone.now() + timedelta(minutes=4)) == (6, True)


def test_a_file_that_cannot_be_read_says_so(draft):
    ImportRun.objects.update(encoding="nonsense")
    importing.ask_look(draft)
    importing.look_due()
    assert "nonsense" in importing.errand_of(draft, ErrandKind.LOOK).error


def test_an_undo_is_done_by_the_owner_alone_and_once(tmp_path, owner):
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    run = load(path, MAPPING, at=timezone.now())
    importing.ask_undo(run, timezone.now())
    importing.ask_undo(run, timezone.now())
    assert (importing.undo_due(), Lead.objects.count()) == (0, 7)
    with owner("owner"):
        assert (importing.undo_due(), Lead.objects.count()) == (1, 0)
        assert importing.undo_due() == 0
    undoing = importing.errand_of(run, ErrandKind.UNDO)
    assert (undoing.rows, undoing.done, undoing.error) == (7, 7, "")
    run.refresh_from_db()
    with pytest.raises(TooLate):
        importing.ask_undo(run, timezone.now())
