"""Building blocks of pages, knowing no funnel: charts, tables, icons, form renderer, htmx manners."""
