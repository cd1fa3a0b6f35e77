from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0019_structure_dates_itself")]

    operations = [migrations.DeleteModel(name="Membership")]
