"""What setting aside taught of @firm.co took points from firm.com as well: an address ends with its domain."""

from django.db import migrations

LESSONS = """
UPDATE leads_scorerule SET operator = 'ends'
WHERE "group" = 'Set aside' AND field = 'contact.email' AND operator = 'contains' AND value #>> '{}' LIKE '@%'
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0069_ends_with")]

    operations = [migrations.RunSQL(LESSONS, migrations.RunSQL.noop)]
