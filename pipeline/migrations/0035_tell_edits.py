"""Who edited steps, what stands in deals, and what is set up for them."""

from django.db import migrations

from engine.edits import TellEdits

TOLD = (
    "step", "dealline", "dealcontact", "dealstage", "outcomereason", "customfield", "productcost", "exchangerate",
    "statement",
)  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ("pipeline", "0034_names_once"),
        ("accounts", "0014_tell_edits"),
    ]

    operations = [TellEdits(f"pipeline_{name}") for name in TOLD]
