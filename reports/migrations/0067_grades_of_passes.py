"""Passes count under the grade with which they were first handed over, or that was proposed as MQL, where nobody set one."""

from django.db import migrations

from reports.migrations import _marks

LEAD, BEFORE = "leads_lead", "hand_raised_at"
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high) SELECT 'lead', l.id, l.id FROM leads_lead l
WHERE l.grade = '' AND EXISTS (SELECT 1 FROM leads_handoff h WHERE h.lead_id = l.id AND h.grade <> '')
"""


def _watching(more):
    kinds, watched = _marks.SOURCES[LEAD]
    text = _marks._function(LEAD, kinds, f"{watched} {more}")
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


class Migration(migrations.Migration):
    dependencies = [("reports", "0066_joint_index"), ("leads", "0098_grade_as_mql")]

    operations = [
        migrations.RunSQL(_watching(f"{BEFORE} mql_grade"), _watching(BEFORE)),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
