"""The database books a cost of sales as it books spend: to its month of service, or to the first month that is open."""

from django.db import migrations

BOOKED = """
CREATE TRIGGER pipeline_book_sales_cost BEFORE INSERT OR UPDATE ON pipeline_salescost
  FOR EACH ROW EXECUTE FUNCTION pipeline_book_spend();
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0052_cost_of_sales")]

    operations = [
        migrations.RunSQL(BOOKED, "DROP TRIGGER pipeline_book_sales_cost ON pipeline_salescost")
    ]
