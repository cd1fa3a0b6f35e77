from django.db import migrations

from pipeline.search_sql import NAMED, NO_WORDS_OF, WORDS_OF


class Migration(migrations.Migration):
    """The vocabulary of search is kept by triggers, and learns what is there already."""

    dependencies = [("pipeline", "0006_search")]

    operations = [
        migrations.RunSQL(
            WORDS_OF.format(table=table, column=column), NO_WORDS_OF.format(table=table, column=column)
        )
        for table, column in NAMED.items()
    ]
