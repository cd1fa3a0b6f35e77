from django.db import migrations


def add(apps, schema_editor):
    """Houses that have the shipped rules get the one for clicks; an administrator may take it out of use again."""
    rules = apps.get_model("leads", "MomentRule").objects.using(schema_editor.connection.alias)
    if rules.exists() and not rules.filter(kind="click").exists():
        last = rules.order_by("-position").values_list("position", flat=True).first()
        rules.create(name="Followed a link of ours", kind="click", whom="hot", times=1, days=1, position=last + 1)


class Migration(migrations.Migration):
    dependencies = [("leads", "0042_fairs_and_time_left")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
