"""A lead that waits in line is looked at again as soon as a rep, a rule or a fact of its company changes, whoever changes it."""

from django.db import migrations

# A minute is how long a lead in line waits for its next look. Whatever somebody holds just now is looked at by then.
AGAIN = """
  UPDATE leads_lead SET route_at = clock_timestamp() WHERE id IN (
    SELECT l.id FROM {what} l.route_at > clock_timestamp() AND l.route_at <= clock_timestamp() + interval '1 minute' AND l.stage IN ('ready', 'won')
    FOR NO KEY UPDATE OF l SKIP LOCKED);
  RETURN NULL;
"""
FUNCTION = "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
FUNCTIONS = {
    "leads_look_again": "leads_lead l WHERE",
    "leads_look_again_at_contact": "leads_lead l WHERE l.contact_id = NEW.id AND",
    "leads_look_again_at_company": (
        "pipeline_contact c JOIN leads_lead l ON l.contact_id = c.id WHERE c.company_id = NEW.id AND"
    ),
}
# table: the events that may open a way for any lead
EVENTS = {
    "accounts_repprofile": "INSERT OR UPDATE OF accepting, capacity, kind",
    "accounts_repprofile_regions": "INSERT OR DELETE",
    "accounts_repprofile_segments": "INSERT OR DELETE",
    "accounts_absence": "UPDATE OR DELETE",
    "accounts_user": "UPDATE OF is_active, left_at, team_id",
    "accounts_region": "UPDATE OF parent_id",
    "leads_assignmentrule": "INSERT OR UPDATE OR DELETE",
    "leads_assignmentrule_reps": "INSERT OR DELETE",
    "leads_assignmentrule_preferred": "INSERT OR DELETE",
    "leads_assignmentrule_regions": "INSERT OR DELETE",
    "leads_assignmentrule_segments": "INSERT OR DELETE",
}
# table: (function for the leads of a row, columns that routing reads)
ROWS = {
    "pipeline_contact": ("leads_look_again_at_contact", ("region_id", "company_id")),
    "pipeline_company": ("leads_look_again_at_company", ("region_id", "segment_id", "sales_owner_id")),
}


def _of_row(table, function, columns):
    changed = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in columns)
    return (
        f"CREATE TRIGGER look_again AFTER UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW "
        f"WHEN ({changed}) EXECUTE FUNCTION {function}()"
    )


MAKE = [
    *(FUNCTION.format(name=name, body=AGAIN.format(what=what)) for name, what in FUNCTIONS.items()),
    *(
        f"CREATE TRIGGER look_again AFTER {events} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION leads_look_again()"
        for table, events in EVENTS.items()
    ),
    *(_of_row(table, *how) for table, how in ROWS.items()),
]
REMOVE = [
    *(f"DROP TRIGGER look_again ON {table}" for table in (*EVENTS, *ROWS)),
    *(f"DROP FUNCTION {name}()" for name in FUNCTIONS),
]


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0055_robots_tell_who_stood_in"),
        ("accounts", "0013_turn_rest"),
        ("pipeline", "0001_initial"),
    ]

    operations = [migrations.RunSQL(MAKE, REMOVE)]
