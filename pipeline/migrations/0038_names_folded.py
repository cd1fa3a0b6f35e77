from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from pipeline import search_sql
from pipeline.models.words import Folded


def learning(fold):
    """What keeps the vocabulary, with names folded so, and the vocabulary learned anew."""
    words = search_sql.WORDS.replace("{fold}", fold)
    keep = search_sql.LEARNING.replace("{fold}", fold)
    tables = search_sql.NAMED.items()
    keeping = "".join(keep.format(table=table, column=column) for table, column in tables)
    learnt = "".join(search_sql.LEARNT.format(table=table, column=column) for table, column in tables)
    return f"{words} {keeping} TRUNCATE pipeline_searchword; {learnt}"


class Migration(migrations.Migration):
    """Names are searched without accents, in lists and by the vocabulary alike."""

    dependencies = [("pipeline", "0037_cancellations")]

    operations = [
        migrations.RunSQL(search_sql.FOLDED, search_sql.NOT_FOLDED),
        *(
            step
            for model, name in (("company", "name"), ("contact", "full_name"), ("deal", "name"))
            for step in (
                migrations.RemoveIndex(model, f"{model}_name_search"),
                migrations.AddIndex(
                    model, GinIndex(OpClass(Folded(name), name="gin_trgm_ops"), name=f"{model}_name_search")
                ),
            )
        ),
        migrations.RunSQL(learning("tandem_folded"), learning("upper")),
    ]
