"""The reference rows and the constraints that keep history true."""

import itertools

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from leads.models import Agreement, Lead, LeadMove, ReturnReason, ScoreModel, StageChange
from pipeline.models import Contact, DealStage
from pipeline.stages import MOVES, START, Stage, path

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return Lead.objects.create(contact=Contact.objects.create(full_name="Ada"), captured_at=timezone.now())


def test_reference_rows_are_there():
    assert set(LeadMove.objects.values_list("from_stage", "to_stage")) == {
        (m.source, m.target) for m in MOVES
    }
    assert Agreement.objects.get().signatures.count() == 2
    assert ScoreModel.objects.get().in_force
    assert ReturnReason.objects.count() == 11
    assert set(DealStage.objects.values_list("outcome", flat=True)) == {"open", "won", "lost"}


@pytest.mark.parametrize("target", Stage.values)
def test_history_reaches_every_stage_from_the_start(target):
    chain = (START, *path(START, target))
    assert set(itertools.pairwise(chain)) <= {(m.source, m.target) for m in MOVES}
    assert chain[-1] == target


@pytest.mark.parametrize(
    "rows",
    [
        [(1, "-", "new"), (2, "new", "won")],
        [(1, "-", "new"), (3, "new", "mql")],
        [(1, "-", "new"), (2, "mql", "ready")],
        [(1, "new", "mql")],
        [(1, "-", "new"), (2, "new", "mql"), (2, "new", "nurture")],
    ],
    ids=["illegal jump", "gap", "wrong from", "no start", "fork"],
)
def test_broken_history_is_refused(lead, rows):
    with pytest.raises(IntegrityError), transaction.atomic():
        for seq, before, after in rows:
            StageChange.objects.create(
                lead=lead, seq=seq, from_stage=before, to_stage=after, at=timezone.now()
            )
        connection.check_constraints()


def test_the_cast_gathers(cast):
    assert len(cast.everybody()) == 11
