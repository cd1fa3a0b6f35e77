"""What the database itself keeps, whoever asks: raw SQL as the runtime role, past every form and verb."""

import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, ProgrammingError, connection, models, transaction

from leads.models import Handoff, StageChange
from tests import cast as make
from tests.leads.ready import offered, ready

OURS = ("accounts", "pipeline", "leads", "engine")
JOURNALS = (
    "leads_stagechange", "leads_agreementsignature", "leads_merge", "leads_ruling", "pipeline_dealchange",
    "pipeline_consentevent", "pipeline_monthclose", "pipeline_monthreopening", "reports_forecastcall", "reports_forecastitem",
    "reports_frozenmonth", "reports_frozenitem", "reports_frozencell", "reports_monthcomment",
)  # fmt: skip
# Worked out from rows that have been checked.
DERIVED = (
    "campaignevent",
    "spendevent",
    "dealevent",
    "productevent",
    "receiptevent",
    "salescostevent",
    "duplicate",
)


def numbers():
    """(table, columns) of everything that counts, weighs or pays, besides what is derived."""
    for model in apps.get_models():
        columns = [
            field.column
            for field in model._meta.local_fields
            if isinstance(field, (models.DecimalField, models.FloatField))
        ]
        if columns and model._meta.app_label in OURS and model._meta.model_name not in DERIVED:
            yield model._meta.db_table, columns


def refused(statement, *params, error=IntegrityError):
    """The statement's error, as text."""
    with pytest.raises(error) as told, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
    return str(told.value)


def takes_nan(column):
    """Does a row with NaN and nothing else pass the constraints of the table `bare`?"""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO bare ({column}) VALUES ('NaN')")
    except IntegrityError:
        return False
    return True


def test_no_number_is_not_a_number(db):
    """NUMERIC and DOUBLE PRECISION hold NaN, and hold it greater than every floor."""
    taken = []
    with connection.cursor() as cursor:
        for table, columns in numbers():
            cursor.execute(f"CREATE TEMP TABLE bare (LIKE {table} INCLUDING CONSTRAINTS INCLUDING GENERATED)")
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'bare'::regclass AND attnotnull AND attnum > 0"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE bare ALTER "{name}" DROP NOT NULL')
            taken += [(table, column) for column in columns if takes_nan(column)]
            cursor.execute("DROP TABLE bare")
    assert taken == []


def again(model, lead, **instead):
    """The statement that inserts the lead's row once more, with some columns as given, and its parameters."""
    fields = model._meta.local_concrete_fields
    columns = [field.column for field in fields if not field.primary_key and not field.generated]
    values = ["%s" if name in instead else f'"{name}"' for name in columns]
    table, names = model._meta.db_table, ", ".join(f'"{name}"' for name in columns)
    statement = f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE lead_id = %s"
    return statement, *(instead[name] for name in columns if name in instead), lead.pk


def test_a_lead_has_one_open_handoff(cast):
    handoff = offered(ready(by=cast.marketer))
    other = cast.teammate if handoff.rep == cast.rep else cast.rep
    assert "one_open_handoff_per_lead" in refused(*again(Handoff, handoff.lead, rep_id=other.pk))


def test_nobody_holds_more_than_the_ceiling(cast):
    told = refused("UPDATE accounts_repprofile SET open_n = cap_ceiling + 1 WHERE user_id = %s", cast.rep.pk)
    assert "rep_within_capacity" in told


@pytest.mark.parametrize(
    "step, promise",
    [
        ({"seq": 3, "from_stage": "new", "to_stage": "mql"}, "stage_change_unbroken"),  # a gap
        (
            {"seq": 2, "from_stage": "ready", "to_stage": "sql"},
            "stage_change_unbroken",
        ),  # from where it never was
        ({"seq": 2, "from_stage": "new", "to_stage": "won"}, "stage_change_allowed"),
        ({"seq": 1, "from_stage": "-", "to_stage": "new"}, "stagechange_pkey"),  # a second beginning
        ({"seq": 2, "from_stage": "-", "to_stage": "new"}, "stage_change"),
    ],
)
def test_the_history_of_a_lead_is_one_unbroken_chain(cast, step, promise):
    statement, *params = again(StageChange, make.lead(), **step)
    assert promise in refused(f"SET CONSTRAINTS ALL IMMEDIATE; {statement}", *params)


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_journals_are_only_ever_added_to(db, change):
    for table in JOURNALS:
        refused(change.format(table), error=(InternalError, ProgrammingError))
