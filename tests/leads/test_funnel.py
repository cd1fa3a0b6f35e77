"""The one door: allowed moves, gates, dates, counters and the chain; and history replayed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from engine.copying import copy_rows
from leads import funnel
from leads.models import Handoff, Lead, StageChange
from leads.terms import in_force
from pipeline.models import Deal, DealStage
from pipeline.stages import GATES, MOVES, START, Gate, Stage, next_stages
from tests import cast as make
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def at_stage(stage, **fields):
    """A lead that stands at a stage, with its history, whatever the gates say."""
    lead = make.lead(**fields)
    steps = {Stage.NEW: [], Stage.WON: ["mql", "ready", "sql", "deal", "won"], Stage.DEAL: ["mql", "ready", "sql", "deal"],
             Stage.SQL: ["mql", "ready", "sql"], Stage.READY: ["mql", "ready"]}.get(stage, [stage])  # fmt: skip
    replay([(lead.pk, ord, step, NOON, False) for ord, step in enumerate(steps)])
    lead.refresh_from_db()
    return lead


def replay(steps):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE steps (lead_id bigint, ord int, stage text, at timestamptz, inferred bool) ON COMMIT DROP"
        )
        copy_rows(cursor, "steps", ["lead_id", "ord", "stage", "at", "inferred"], steps)
        written = funnel.replay(cursor, "steps")
        cursor.execute("DROP TABLE steps")
        connection.check_constraints()
        return written


def chain(lead):
    return list(lead.changes.order_by("seq").values_list("seq", "from_stage", "to_stage"))


def handoff(lead, rep, accepted=NOON):
    return Handoff.objects.create(
        lead=lead, rep=rep, agreement=in_force(), offered_at=NOON, accepted_at=accepted
    )


def deal(outcome="open"):
    stage = DealStage.objects.filter(outcome=outcome).first()
    closed = {} if outcome == "open" else {"closed_at": NOON, "signed_on": NOON.date()}
    return Deal.objects.create(name="Deal", stage=stage, opened_at=NOON, outcome=outcome, **closed)


def open_gate(lead, gate, cast):
    """Make true what the gate of a move asks for."""
    if gate == Gate.READY:
        Lead.objects.filter(pk=lead.pk).update(answers={"need": "pumps", "when": "May"}, grade="B")
    elif gate == Gate.ACCEPT:
        handoff(lead, cast.rep)
    elif gate in (Gate.DEAL, Gate.WIN):
        Lead.objects.filter(pk=lead.pk).update(deal=deal("won" if gate == Gate.WIN else "open"))


@pytest.mark.parametrize("move", MOVES[1:], ids=lambda move: f"{move.source}-{move.target}")
def test_every_move_of_the_table_passes_its_gate(move, cast):
    lead = at_stage(move.source)
    open_gate(lead, move.gate, cast)
    done = funnel.advance([lead.pk], move.target, actor=cast.marketer, reason="because", at=NOON)
    assert (done.moved, done.refused) == ([lead.pk], [])
    lead.refresh_from_db()
    assert lead.stage == move.target
    assert chain(lead)[-1][1:] == (move.source, move.target)
    assert lead.seq == len(chain(lead))


@pytest.mark.parametrize("source", Stage.values)
def test_every_other_move_is_refused_in_words(source, cast):
    lead = at_stage(source)
    for target in set(Stage.values) - set(next_stages(source)):
        done = funnel.advance([lead.pk], target, actor=cast.marketer, reason="because", at=NOON)
        assert done.moved == []
        assert done.refused[0].lead_id == lead.pk
        assert "cannot move" in done.refused[0].why
    lead.refresh_from_db()
    assert lead.stage == source


@pytest.mark.parametrize(
    "move", [m for m in MOVES[1:] if m.gate != Gate.NONE], ids=lambda m: f"{m.source}-{m.target}"
)
def test_every_gate_refuses_in_words(move, cast):
    lead = at_stage(move.source)
    done = funnel.advance([lead.pk], move.target, actor=cast.marketer, at=NOON)
    assert done.moved == []
    assert done.refused[0].why.endswith(".")


def test_rows_are_judged_one_by_one(cast):
    new, won, missing = at_stage(Stage.NEW), at_stage(Stage.WON), 10**9
    merged = make.lead(merged_into=won)
    done = funnel.advance(
        [missing, won.pk, new.pk, new.pk, merged.pk],
        Stage.NURTURE,
        actor=cast.marketer,
        reason="later",
        at=NOON,
    )
    assert done.moved == [new.pk]
    assert [refusal.lead_id for refusal in done.refused] == sorted([won.pk, merged.pk, missing])


def test_dates_are_those_of_the_first_time(cast):
    lead = at_stage(Stage.READY)
    open_gate(lead, Gate.ACCEPT, cast)
    later = NOON + timedelta(days=3)
    funnel.advance([lead.pk], Stage.SQL, actor=cast.rep, at=NOON)
    Handoff.objects.update(ended_at=NOON, end="released")
    funnel.advance([lead.pk], Stage.READY, actor=cast.rep, reason="wrong region", at=NOON)
    handoff(lead, cast.teammate)
    funnel.advance([lead.pk], Stage.SQL, actor=cast.teammate, at=later)
    lead.refresh_from_db()
    assert (lead.sql_at, lead.ready_at) == (NOON, NOON)


def test_a_pass_ends_and_may_begin_again(cast):
    lead = at_stage(Stage.NEW)
    funnel.advance([lead.pk], Stage.DISQUALIFIED, actor=cast.marketer, reason="spam", at=NOON,
                   disqualified_because="spam")  # fmt: skip
    lead.refresh_from_db()
    assert (lead.ended_at, lead.disqualified_because) == (NOON, "spam")
    funnel.advance([lead.pk], Stage.NEW, actor=cast.marketer, reason="no spam after all", at=NOON)
    lead.refresh_from_db()
    assert lead.ended_at is None


def test_an_ended_pass_stays_ended_beside_another_open_one(cast):
    lead = at_stage(Stage.DISQUALIFIED)
    twin = at_stage(Stage.DISQUALIFIED, contact=lead.contact, cycle=2)
    both = [lead.pk, twin.pk]
    done = funnel.advance(both, Stage.NEW, actor=cast.marketer, reason="again", at=NOON)
    assert done.moved == [lead.pk]
    assert done.refused[0].lead_id == twin.pk


def test_a_held_lead_is_not_taken_from_its_rep(cast):
    lead = at_stage(Stage.READY)
    handoff(lead, cast.rep, accepted=None)
    done = funnel.advance([lead.pk], Stage.NURTURE, actor=cast.marketer, reason="later", at=NOON)
    assert done.moved == []
    assert "rep" in done.refused[0].why


def test_what_belongs_to_a_stage_is_emptied_behind_it(cast):
    lead = at_stage(Stage.NEW)
    funnel.advance([lead.pk], Stage.NURTURE, actor=cast.marketer, reason="later", at=NOON, wake_at=NOON)
    funnel.advance([lead.pk], Stage.MQL, actor=cast.marketer, reason="now", at=NOON, desk_due_at=NOON)
    lead.refresh_from_db()
    assert (lead.wake_at, lead.desk_due_at) == (None, NOON)


def test_marks_are_few():
    with pytest.raises(TypeError):
        funnel.advance([1], Stage.MQL, at=NOON, stage="won")


def test_a_thousand_leads_cost_as_many_statements_as_one(cast, django_assert_num_queries):
    one, many = [at_stage(Stage.NEW).pk], [at_stage(Stage.NEW).pk for _ in range(30)]
    for ids in (one, many):
        with django_assert_num_queries(5):  # two of them are the savepoint
            funnel.advance(ids, Stage.NURTURE, actor=cast.marketer, reason="later", at=NOON)
    assert StageChange.objects.filter(to_stage="nurture").count() == 31


# -- replay ----------------------------------------------------------------------------------------------
def test_history_comes_in_with_its_dates():
    lead = make.lead()
    days = [NOON - timedelta(days=n) for n in (9, 7, 8, 2)]
    steps = list(zip(["mql", "ready", "sql", "nurture"], days, strict=True))
    assert replay([(lead.pk, n, stage, at, stage == "ready") for n, (stage, at) in enumerate(steps)]) == 4
    lead.refresh_from_db()
    assert (lead.stage, lead.seq) == ("nurture", 5)
    assert (lead.mql_at, lead.ready_at, lead.sql_at) == tuple(days[:3])
    assert list(lead.changes.filter(inferred=True).values_list("to_stage", flat=True)) == ["ready"]


@pytest.mark.parametrize(
    ("way", "left"),
    [
        (["new"], ("new", 1, None, None)),
        (["new", "disqualified"], ("disqualified", 2, None, NOON)),
        (["new", "mql", "ready", "sql"], ("sql", 4, NOON, None)),
    ],
)
def test_new_leads_begin_with_the_same_journal_as_history_replayed(way, left):
    replayed = Lead.objects.create(contact=make.contact(), captured_at=NOON)
    replay([(replayed.pk, ord, stage, NOON, False) for ord, stage in enumerate(way)])
    begun = Lead.objects.create(contact=make.contact(), captured_at=NOON)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE steps ON COMMIT DROP AS SELECT %s::bigint AS lead_id, ord::int, stage, %s::timestamptz AS at,"
            " false AS inferred FROM unnest(%s) WITH ORDINALITY AS s(stage, ord)",
            [begun.pk, NOON, way],
        )
        funnel.passes(cursor, "steps", "passes")
        cursor.execute("SELECT stage, seq, mql_at, ended_at FROM passes")
        assert cursor.fetchone() == left
        cursor.execute(
            "UPDATE leads_lead l SET stage = p.stage, seq = p.seq, ended_at = p.ended_at FROM passes p WHERE l.id = p.lead_id"
        )
        assert funnel.begin(cursor, "steps") == len(way)
        cursor.execute("DROP TABLE steps, passes")
        connection.check_constraints()
    assert chain(begun) == chain(replayed)


def test_history_of_new_leads_needs_no_update():
    lead = Lead.objects.create(contact=make.contact(), captured_at=NOON)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE steps ON COMMIT DROP AS SELECT %s::bigint AS lead_id, ord::int, stage, %s::timestamptz AS at,"
            " false AS inferred FROM unnest(ARRAY['new', 'disqualified']) WITH ORDINALITY AS s(stage, ord)",
            [lead.pk, NOON],
        )
        funnel.passes(cursor, "steps", "passes")
        cursor.execute("SELECT stage, seq, mql_at, ended_at FROM passes")
        assert cursor.fetchone() == ("disqualified", 2, None, NOON)
        assert funnel.replay(cursor, "steps") == 2
        cursor.execute("DROP TABLE steps, passes")
    lead.refresh_from_db()
    assert (lead.stage, lead.ended_at) == ("disqualified", NOON)
    assert chain(lead) == [(1, START, "new"), (2, "new", "disqualified")]


def test_history_that_the_table_does_not_allow_is_refused():
    lead = make.lead()
    with pytest.raises(IntegrityError), transaction.atomic():
        replay([(lead.pk, 1, "won", NOON, False)])


def test_the_gates_of_the_table_are_all_known():
    assert set(GATES.values()) <= set(funnel.GATES)
