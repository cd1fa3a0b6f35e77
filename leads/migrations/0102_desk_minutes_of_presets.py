"""A preset that nobody has signed in person promises of the desk what new houses begin with."""

from django.db import migrations

from leads.models.agreement import default_desk_minutes


def promise(apps, schema_editor):
    agreements = apps.get_model("leads", "Agreement").objects.using(schema_editor.connection.alias)
    signed = apps.get_model("leads", "AgreementSignature").objects.using(schema_editor.connection.alias)
    in_person = signed.filter(user__isnull=False).values("agreement")
    agreements.exclude(pk__in=in_person).update(desk_minutes=default_desk_minutes())


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0101_desk_minutes'),
    ]

    operations = [migrations.RunPython(promise, migrations.RunPython.noop)]
